# SPDX-License-Identifier: AGPL-3.0-or-later
"""
The rules, pure. They say again what event authorisation says of a room with the power profile (docs/wall.md, layer
2), and go on saying it when somebody has got power that nobody should have.
"""

from typing import Mapping, Optional

from synapse.api.constants import EventTypes, Membership
from synapse.events import EventBase
from synapse.types import get_domain_from_id

from .room import Room

POWER_MAX = 99
"""Whoever has more administrates, and only the creator does, whose power has no number."""

STATEMENT = "de.landbote.agreement"
"""What a partner's bot may say in a liaison room; the room's power levels let nobody else (docs/adr/0021)."""


def is_harmless(event: EventBase, is_ours: bool) -> bool:
    """
    Whether no rule could refuse it, so that the room need not be looked at: messages of people of this server, and
    their own coming and going.
    """
    if event.type == EventTypes.Member:
        return is_ours and _is_about_oneself(event)
    return is_ours and not event.is_state() and event.type != EventTypes.Redaction


def refusal_of(event: EventBase, room: Room, redacted: Optional[EventBase]) -> Optional[str]:
    """
    The rule that refuses an event in a room of the organisation; None if none does.
    `redacted`: what a redaction points at, if it is known.
    """
    if event.type == EventTypes.PowerLevels and _lifts_somebody(event.content):
        return "power.creator-only"
    if event.sender == room.creator:
        return None
    if room.servers is not None and get_domain_from_id(event.sender).lower() not in room.servers:
        return "server.not-listed"
    if event.type == EventTypes.Redaction:
        return "redaction.of-state" if redacted is not None and redacted.is_state() else None
    if event.type == EventTypes.Member:
        return None if _is_about_oneself(event) else "membership.creator-only"
    if event.type == STATEMENT and room.is_liaison:
        return None
    return "state.creator-only" if event.is_state() else None


def _is_about_oneself(event: EventBase) -> bool:
    memberships = (Membership.JOIN, Membership.LEAVE)
    return event.state_key == event.sender and event.content.get("membership") in memberships


def _lifts_somebody(content: Mapping[str, object]) -> bool:
    """A server admin makes users powerful in the bot's name (`make_room_admin`); so this binds the bot, too."""
    users = content.get("users", {})
    powers = users.values() if isinstance(users, Mapping) else [users]
    return not all(type(power) is int and power <= POWER_MAX for power in powers)
