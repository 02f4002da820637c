# SPDX-License-Identifier: AGPL-3.0-or-later
"""
Picks out of Synapse's log what the homeserver itself refused other servers, by whitelist, server ACL or event
authorisation, and writes a JSON line for each (docs/adr/0025). Told by a record's template and arguments, never by its
text, part of which a stranger chooses. The templates are those of the pinned Synapse; tests provoke each of them.
"""

import json
import logging
from typing import Any, Optional
from urllib.parse import unquote

import attr

LENGTH_MAX = 255
"""Of identifiers; longer ones are no well-formed ones, and are cut."""

ANSWERS = ("%s SynapseError: %s - %s", "%s SynapseError: %s - %s (%s)")
FROM_BANNED_SERVER = (
    "Ignoring PDUs for room %s from banned server",
    "Ignoring typing EDU for room %s from banned server because of ACL's",
)
RECEIPTS_FROM_BANNED_SERVER = "Ignoring receipts in EDU for rooms %s from banned server %s because of ACL's"
REJECTED = (
    "Rejecting %r because %s",
    "While validating received event %r: %s",
    "While checking auth of %r against auth_events: %s",
    "While checking auth of %r against room state before the event: %s",
)
DENIED = "Federation denied with "
BANNED = "Server is banned from room"


@attr.s(auto_attribs=True, frozen=True)
class Refusal:
    rule: str
    attacker: Optional[str]
    """A server or person. With `whitelist.not-listed` it is whom the request named: nothing was verified yet."""
    room: Optional[str]


class OnlyRefusals(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return refusal_of(record) is not None


class RefusalFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        refusal = refusal_of(record)
        return json.dumps({"time": int(record.created * 1000), **attr.asdict(refusal)}) if refusal else ""


def refusal_of(record: logging.LogRecord) -> Optional[Refusal]:
    """None if the record is about something else."""
    template, arguments = record.msg, record.args or ()
    if template in ANSWERS:
        return _of_answer(record, arguments[1], str(arguments[2]))
    if template in FROM_BANNED_SERVER:
        return _refusal("acl.not-listed", _requester(record), arguments[0])
    if template == RECEIPTS_FROM_BANNED_SERVER:
        return _refusal("acl.not-listed", arguments[1], min(arguments[0]))
    if template in REJECTED:
        return _refusal("event.unauthorised", arguments[0].sender, arguments[0].room_id)
    return None


def _of_answer(record: logging.LogRecord, status: int, message: str) -> Optional[Refusal]:
    if getattr(record, "site_tag", None) != "federation":
        return None
    room = _room_in(getattr(record, "url", ""))
    if status == 401:
        return _refusal("request.unauthenticated", None, room)
    if status != 403:
        return None
    if message.startswith(DENIED):
        return _refusal("whitelist.not-listed", message.removeprefix(DENIED).removesuffix("."), room)
    rule = "acl.not-listed" if message == BANNED else "request.forbidden"
    return _refusal(rule, _requester(record), room)


def _refusal(rule: str, attacker: Any, room: Any) -> Refusal:
    return Refusal(rule, _cut(attacker), _cut(room))


def _cut(identifier: Any) -> Optional[str]:
    return None if identifier is None else str(identifier)[:LENGTH_MAX]


def _requester(record: logging.LogRecord) -> Optional[str]:
    return getattr(record, "requester", None)


def _room_in(url: str) -> Optional[str]:
    parts = (unquote(part) for part in url.partition("?")[0].split("/"))
    return next((part for part in parts if part.startswith("!")), None)
