# SPDX-License-Identifier: AGPL-3.0-or-later
"""
The ledger in Synapse's own database: a line is written in the same process that hands the event over, and needs nobody
else to be there. One event is noted once for each server and way; what is handed over again is no news.
"""

from typing import Collection, Optional, Sequence

import attr

from synapse.server import HomeServer
from synapse.storage.database import LoggingTransaction
from synapse.util.async_helpers import Linearizer

from .entry import START, Delivery, Entry, next_entry

COLUMNS = "sequence, at, server, room_id, event_id, way, hash"
EVENTS_PER_QUERY = 100
ENTRIES_PER_READ = 1000

TABLES = (
    """CREATE TABLE IF NOT EXISTS landbote_deliveries (
        sequence BIGINT PRIMARY KEY, at BIGINT NOT NULL, server TEXT NOT NULL, room_id TEXT NOT NULL,
        event_id TEXT NOT NULL, way TEXT NOT NULL, hash TEXT NOT NULL, UNIQUE (event_id, server, way))""",
    "CREATE INDEX IF NOT EXISTS landbote_deliveries_room ON landbote_deliveries (room_id, server, sequence)",
)


@attr.s(auto_attribs=True, frozen=True)
class Verification:
    entries: int
    first_bad_sequence: Optional[int]
    head: str


class Ledger:
    def __init__(self, hs: HomeServer) -> None:
        self._database = hs.get_datastores().main.db_pool
        self._clock = hs.get_clock()
        self._one_by_one = Linearizer("landbote_deliveries", self._clock)
        self._has_tables = False

    async def append(self, deliveries: Collection[Delivery]) -> None:
        """Raises if they could not all be written; then none is."""
        async with self._one_by_one.queue("ledger"):
            await self._run("append", self._append, deliveries, self._clock.time_msec())

    async def read(self, room_id: str, server: Optional[str], after: int, limit: int) -> tuple[int, Sequence[Entry]]:
        """How many lines there are of a room, and those after a sequence number."""
        return await self._run("read", _read, room_id, server, after, limit)

    async def verify(self) -> Verification:
        """Reads every line: that none is altered, missing or moved up to the head."""
        sequence, head = 0, START
        while entries := await self._run("verify", _read_from, sequence):
            for entry in entries:
                expected = next_entry(head, sequence + 1, entry.at, entry.delivery)
                if entry != expected:
                    return Verification(sequence, sequence + 1, head)
                sequence, head = entry.sequence, entry.hash
        return Verification(sequence, None, head)

    async def _run(self, name, interaction, *arguments):  # type: ignore[no-untyped-def]
        if not self._has_tables:
            await self._database.runInteraction("landbote_deliveries_tables", _create_tables)
            self._has_tables = True
        return await self._database.runInteraction(f"landbote_deliveries_{name}", interaction, *arguments)

    def _append(self, txn: LoggingTransaction, deliveries: Collection[Delivery], at: int) -> None:
        txn.execute("SELECT sequence, hash FROM landbote_deliveries ORDER BY sequence DESC LIMIT 1")
        sequence, head = txn.fetchone() or (0, START)
        rows = []
        for delivery in _unknown(txn, deliveries):
            entry = next_entry(head, sequence + 1, at, delivery)
            rows.append((entry.sequence, at, *attr.astuple(delivery), entry.hash))
            sequence, head = entry.sequence, entry.hash
        if rows:
            txn.execute_batch(f"INSERT INTO landbote_deliveries ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _create_tables(txn: LoggingTransaction) -> None:
    for statement in TABLES:
        txn.execute(statement)


def _unknown(txn: LoggingTransaction, deliveries: Collection[Delivery]) -> Collection[Delivery]:
    wanted = {(delivery.event_id, delivery.server, delivery.way): delivery for delivery in deliveries}
    event_ids = sorted({delivery.event_id for delivery in deliveries})
    for start in range(0, len(event_ids), EVENTS_PER_QUERY):
        some = event_ids[start : start + EVENTS_PER_QUERY]
        marks = ",".join("?" * len(some))
        txn.execute(f"SELECT event_id, server, way FROM landbote_deliveries WHERE event_id IN ({marks})", some)
        for known in txn.fetchall():
            wanted.pop(tuple(known), None)
    return list(wanted.values())


def _read(
    txn: LoggingTransaction, room_id: str, server: Optional[str], after: int, limit: int
) -> tuple[int, Sequence[Entry]]:
    where, values = "room_id = ?", [room_id]
    if server is not None:
        where, values = f"{where} AND server = ?", [room_id, server]
    txn.execute(f"SELECT count(*) FROM landbote_deliveries WHERE {where}", values)
    ((count,),) = txn.fetchall()
    query = f"SELECT {COLUMNS} FROM landbote_deliveries WHERE {where} AND sequence > ? ORDER BY sequence LIMIT ?"
    txn.execute(query, (*values, after, limit))
    return count, _entries(txn)


def _read_from(txn: LoggingTransaction, after: int) -> Sequence[Entry]:
    query = f"SELECT {COLUMNS} FROM landbote_deliveries WHERE sequence > ? ORDER BY sequence LIMIT ?"
    txn.execute(query, (after, ENTRIES_PER_READ))
    return _entries(txn)


def _entries(txn: LoggingTransaction) -> Sequence[Entry]:
    return [
        Entry(sequence, at, Delivery(server, room_id, event_id, way), entry_hash)
        for sequence, at, server, room_id, event_id, way, entry_hash in txn.fetchall()
    ]
