"""The wall in a real homeserver, against people who have got power in a room and against server admins."""

import unittest
from typing import Optional
from urllib.parse import quote

from landbote_wall.room import ROOM_ORIGIN
from landbote_wall import Wall
from synapse.config import ConfigError

from .appservice import Appservice
from .homeserver import BOT, SERVER, ProbeHomeserver

appservice: Appservice
homeserver: ProbeHomeserver


def setUpModule() -> None:
    global appservice, homeserver
    appservice = Appservice()
    homeserver = ProbeHomeserver(appservice.url)


def tearDownModule() -> None:
    homeserver.stop()
    appservice.stop()


def room_with(person: str, is_declared: bool = True) -> str:
    """A room whose power profile has been lost: the person could do whatever the creator can."""
    origin = {ROOM_ORIGIN: {"domain": "probe"}} if is_declared else {}
    powers = {"events": {"m.room.power_levels": 0, "m.room.server_acl": 0}, "state_default": 0, "invite": 0, "kick": 0}
    room = homeserver.create_room(creation_content=origin, power_level_content_override=powers)
    acl = {"allow": [SERVER], "deny": [], "allow_ip_literals": False}
    homeserver.as_bot("PUT", f"/rooms/{quote(room)}/state/m.room.server_acl", acl)
    homeserver.join(room, [person])
    return room


def put_state(room: str, person: str, event_type: str, content: object) -> int:
    return homeserver.as_person(person, "PUT", f"/rooms/{quote(room)}/state/{event_type}", content).status


OPENED = {
    "m.room.server_acl": {"allow": ["*", SERVER], "deny": [], "allow_ip_literals": False},
    "m.room.join_rules": {"join_rule": "public"},
    "m.room.history_visibility": {"history_visibility": "world_readable"},
    "m.room.guest_access": {"guest_access": "can_join"},
    "m.room.encryption": {"algorithm": "m.megolm.v1.aes-sha2", "rotation_period_msgs": 1000000},
    "m.room.power_levels": {"users_default": 50},
    "m.room.tombstone": {"body": "", "replacement_room": "!elsewhere"},
    "m.space.child": {"via": [SERVER]},
}


class StateWrites(unittest.TestCase):
    def test_nobody_but_the_bot_changes_a_declared_room_not_even_a_server_admin(self) -> None:
        person, admin = homeserver.create_person("writer"), homeserver.create_server_admin("writing")
        room = room_with(person)
        homeserver.join(room, [admin])
        for event_type, content in OPENED.items():
            for who in (person, admin):
                with self.subTest(f"{event_type} by {who}"):
                    self.assertEqual(put_state(room, who, event_type, content), 403)

    def test_the_control_without_the_marks_of_a_declared_room_all_of_it_is_done(self) -> None:
        person = homeserver.create_person("control")
        room = room_with(person, is_declared=False)
        for event_type in ("m.room.server_acl", "m.room.join_rules", "m.room.history_visibility"):
            with self.subTest(event_type):
                self.assertEqual(put_state(room, person, event_type, OPENED[event_type]), 200)

    def test_a_server_admin_cannot_make_somebody_powerful_in_the_bots_name(self) -> None:
        admin = homeserver.create_server_admin("make-room-admin")
        room = room_with(admin)
        answer = homeserver.as_admin(admin, "POST", f"/rooms/{quote(room)}/make_room_admin", {"user_id": admin})
        self.assertEqual(answer.status, 403)
        free = room_with(admin, is_declared=False)
        answer = homeserver.as_admin(admin, "POST", f"/rooms/{quote(free)}/make_room_admin", {"user_id": admin})
        self.assertEqual(answer.status, 200, answer.body)

    def test_the_bot_does_its_work_and_people_talk_leave_and_take_back_what_they_said(self) -> None:
        person = homeserver.create_person("talker")
        room = room_with(person)
        self.assertEqual(homeserver.as_bot("PUT", f"/rooms/{quote(room)}/state/m.room.name", {"name": "x"}).status, 200)
        sent = homeserver.as_person(person, "PUT", f"/rooms/{quote(room)}/send/m.room.encrypted/1", {"ciphertext": "x"})
        redact = f"/rooms/{quote(room)}/redact/{quote(sent.body['event_id'])}/2"
        self.assertEqual(homeserver.as_person(person, "PUT", redact, {}).status, 200)
        self.assertEqual(homeserver.as_person(person, "POST", f"/rooms/{quote(room)}/leave", {}).status, 200)
        self.assertEqual(homeserver.members_of(room), {BOT: "join", person: "leave"})


