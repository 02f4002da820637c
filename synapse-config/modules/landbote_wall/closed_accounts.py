# SPDX-License-Identifier: AGPL-3.0-or-later
"""
Nobody comes into a room whose account was closed: Synapse lets them be invited and, by the people registration, joined.
The refusal names the cause (M_USER_DEACTIVATED), so that an appservice which does not know yet learns it.
"""

from typing import Literal, Union

from synapse.api.errors import Codes
from synapse.events import EventBase
from synapse.module_api import NOT_SPAM, ModuleApi

from .reports import Reports

Decision = Union[Literal["NOT_SPAM"], Codes]

RULE = "account.closed"


def refuse_closed_accounts(api: ModuleApi, reports: Reports) -> None:
    async def is_closed(person: str) -> bool:
        account = await api.get_userinfo_by_id(person)
        return account is not None and account.is_deactivated

    async def decide(person: str) -> Decision:
        return Codes.USER_DEACTIVATED if await is_closed(person) else NOT_SPAM

    async def user_may_invite(_inviter: str, invitee: str, _room_id: str) -> Decision:
        return await decide(invitee)

    async def federated_user_may_invite(event: EventBase) -> Decision:
        return await decide(event.state_key)

    async def user_may_join_room(person: str, room_id: str, _is_invited: bool) -> Decision:
        decision = await decide(person)
        # Bots invite without knowing; but nobody can be invited, so whoever joins has the registration's token.
        if decision is not NOT_SPAM:
            reports.tell(RULE, person, room_id, "the join")
        return decision

    api.register_spam_checker_callbacks(
        user_may_invite=user_may_invite,
        federated_user_may_invite=federated_user_may_invite,
        user_may_join_room=user_may_join_room,
    )
