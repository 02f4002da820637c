# SPDX-License-Identifier: AGPL-3.0-or-later
"""
Asks the rules where Synapse asks modules. `check_event_for_spam` is asked about every event that somebody here writes,
server admins among them, but for memberships (memberships.py), and about every event of another server, pushed or
pulled; a refusal is 403 here and a soft failure there. `should_drop_federated_event` is asked about pushed ones only, but keeps
them out altogether: a soft-failed redaction is carried out all the same.

Not `check_event_allowed`: for it Synapse reads the whole state of the room before each message.
"""

from typing import Literal, Optional, Union

from synapse.api.errors import Codes
from synapse.events import EventBase
from synapse.module_api import NOT_SPAM, ModuleApi

from landbote_private import parse_settings

from .closed_accounts import refuse_closed_accounts
from .memberships import judge_memberships
from .pushers import refuse_pushers
from .reports import Reports
from .room import READ_STATE, room_of
from .rules import is_harmless, refusal_of
from .settings import Settings


class Wall:
    @staticmethod
    def parse_config(config: object) -> Settings:
        return parse_settings(Settings, config)

    def __init__(self, settings: Settings, api: ModuleApi) -> None:
        self._api = api
        self._store = api._hs.get_datastores().main
        self._reports = Reports(settings, api)
        api.register_spam_checker_callbacks(
            check_event_for_spam=self.check_event_for_spam,
            should_drop_federated_event=self.should_drop_federated_event,
        )
        judge_memberships(api._hs.get_module_api_callbacks().third_party_event_rules, self._is_refused)
        refuse_closed_accounts(api, self._reports)
        refuse_pushers(api._hs.get_pusherpool(), self._reports)

    async def check_event_for_spam(self, event: EventBase) -> Union[Literal["NOT_SPAM"], Codes]:
        return Codes.FORBIDDEN if await self._is_refused(event) else NOT_SPAM

    async def should_drop_federated_event(self, event: EventBase) -> bool:
        return await self._is_refused(event)

    async def _is_refused(self, event: EventBase) -> bool:
        if is_harmless(event, self._api.is_mine(event.sender)):
            return False
        room = room_of(await self._api.get_room_state(event.room_id, READ_STATE))
        if room is None:
            return False
        rule = refusal_of(event, room, await self._redacted_by(event))
        if rule is not None:
            self._reports.tell(rule, event.sender, event.room_id, f"{event.type} {event.event_id}")
        return rule is not None

    async def _redacted_by(self, event: EventBase) -> Optional[EventBase]:
        redacted_id = event.redacts
        return await self._store.get_event(redacted_id, allow_none=True) if isinstance(redacted_id, str) else None
