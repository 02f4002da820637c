# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line of the ledger, and how each is tied to the one before."""

import hashlib
import json

import attr

START = "0" * 64
"""What the first line is tied to."""


@attr.s(auto_attribs=True, frozen=True)
class Delivery:
    server: str
    room_id: str
    event_id: str
    way: str
    """The federation endpoint, such as `/send`."""


@attr.s(auto_attribs=True, frozen=True)
class Entry:
    sequence: int
    """From 1, without gaps."""
    at: int
    """Milliseconds since 1970."""
    delivery: Delivery
    hash: str

    def to_json(self) -> dict[str, object]:
        return {"sequence": self.sequence, "at": self.at, **attr.asdict(self.delivery), "hash": self.hash}


def next_entry(previous_hash: str, sequence: int, at: int, delivery: Delivery) -> Entry:
    fields = [previous_hash, sequence, at, delivery.server, delivery.room_id, delivery.event_id, delivery.way]
    text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
    return Entry(sequence, at, delivery, hashlib.sha256(text.encode()).hexdigest())
