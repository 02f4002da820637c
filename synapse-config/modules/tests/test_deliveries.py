"""The ledger as the appservice reads it. What is recorded is tried against other servers (test/federation)."""

import unittest

import attr

from landbote_deliveries.entry import START, Delivery, Entry, next_entry

from .homeserver import ProbeHomeserver

homeserver: ProbeHomeserver


def setUpModule() -> None:
    global homeserver
    homeserver = ProbeHomeserver()
    # Makes the tables.
    homeserver.ask_ledger(verify="true")


def tearDownModule() -> None:
    homeserver.stop()


def chain(deliveries: list[Delivery]) -> list[Entry]:
    entries: list[Entry] = []
    for delivery in deliveries:
        head = entries[-1].hash if entries else START
        entries.append(next_entry(head, len(entries) + 1, 1000 + len(entries), delivery))
    return entries


def write(entries: list[Entry]) -> None:
    rows = [(entry.sequence, entry.at, *attr.astuple(entry.delivery), entry.hash) for entry in entries]
    with homeserver.database() as database:
        database.execute("DELETE FROM landbote_deliveries")
        database.executemany("INSERT INTO landbote_deliveries VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def delivery(number: int, server: str = "schule.test", room_id: str = "!m") -> Delivery:
    return Delivery(server, room_id, f"$event-{number}", "/send")


class Chain(unittest.TestCase):
    def setUp(self) -> None:
        self.entries = chain([delivery(number) for number in range(1500)])
        write(self.entries)

    def verification(self) -> object:
        return homeserver.ask_ledger(verify="true").body

    def alter(self, statement: str) -> None:
        with homeserver.database() as database:
            database.execute(statement)

    def test_a_whole_one_is_whole_to_its_head(self) -> None:
        expected = {"entries": 1500, "first_bad_sequence": None, "head": self.entries[-1].hash}
        self.assertEqual(self.verification(), expected)

    def test_the_first_line_that_was_touched_is_named(self) -> None:
        for statement, first_bad in (
            ("UPDATE landbote_deliveries SET server = 'land.test' WHERE sequence = 1200", 1200),
            ("UPDATE landbote_deliveries SET at = 5 WHERE sequence = 700", 700),
            ("DELETE FROM landbote_deliveries WHERE sequence = 3", 3),
        ):
            with self.subTest(statement):
                self.alter(statement)
                self.assertEqual(self.verification()["first_bad_sequence"], first_bad)

    def test_each_field_is_part_of_the_hash(self) -> None:
        hashes = {
            next_entry(head, sequence, at, told).hash
            for head, sequence, at, told in (
                (START, 1, 5, Delivery("a", "b", "c", "d")),
                ("1" * 64, 1, 5, Delivery("a", "b", "c", "d")),
                (START, 2, 5, Delivery("a", "b", "c", "d")),
                (START, 1, 6, Delivery("a", "b", "c", "d")),
                (START, 1, 5, Delivery("ab", "", "c", "d")),
                (START, 1, 5, Delivery("a", "bc", "", "d")),
                (START, 1, 5, Delivery("a", "b", "c", "e")),
            )
        }
        self.assertEqual(len(hashes), 7)


class Reading(unittest.TestCase):
    def test_the_lines_of_a_room_and_of_one_server_page_by_page(self) -> None:
        told = [delivery(1), delivery(2, "polizei.test"), delivery(3, room_id="!other"), delivery(4)]
        write(chain(told))

        def events(**query: object) -> list[str]:
            return [entry["event_id"] for entry in homeserver.ask_ledger(**query).body["entries"]]

        self.assertEqual(events(room_id="!m"), ["$event-1", "$event-2", "$event-4"])
        self.assertEqual(events(room_id="!m", server="schule.test"), ["$event-1", "$event-4"])
        self.assertEqual(events(room_id="!m", after=1, limit=1), ["$event-2"])
        self.assertEqual(homeserver.ask_ledger(room_id="!m", limit=1).body["count"], 3)
        self.assertEqual(homeserver.ask_ledger(room_id="!nothing").body, {"count": 0, "entries": []})

    def test_only_with_the_token_and_only_to_read(self) -> None:
        self.assertEqual(homeserver.ask_ledger(token="wrong", room_id="!m").status, 401)
        self.assertEqual(homeserver.ask_ledger(method="DELETE", room_id="!m").status, 405)
        self.assertEqual(homeserver.ask_ledger().status, 400)


if __name__ == "__main__":
    unittest.main()
