# SPDX-License-Identifier: AGPL-3.0-or-later
"""
Joins people through Synapse's batch path: one transaction of the database and one notification for all of them,
where single joins pay for each.
"""

import logging
from typing import Mapping, Optional, Sequence

from synapse.api.constants import EventTypes, Membership
from synapse.api.errors import SynapseError
from synapse.appservice import ApplicationService
from synapse.config import ConfigError
from synapse.handlers.worker_lock import NEW_EVENT_DURING_PURGE_LOCK_NAME
from synapse.server import HomeServer
from synapse.types.state import StateFilter
from synapse.util.iterutils import batch_iter

from .accounts import Account, Accounts
from .admission import Admission
from .member_events import MemberEvents
from .outcome import Joined, Outcome, Refused
from .settings import Settings

logger = logging.getLogger(__name__)

PEOPLE_PER_BATCH = 100
"""Twice as many state groups hang on one another, and each is a step when old state is read."""


class Memberships:
    def __init__(self, hs: HomeServer, settings: Settings) -> None:
        self._store = hs.get_datastores().main
        self._state = hs.get_storage_controllers().state
        self._linearizer = hs.get_room_member_handler().member_linearizer
        self._locks = hs.get_worker_locks_handler()
        self._accounts = Accounts(hs)
        inviter, joiner = self._service(settings.inviting_service), self._service(settings.joining_service)
        self._admission = Admission(hs, inviter, joiner)
        self._events = MemberEvents(hs, inviter, joiner)

    def _service(self, service_id: str) -> ApplicationService:
        service = self._store.get_app_service_by_id(service_id)
        if service is None:
            raise ConfigError(f"no appservice is registered as {service_id}")
        return service

    async def join(self, room_id: str, people: Sequence[str]) -> Mapping[str, Outcome]:
        """
        Invites and joins whoever of `people` is not in the room yet; a repetition does nothing.
        Raises SynapseError if nobody may be joined to this room.
        """
        await self._admission.require_room(room_id)
        # The locks of single memberships, so that neither acts on a state that the other is changing.
        async with self._linearizer.queue((room_id,)):
            async with self._locks.acquire_read_write_lock(NEW_EVENT_DURING_PURGE_LOCK_NAME, room_id, write=False):
                return await self._join_locked(room_id, people)

    async def _join_locked(self, room_id: str, people: Sequence[str]) -> Mapping[str, Outcome]:
        memberships = await self._memberships_of(room_id, people)
        accounts = await self._accounts.read(people)
        outcomes: dict[str, Outcome] = {}
        admitted: dict[str, bool] = {}
        for person in people:
            known = await self._known_outcome(person, accounts.get(person), memberships.get(person))
            if known is None:
                admitted[person] = memberships.get(person) == Membership.INVITE
            else:
                outcomes[person] = known
        return {**outcomes, **await self._add(room_id, admitted)}

    async def _memberships_of(self, room_id: str, people: Sequence[str]) -> Mapping[str, str]:
        wanted = StateFilter.from_types([(EventTypes.Member, person) for person in people])
        state = await self._state.get_current_state(room_id, wanted)
        return {person: event.membership for (_, person), event in state.items()}

    async def _known_outcome(
        self, person: str, account: Optional[Account], membership: Optional[str]
    ) -> Optional[Outcome]:
        """None: this person is to be added."""
        if membership == Membership.JOIN:
            return Joined(already=True)
        return await self._admission.refusal_of(person, account, membership)

    async def _add(self, room_id: str, people: Mapping[str, bool]) -> Mapping[str, Outcome]:
        """`people`: whether each of them is invited already."""
        outcomes: dict[str, Outcome] = {}
        for batch in batch_iter(people.items(), PEOPLE_PER_BATCH):
            (first, is_invited), *others = batch
            # A single membership ties the ends of a forked history together, which a batch cannot, and lets Synapse
            # store the room's state whole where the chain of differences has become long, which a batch never does.
            outcomes[first] = await self._add_singly(room_id, first, is_invited)
            outcomes.update(await self._add_many(room_id, dict(others)))
        return outcomes

    async def _add_many(self, room_id: str, people: Mapping[str, bool]) -> Mapping[str, Outcome]:
        if await self._are_added_together(room_id, people):
            return {person: Joined(already=False) for person in people}
        # One person's fault undoes a batch. Trying each of them says whose it was, and joins the others.
        return {person: await self._add_singly(room_id, person, is_invited) for person, is_invited in people.items()}

    async def _are_added_together(self, room_id: str, people: Mapping[str, bool]) -> bool:
        try:
            await self._events.add_together(room_id, people)
            return True
        except SynapseError as error:
            logger.warning("A batch of %d people for %s was refused: %s", len(people), room_id, error)
            return False

    async def _add_singly(self, room_id: str, person: str, is_invited: bool) -> Outcome:
        try:
            await self._events.add_singly(room_id, person, is_invited)
            return Joined(already=False)
        except SynapseError as error:
            return Refused(error.errcode, error.msg)
