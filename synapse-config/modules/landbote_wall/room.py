# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of a room's state decides about the events in it."""

from typing import Mapping, Optional

import attr

from synapse.api.constants import EventTypes
from synapse.events import EventBase
from synapse.types import StateMap

ROOM_ORIGIN = "de.landbote.room"
"""Stands in the create event of every room of an organisation, and nowhere else (appservice/contract/event-content.ts)."""

READ_STATE = ((EventTypes.Create, ""), (EventTypes.ServerACL, ""))


@attr.s(auto_attribs=True, frozen=True)
class Room:
    creator: str
    """The bot that made the room."""
    servers: Optional[frozenset[str]]
    """The servers that the room's ACL lists; None if it has no list that could be read: then nobody is judged by it."""
    is_liaison: bool = False
    """Whether two trust domains agree on joint rooms in it (docs/adr/0021)."""


def room_of(state: StateMap[EventBase]) -> Optional[Room]:
    """None if the room is unknown, or none of an organisation."""
    create = state.get((EventTypes.Create, ""))
    if create is None or ROOM_ORIGIN not in create.content:
        return None
    acl = state.get((EventTypes.ServerACL, ""))
    origin = create.content[ROOM_ORIGIN]
    is_liaison = isinstance(origin, Mapping) and origin.get("class") == "liaison"
    return Room(create.sender, None if acl is None else _listed(acl.content), is_liaison)


def _listed(content: Mapping[str, object]) -> Optional[frozenset[str]]:
    allow = content.get("allow")
    if not isinstance(allow, (list, tuple)) or not all(isinstance(name, str) for name in allow):
        return None
    # A pattern lists nobody by name. The appservice's own lists have none.
    is_pattern = any("*" in name or "?" in name for name in allow)
    return None if is_pattern else frozenset(name.lower() for name in allow)
