# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invites and joins: one person as Synapse does it, or many in one batch."""

from typing import Mapping, Sequence

from synapse.api.constants import EventTypes, Membership
from synapse.appservice import ApplicationService
from synapse.server import HomeServer
from synapse.types import JsonDict, UserID, create_requester

from .accounts import Accounts
from .batch import Batch


class MemberEvents:
    """The caller holds the room's locks. `inviter`'s own user invites; people join through `joiner`."""

    def __init__(self, hs: HomeServer, inviter: ApplicationService, joiner: ApplicationService) -> None:
        self._members = hs.get_room_member_handler()
        self._accounts = Accounts(hs)
        self._bot = create_requester(inviter.sender, app_service=inviter)
        self._joiner = joiner
        self._batch = Batch(hs, self._bot)
        self._shows_profile_on_invite = hs.config.server.include_profile_data_on_invite

    async def add_singly(self, room_id: str, person: str, is_invited: bool) -> None:
        """Raises SynapseError."""
        target = UserID.from_string(person)
        requester = create_requester(target, app_service=self._joiner)
        if not is_invited:
            await self._members.update_membership_locked(self._bot, target, room_id, "invite", ratelimit=False)
        await self._members.update_membership_locked(requester, target, room_id, "join", ratelimit=False)

    async def add_together(self, room_id: str, people: Mapping[str, bool]) -> None:
        """
        `people`: whether each of them is invited already. Raises SynapseError, and then has added nobody.
        """
        profiles = await self._accounts.read_profiles(list(people))
        events = [
            event
            for person, is_invited in people.items()
            for event in self._events_of(room_id, person, is_invited, profiles.get(person, {}))
        ]
        await self._batch.write(room_id, events)

    def _events_of(self, room_id: str, person: str, is_invited: bool, profile: JsonDict) -> Sequence[JsonDict]:
        join = _member_event(room_id, person, person, {"membership": Membership.JOIN, **profile})
        if is_invited:
            return [join]
        shown = profile if self._shows_profile_on_invite else {}
        bot = self._bot.user.to_string()
        return [_member_event(room_id, bot, person, {"membership": Membership.INVITE, **shown}), join]


def _member_event(room_id: str, sender: str, person: str, content: JsonDict) -> JsonDict:
    return {"type": EventTypes.Member, "room_id": room_id, "sender": sender, "state_key": person, "content": content}