class Memberships(unittest.TestCase):
    def test_nobody_but_the_bot_invites_not_even_a_server_admin(self) -> None:
        admin, other = homeserver.create_server_admin("inviting-admin"), homeserver.create_person("invited")
        for is_declared, status in ((True, 403), (False, 200)):
            with self.subTest(f"declared: {is_declared}"):
                room = room_with(admin, is_declared)
                answer = homeserver.as_person(admin, "POST", f"/rooms/{quote(room)}/invite", {"user_id": other})
                self.assertEqual(answer.status, status, answer.body)
                self.assertEqual(other in homeserver.members_of(room), not is_declared)

    def test_a_server_admin_forces_nobody_in(self) -> None:
        admin, other = homeserver.create_server_admin("forcing"), homeserver.create_person("forced")
        room = room_with(admin)
        forget_reports()
        answer = homeserver.as_admin(admin, "POST", f"/join/{quote(room)}", {"user_id": other})
        self.assertEqual(answer.status, 403, answer.body)
        _token, report = appservice.reports.get(timeout=30)
        self.assertEqual(report, {"rule": "membership.creator-only", "attacker": admin, "room": room})


def pusher(kind: Optional[str]) -> dict[str, object]:
    names = {"app_id": "x", "app_display_name": "x", "device_display_name": "x", "pushkey": "x", "lang": "de"}
    return {"kind": kind, **names, "data": {"url": "https://evil.test/_matrix/push/v1/notify"}}


class Pushers(unittest.TestCase):
    def test_nobody_sets_one_not_even_a_server_admin(self) -> None:
        for who in (homeserver.create_person("pushing"), homeserver.create_server_admin("pushing-admin"), BOT):
            with self.subTest(who):
                forget_reports()
                self.assertEqual(homeserver.as_person(who, "POST", "/pushers/set", pusher("http")).status, 403)
                self.assertEqual(homeserver.as_person(who, "GET", "/pushers").body, {"pushers": []})
                _token, report = appservice.reports.get(timeout=30)
                self.assertEqual(report, {"rule": "pusher.nobody", "attacker": who, "room": None})

    def test_one_that_was_set_before_can_be_taken_away(self) -> None:
        person = homeserver.create_person("pushing-before")
        self.assertEqual(homeserver.as_person(person, "POST", "/pushers/set", pusher(None)).status, 200)


def forget_reports() -> None:
    while not appservice.reports.empty():
        appservice.reports.get()


class ReportsOfRefusals(unittest.TestCase):
    def test_the_appservice_hears_who_tried_what_where(self) -> None:
        person = homeserver.create_person("reported")
        room = room_with(person)
        forget_reports()
        put_state(room, person, "m.room.name", {"name": "x"})
        token, report = appservice.reports.get(timeout=30)
        self.assertEqual(token, f"Bearer {homeserver.token}")
        self.assertEqual(report, {"rule": "state.creator-only", "attacker": person, "room": room})


class SettingsOfTheWall(unittest.TestCase):
    def test_every_problem_is_named(self) -> None:
        with self.assertRaises(ConfigError) as caught:
            Wall.parse_config({"report_url": "somewhere", "more": 1})
        for word in ("report_url", "report_token_path", "more"):
            self.assertIn(word, str(caught.exception))


if __name__ == "__main__":
    unittest.main()
