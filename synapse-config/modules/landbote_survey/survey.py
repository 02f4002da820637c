# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads accounts and rooms from Synapse's own database: no request a room, and no message."""

from typing import Mapping, Sequence

from synapse.api.constants import EventTypes
from synapse.events import EventBase
from synapse.server import HomeServer
from synapse.storage.database import LoggingTransaction
from synapse.types import JsonDict
from synapse.util.iterutils import batch_iter

STATE_TYPES = (
    EventTypes.Create,
    EventTypes.Name,
    EventTypes.Topic,
    EventTypes.PowerLevels,
    EventTypes.SpaceChild,
    EventTypes.SpaceParent,
)
"""Of a room's state, what says where it stands and who writes in it."""

EVENTS_PER_READ = 500


class Survey:
    def __init__(self, hs: HomeServer) -> None:
        self._store = hs.get_datastores().main
        self._database = self._store.db_pool

    async def accounts(self) -> Sequence[JsonDict]:
        """Those that are in use and no guests'."""
        rows = await self._database.runInteraction("landbote_survey_accounts", _accounts)
        return [{"user_id": user_id, "display_name": display_name} for user_id, display_name in rows]

    async def closed_accounts(self) -> Sequence[str]:
        """User ids of those that were deactivated."""
        return await self._database.runInteraction("landbote_survey_closed", _closed)

    async def rooms(self) -> Sequence[JsonDict]:
        """
        Those that somebody of this homeserver is in, each with who is in it or invited. Who is in one without a name is
        nobody's concern: those are chats.
        """
        members = await self._database.runInteraction("landbote_survey_members", _members)
        state = await self._state()
        return [
            {"room_id": room_id, "members": people if _is_named(state[room_id]) else [], "state": state[room_id]}
            for room_id, people in members.items()
            if room_id in state
        ]

    async def _state(self) -> Mapping[str, Sequence[JsonDict]]:
        event_ids = await self._database.runInteraction("landbote_survey_state", _state_ids)
        rooms: dict[str, list[JsonDict]] = {}
        for some in batch_iter(event_ids, EVENTS_PER_READ):
            # Synapse's own reading leaves out what was redacted.
            for event in (await self._store.get_events(some)).values():
                rooms.setdefault(event.room_id, []).append(_shown(event))
        return rooms


def _is_named(state: Sequence[JsonDict]) -> bool:
    return any(event["type"] == EventTypes.Name and event["content"].get("name") for event in state)


def _shown(event: EventBase) -> JsonDict:
    return {
        "type": event.type,
        "state_key": event.state_key,
        "sender": event.sender,
        "content": dict(event.content),
    }


def _accounts(txn: LoggingTransaction) -> Sequence[tuple[str, str]]:
    txn.execute(
        """SELECT name, displayname FROM users LEFT JOIN profiles ON full_user_id = name
        WHERE deactivated = 0 AND is_guest = 0 AND user_type IS NULL ORDER BY name"""
    )
    return txn.fetchall()


def _closed(txn: LoggingTransaction) -> Sequence[str]:
    txn.execute("SELECT name FROM users WHERE deactivated = 1 ORDER BY name")
    return [user_id for (user_id,) in txn]


JOINED_BY_US = "SELECT room_id FROM local_current_membership WHERE membership = 'join'"


def _members(txn: LoggingTransaction) -> Mapping[str, Sequence[str]]:
    txn.execute(
        f"""SELECT room_id, state_key FROM current_state_events
        WHERE type = 'm.room.member' AND membership IN ('join', 'invite') AND room_id IN ({JOINED_BY_US})
        ORDER BY room_id, state_key"""
    )
    rooms: dict[str, list[str]] = {}
    for room_id, user_id in txn:
        rooms.setdefault(room_id, []).append(user_id)
    return rooms


def _state_ids(txn: LoggingTransaction) -> Sequence[str]:
    marks = ", ".join("?" * len(STATE_TYPES))
    txn.execute(
        f"SELECT event_id FROM current_state_events WHERE type IN ({marks}) AND room_id IN ({JOINED_BY_US})",
        STATE_TYPES,
    )
    return [event_id for (event_id,) in txn]
