"""The survey as the appservice reads it, on a homeserver where people made rooms themselves."""

import unittest
from typing import Any, Mapping
from urllib.parse import quote

from .homeserver import BOT, ProbeHomeserver

homeserver: ProbeHomeserver


def setUpModule() -> None:
    global homeserver
    homeserver = ProbeHomeserver()


def tearDownModule() -> None:
    homeserver.stop()


def survey() -> Mapping[str, Any]:
    answer = homeserver.ask_survey()
    assert answer.status == 200, answer
    return answer.body


def room(room_id: str) -> Mapping[str, Any]:
    (found,) = [found for found in survey()["rooms"] if found["room_id"] == room_id]
    return found


def content_of(room_id: str, event_type: str) -> Any:
    return [event["content"] for event in room(room_id)["state"] if event["type"] == event_type]


class Accounts(unittest.TestCase):
    def test_people_with_their_names_and_nobody_who_has_left(self) -> None:
        stays, leaves = homeserver.create_people("konto", 2)
        homeserver.mark_account(leaves, "deactivated")
        names = {account["user_id"]: account["display_name"] for account in survey()["accounts"]}
        self.assertEqual(names[stays], "Konto-0")
        self.assertIn(BOT, names)
        self.assertNotIn(leaves, names)


class Rooms(unittest.TestCase):
    def setUp(self) -> None:
        self.people = homeserver.create_people(f"leute-{self.id().rsplit('.', 1)[-1].replace('_', '-')}", 3)

    def test_who_is_in_or_invited_and_nobody_who_has_left(self) -> None:
        owner, invited, gone = self.people
        room_id = homeserver.create_room(owner, name="Runde", invite=[invited, gone])
        homeserver.as_person(gone, "POST", f"/rooms/{quote(room_id)}/leave", {})
        self.assertEqual(room(room_id)["members"], sorted([owner, invited]))

    def test_of_a_chat_nobody(self) -> None:
        owner, other, _ = self.people
        room_id = homeserver.create_room(owner, invite=[other], is_direct=True)
        self.assertEqual(room(room_id)["members"], [])

    def test_name_place_and_who_made_it_and_no_message(self) -> None:
        owner = self.people[0]
        space = homeserver.create_room(owner, name="Referat", creation_content={"type": "m.space"})
        link = {"type": "m.space.parent", "state_key": space, "content": {"via": ["probe.test"], "canonical": True}}
        room_id = homeserver.create_room(owner, name="Ablage", topic="Was liegt", initial_state=[link])
        homeserver.as_person(owner, "PUT", f"/rooms/{quote(room_id)}/send/m.room.message/1", {"body": "geheim"})
        self.assertEqual(content_of(room_id, "m.room.name"), [{"name": "Ablage"}])
        self.assertEqual(content_of(room_id, "m.room.topic")[0]["topic"], "Was liegt")
        self.assertEqual(content_of(space, "m.room.create")[0]["type"], "m.space")
        (parent,) = [event for event in room(room_id)["state"] if event["type"] == "m.space.parent"]
        self.assertEqual((parent["state_key"], parent["sender"]), (space, owner))
        self.assertNotIn("geheim", str(survey()))

    def test_a_redacted_name_is_gone(self) -> None:
        owner = self.people[0]
        room_id = homeserver.create_room(owner, name="Verschrieben")
        (name,) = [event for event in homeserver.state_of(room_id, owner) if event["type"] == "m.room.name"]
        path = f"/rooms/{quote(room_id)}/redact/{quote(name['event_id'])}/1"
        homeserver.as_person(owner, "PUT", path, {})
        self.assertEqual(content_of(room_id, "m.room.name"), [{}])

    def test_a_room_that_everybody_left_is_none(self) -> None:
        owner = self.people[0]
        room_id = homeserver.create_room(owner)
        homeserver.as_person(owner, "POST", f"/rooms/{quote(room_id)}/leave", {})
        self.assertNotIn(room_id, [found["room_id"] for found in survey()["rooms"]])


class ClosedAccounts(unittest.TestCase):
    def test_exactly_those_that_were_closed(self) -> None:
        stays, leaves = homeserver.create_people("zu", 2)
        homeserver.close_account(leaves)
        closed = homeserver.ask_closed_accounts().body["closed"]
        self.assertIn(leaves, closed)
        self.assertNotIn(stays, closed)
        self.assertNotIn(BOT, closed)


class Access(unittest.TestCase):
    def test_only_with_the_token_and_only_to_read(self) -> None:
        for ask in (homeserver.ask_survey, homeserver.ask_closed_accounts):
            for token in ("", "wrong", homeserver.token[:-1]):
                with self.subTest(f"{ask.__name__} {token}"):
                    self.assertEqual(ask(token=token).status, 401)
            self.assertEqual(ask(method="DELETE").status, 405)


if __name__ == "__main__":
    unittest.main()
