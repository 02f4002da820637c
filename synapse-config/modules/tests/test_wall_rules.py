"""Each rule by itself, on real events."""

import unittest
from typing import Any, Optional

from landbote_wall.room import ROOM_ORIGIN, Room, room_of
from landbote_wall.rules import is_harmless, refusal_of
from synapse.api.room_versions import RoomVersions
from synapse.events import EventBase, make_event_from_dict

BOT = "@landbote:land.test"
ANNA = "@anna:land.test"
TEACHER = "@tom:schule.test"
STRANGER = "@x:fremd.test"
ROOM = Room(creator=BOT, servers=frozenset({"land.test", "schule.test"}))


def event(sender: str, event_type: str, content: Any, state_key: Optional[str] = None, **more: Any) -> EventBase:
    key = {} if state_key is None else {"state_key": state_key}
    # From room version 12 on, the create event itself names the room.
    room = {} if event_type == "m.room.create" else {"room_id": "!r"}
    fields = {**room, "auth_events": [], "prev_events": ["$p"], "depth": 2, "origin_server_ts": 1, "hashes": {}}
    fields = {**fields, "signatures": {}, "type": event_type, "sender": sender, "content": content, **key, **more}
    return make_event_from_dict(fields, RoomVersions.V12)


def membership(sender: str, target: str, kind: str) -> EventBase:
    return event(sender, "m.room.member", {"membership": kind}, target)


def powers(sender: str, users: Any) -> EventBase:
    return event(sender, "m.room.power_levels", {"users": users}, "")


ACL = event(BOT, "m.room.server_acl", {"allow": ["land.test"]}, "")
MESSAGE = event(ANNA, "m.room.encrypted", {"ciphertext": "x"})


class Rules(unittest.TestCase):
    def test_each_event_meets_the_rule_that_it_must(self) -> None:
        cases = {
            "a message of a listed server": (event(TEACHER, "m.room.encrypted", {}), None),
            "a message of a server that is not listed": (event(STRANGER, "m.room.encrypted", {}), "server.not-listed"),
            "its join": (membership(STRANGER, STRANGER, "join"), "server.not-listed"),
            "a member's invitation": (membership(TEACHER, STRANGER, "invite"), "membership.creator-only"),
            "a member puts another out": (membership(TEACHER, ANNA, "leave"), "membership.creator-only"),
            "a member bans": (membership(TEACHER, ANNA, "ban"), "membership.creator-only"),
            "a member joins": (membership(TEACHER, TEACHER, "join"), None),
            "a member leaves": (membership(TEACHER, TEACHER, "leave"), None),
            "somebody knocks": (membership(TEACHER, TEACHER, "knock"), "membership.creator-only"),
            "the bot invites": (membership(BOT, ANNA, "invite"), None),
            "the bot sets the ACL": (ACL, None),
            "a member opens the ACL": (event(TEACHER, "m.room.server_acl", {}, ""), "state.creator-only"),
            "a member's own kind of state": (event(ANNA, "org.example.x", {}, ANNA), "state.creator-only"),
            "a member takes power": (powers(TEACHER, {TEACHER: 50}), "state.creator-only"),
            "the bot names posters": (powers(BOT, {ANNA: 50}), None),
            "the bot's name lifts somebody": (powers(BOT, {ANNA: 100}), "power.creator-only"),
            "powers that are no numbers": (powers(BOT, {ANNA: True}), "power.creator-only"),
            "powers of no shape": (powers(BOT, 100), "power.creator-only"),
        }
        for name, (tried, expected) in cases.items():
            with self.subTest(name):
                self.assertEqual(refusal_of(tried, ROOM, None), expected)

    def test_only_the_bot_redacts_state(self) -> None:
        for sender, redacted, expected in (
            (TEACHER, ACL, "redaction.of-state"),
            (BOT, ACL, None),
            (TEACHER, MESSAGE, None),
            (TEACHER, None, None),
        ):
            with self.subTest(f"{sender} {redacted}"):
                redaction = event(sender, "m.room.redaction", {"redacts": "$e"})
                self.assertEqual(refusal_of(redaction, ROOM, redacted), expected)

    def test_a_partner_says_in_a_liaison_room_what_it_agrees_to_and_nothing_else(self) -> None:
        liaison = Room(BOT, ROOM.servers, is_liaison=True)
        statement = event(TEACHER, "de.landbote.agreement", {}, "schule/1")
        self.assertIsNone(refusal_of(statement, liaison, None))
        self.assertEqual(refusal_of(statement, ROOM, None), "state.creator-only")
        self.assertEqual(refusal_of(event(TEACHER, "m.room.name", {}, ""), liaison, None), "state.creator-only")

    def test_without_a_readable_list_nobody_is_judged_by_it(self) -> None:
        room = Room(creator=BOT, servers=None)
        self.assertIsNone(refusal_of(event(STRANGER, "m.room.encrypted", {}), room, None))

    def test_only_messages_of_ones_own_people_need_no_look_at_the_room(self) -> None:
        for tried in (MESSAGE, membership(ANNA, ANNA, "join"), membership(ANNA, ANNA, "leave")):
            self.assertTrue(is_harmless(tried, True))
            self.assertFalse(is_harmless(tried, False))
        for kind in ("invite", "leave", "ban"):
            self.assertFalse(is_harmless(membership(ANNA, TEACHER, kind), True))
        for tried in (ACL, event(ANNA, "m.room.redaction", {})):
            self.assertFalse(is_harmless(tried, True))


class Rooms(unittest.TestCase):
    def read(self, create: Any, acl: Any) -> Optional[Room]:
        state = {("m.room.create", ""): event(BOT, "m.room.create", create, "")}
        return room_of({**state, ("m.room.server_acl", ""): event(BOT, "m.room.server_acl", acl, "")})

    def test_a_room_of_the_organisation_is_known_by_its_create_event(self) -> None:
        self.assertEqual(room_of({}), None)
        self.assertEqual(self.read({}, {"allow": ["land.test"]}), None)
        known = self.read({ROOM_ORIGIN: {"domain": "land"}}, {"allow": ["Land.test"]})
        self.assertEqual(known, Room(BOT, frozenset({"land.test"})))
        liaison = self.read({ROOM_ORIGIN: {"class": "liaison"}}, {"allow": ["land.test"]})
        self.assertEqual(liaison, Room(BOT, frozenset({"land.test"}), is_liaison=True))

    def test_a_list_that_names_nobody_exactly_is_none(self) -> None:
        for acl in ({}, {"allow": "land.test"}, {"allow": ["land.test", 5]}, {"allow": ["*"]}):
            with self.subTest(str(acl)):
                self.assertEqual(self.read({ROOM_ORIGIN: {}}, acl), Room(BOT, None))


if __name__ == "__main__":
    unittest.main()
