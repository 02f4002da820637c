# SPDX-License-Identifier: AGPL-3.0-or-later
"""
Who may be joined: what Synapse checks one by one when the bot invites and the person joins, and what the
appservice's registrations allow. Policy is not asked: it is the caller, and these are its own decisions.
"""

from typing import Optional

from synapse.api.constants import EventTypes, Membership
from synapse.api.errors import Codes, SynapseError
from synapse.appservice import ApplicationService
from synapse.server import HomeServer
from synapse.storage.invite_rule import InviteRule

from . import outcome
from .accounts import Account
from .outcome import Refused


class Admission:
    def __init__(self, hs: HomeServer, inviter: ApplicationService, joiner: ApplicationService) -> None:
        self._store = hs.get_datastores().main
        self._state = hs.get_storage_controllers().state
        self._bot = inviter.sender.to_string()
        self._joiner = joiner

    async def require_room(self, room_id: str) -> None:
        """Only rooms that the bot created. Raises SynapseError otherwise."""
        create = await self._state.get_current_state_event(room_id, EventTypes.Create, "")
        if create is None or create.sender != self._bot:
            raise SynapseError(403, "This is no room of the appservice.", Codes.FORBIDDEN)
        if await self._store.is_room_blocked(room_id):
            raise SynapseError(403, "This room has been blocked on this server.", Codes.FORBIDDEN)

    async def refusal_of(
        self, person: str, account: Optional[Account], membership: Optional[str]
    ) -> Optional[Refused]:
        """
        `account`: None if there is none. `membership`: what the room's state says about the person; None if it says
        nothing.
        """
        if not self._joiner.is_user_in_namespace(person):
            return outcome.NOT_ONES_OWN
        if membership == Membership.BAN:
            return outcome.BANNED
        return _refusal_by_account(account) or await self._refusal_by_person(person, membership)

    async def _refusal_by_person(self, person: str, membership: Optional[str]) -> Optional[Refused]:
        if membership == Membership.INVITE:
            return None
        rules = await self._store.get_invite_config_for_user(person)
        is_blocked = rules.get_invite_rule(self._bot) == InviteRule.BLOCK
        return outcome.INVITATIONS_BLOCKED if is_blocked else None


def _refusal_by_account(account: Optional[Account]) -> Optional[Refused]:
    if account is None:
        return outcome.UNKNOWN_ACCOUNT
    if account.is_deactivated:
        return outcome.DEACTIVATED
    if account.is_locked:
        return outcome.LOCKED
    return outcome.SUSPENDED if account.is_suspended else None
