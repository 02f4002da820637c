"""Closed accounts in a real homeserver: nobody brings one back into a room."""

import unittest
from urllib.parse import quote

from .appservice import Appservice
from .homeserver import BOT, Answer, ProbeHomeserver

appservice: Appservice
homeserver: ProbeHomeserver


def setUpModule() -> None:
    global appservice, homeserver
    appservice = Appservice()
    homeserver = ProbeHomeserver(appservice.url)


def tearDownModule() -> None:
    homeserver.stop()
    appservice.stop()


def invite(room: str, person: str) -> Answer:
    return homeserver.as_bot("POST", f"/rooms/{quote(room)}/invite", {"user_id": person})


def join(room: str, person: str) -> Answer:
    return homeserver.as_person(person, "POST", f"/join/{quote(room)}", {})


DEACTIVATED = (403, "M_USER_DEACTIVATED")


class ClosedAccounts(unittest.TestCase):
    def test_cannot_be_invited_nor_added_with_others_while_others_can(self) -> None:
        gone, *others = homeserver.create_people("fort", 4)
        homeserver.close_account(gone)
        room = homeserver.create_room()
        answer = invite(room, gone)
        self.assertEqual((answer.status, answer.body["errcode"]), DEACTIVATED)
        self.assertEqual(invite(room, others[0]).status, 200)
        outcomes = homeserver.join(room, [gone, *others])
        self.assertEqual(outcomes[gone]["errcode"], "M_USER_DEACTIVATED")
        self.assertEqual(homeserver.members_of(room), {BOT: "join", **{person: "join" for person in others}})

    def test_cannot_join_not_even_where_anybody_may_and_that_is_told(self) -> None:
        gone, stays = homeserver.create_people("offen", 2)
        homeserver.close_account(gone)
        room = homeserver.create_room(preset="public_chat")
        answer = join(room, gone)
        self.assertEqual((answer.status, answer.body["errcode"]), DEACTIVATED)
        self.assertEqual(join(room, stays).status, 200)
        _, report = appservice.reports.get(timeout=5)
        self.assertEqual(report, {"rule": "account.closed", "attacker": gone, "room": room})


if __name__ == "__main__":
    unittest.main()
