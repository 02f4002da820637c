"""What callers of the endpoint may rely on, on a real Synapse."""

import unittest
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from .homeserver import BOT, SERVER, ProbeHomeserver

homeserver: ProbeHomeserver


def setUpModule() -> None:
    global homeserver
    homeserver = ProbeHomeserver()


def tearDownModule() -> None:
    homeserver.stop()


def refused(errcode: str) -> dict[str, str]:
    return {"outcome": "refused", "errcode": errcode}


def without_reason(outcome: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in outcome.items() if key != "error"}


class Joining(unittest.TestCase):
    def test_everybody_is_invited_by_the_bot_and_then_joins(self) -> None:
        room, people = homeserver.create_room(), homeserver.create_people("joining", 5)
        self.assertEqual(homeserver.join(room, people), {person: {"outcome": "joined"} for person in people})
        self.assertEqual(homeserver.members_of(room), {BOT: "join", **{person: "join" for person in people}})
        path = f"/rooms/{quote(room)}/messages?dir=f&limit=100"
        members = [event for event in homeserver.as_bot("GET", path).body["chunk"] if event["type"] == "m.room.member"]
        steps = [(event["sender"], event["state_key"], event["content"]["membership"]) for event in members[1:]]
        pairs = [[(BOT, person, "invite"), (person, person, "join")] for person in people]
        self.assertEqual(steps, [step for pair in pairs for step in pair])

    def test_the_state_is_the_same_as_after_single_joins(self) -> None:
        people = homeserver.create_people("equal", 4)
        together, singly = homeserver.create_room(), homeserver.create_room()
        homeserver.join(together, people)
        for person in people:
            homeserver.as_bot("POST", f"/rooms/{quote(singly)}/invite", {"user_id": person})
            homeserver.as_person(person, "POST", f"/join/{quote(singly)}", {})

        def contents(room: str) -> dict[tuple[str, str], object]:
            return {(e["type"], e["state_key"]): (e["sender"], e["content"]) for e in homeserver.state_of(room)}

        self.assertEqual(contents(together), contents(singly))

    def test_a_repetition_writes_no_event(self) -> None:
        room, people = homeserver.create_room(), homeserver.create_people("again", 3)
        homeserver.join(room, people)
        before = homeserver.count_events()
        self.assertEqual(homeserver.join(room, people), {person: {"outcome": "present"} for person in people})
        self.assertEqual(homeserver.count_events(), before)

    def test_somebody_named_twice_is_joined_once(self) -> None:
        room, (person,) = homeserver.create_room(), homeserver.create_people("twice", 1)
        self.assertEqual(homeserver.join(room, [person, person]), {person: {"outcome": "joined"}})

    def test_whoever_is_invited_already_only_joins(self) -> None:
        room, people = homeserver.create_room(), homeserver.create_people("invited", 3)
        for person in people:
            homeserver.as_bot("POST", f"/rooms/{quote(room)}/invite", {"user_id": person})
        before = homeserver.count_events()
        homeserver.join(room, people)
        self.assertEqual(homeserver.count_events() - before, len(people))

    def test_more_people_than_one_batch_holds_are_all_joined(self) -> None:
        room, people = homeserver.create_room(), homeserver.create_people("many", 120)
        outcomes = homeserver.join(room, people)
        self.assertEqual({outcome["outcome"] for outcome in outcomes.values()}, {"joined"})
        self.assertEqual(len(homeserver.members_of(room)), 121)

    def test_overlapping_requests_at_once_join_each_person_once(self) -> None:
        room, people = homeserver.create_room(), homeserver.create_people("race", 20)
        before = homeserver.count_events()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda shift: homeserver.join(room, people[shift:] + people[:shift]), range(4)))
        self.assertEqual(homeserver.count_events() - before, 2 * len(people))
        self.assertEqual(set(homeserver.members_of(room).values()), {"join"})

    def test_what_is_written_meanwhile_undoes_nothing(self) -> None:
        room, people = homeserver.create_room(), homeserver.create_people("meanwhile", 60)

        def talk() -> None:
            for number in range(20):
                homeserver.as_bot("PUT", f"/rooms/{quote(room)}/send/m.room.encrypted/t{number}", {"ciphertext": "x"})

        with ThreadPoolExecutor(2) as pool:
            talking = pool.submit(talk)
            homeserver.join(room, people[:30])
            homeserver.join(room, people[30:])
            talking.result()
        self.assertEqual(homeserver.members_of(room), {BOT: "join", **{person: "join" for person in people}})

    def test_a_person_who_waits_in_sync_sees_the_room_at_once(self) -> None:
        room, (first, person) = homeserver.create_room(), homeserver.create_people("waiting", 2)
        since = homeserver.as_person(person, "GET", "/sync?timeout=0").body["next_batch"]
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(homeserver.as_person, person, "GET", f"/sync?timeout=30000&since={since}")
            homeserver.join(room, [first, person])
            self.assertIn(room, waiting.result().body["rooms"]["join"])


class Consequences(unittest.TestCase):
    def test_members_learn_of_the_devices_of_whoever_joins(self) -> None:
        room, (member, one, other) = homeserver.create_room(), homeserver.create_people("devices", 3)
        homeserver.join(room, [member])
        since = homeserver.as_person(member, "GET", "/sync?timeout=0").body["next_batch"]
        homeserver.join(room, [one, other])
        changed = homeserver.as_person(member, "GET", f"/sync?timeout=0&since={since}").body["device_lists"]["changed"]
        self.assertLessEqual({one, other}, set(changed))

    def test_the_join_carries_the_profile(self) -> None:
        room, people = homeserver.create_room(), homeserver.create_people("profile", 2)
        homeserver.join(room, people)
        members = [event for event in homeserver.state_of(room) if event["type"] == "m.room.member"]
        names = {event["state_key"]: event["content"].get("displayname") for event in members}
        self.assertEqual([names[person] for person in people], ["Profile-0", "Profile-1"])


class Refusals(unittest.TestCase):
    def outcomes_beside_sound_people(self, person: str, room: str, prefix: str) -> dict[str, str]:
        """Somebody who is refused holds up nobody else."""
        sound = homeserver.create_people(prefix, 3)
        outcomes = homeserver.join(room, [sound[0], person, *sound[1:]])
        self.assertEqual([outcomes[other] for other in sound], [{"outcome": "joined"}] * 3)
        self.assertNotIn(homeserver.members_of(room).get(person), ("join", "invite"))
        return without_reason(outcomes[person])

    def test_an_account_that_does_not_exist(self) -> None:
        room = homeserver.create_room()
        self.assertEqual(self.outcomes_beside_sound_people(f"@nobody:{SERVER}", room, "exists"), refused("M_NOT_FOUND"))

    def test_people_who_are_not_the_appservices(self) -> None:
        for name, person in {"unlike-admin": f"@admin-a:{SERVER}", "unlike-other": "@anna:elsewhere.test"}.items():
            with self.subTest(person):
                outcome = self.outcomes_beside_sound_people(person, homeserver.create_room(), name)
                self.assertEqual(outcome, refused("M_EXCLUSIVE"))

    def test_accounts_that_may_not_act(self) -> None:
        marks = {"deactivated": "M_USER_DEACTIVATED", "locked": "M_USER_LOCKED", "suspended": "M_USER_SUSPENDED"}
        for mark, errcode in marks.items():
            with self.subTest(mark):
                person = homeserver.create_person(f"is-{mark}")
                homeserver.mark_account(person, mark)
                outcome = self.outcomes_beside_sound_people(person, homeserver.create_room(), mark)
                self.assertEqual(outcome, refused(errcode))

    def test_whoever_is_banned(self) -> None:
        room, person = homeserver.create_room(), homeserver.create_person("banned")
        homeserver.as_bot("POST", f"/rooms/{quote(room)}/ban", {"user_id": person})
        self.assertEqual(self.outcomes_beside_sound_people(person, room, "unbanned"), refused("M_BAD_STATE"))

    def test_whoever_takes_no_invitations(self) -> None:
        room, person = homeserver.create_room(), homeserver.create_person("closed")
        path = f"/user/{quote(person)}/account_data/m.invite_permission_config"
        self.assertEqual(homeserver.as_person(person, "PUT", path, {"default_action": "block"}).status, 200)
        self.assertEqual(self.outcomes_beside_sound_people(person, room, "open"), refused("M_INVITE_BLOCKED"))


class Rooms(unittest.TestCase):
    def test_only_rooms_that_the_bot_created(self) -> None:
        owner, person = homeserver.create_people("owner", 2)
        for room in (homeserver.create_room(owner), "!" + "A" * 43):
            with self.subTest(room):
                answer = homeserver.ask({"room_id": room, "people": [person]})
                self.assertEqual((answer.status, answer.body["errcode"]), (403, "M_FORBIDDEN"))

    def test_a_room_that_the_bot_has_left(self) -> None:
        room, people = homeserver.create_room(), homeserver.create_people("left", 4)
        homeserver.join(room, people[:1])
        homeserver.as_bot("POST", f"/rooms/{quote(room)}/leave", {})
        outcomes = homeserver.join(room, people[1:])
        self.assertEqual([outcomes[person]["outcome"] for person in people[1:]], ["refused"] * 3)
        self.assertEqual(homeserver.members_of(room, people[0]), {BOT: "leave", people[0]: "join"})


class Door(unittest.TestCase):
    def test_without_the_token_nothing_is_read(self) -> None:
        for token in ("", "wrong", homeserver.token[:-1]):
            with self.subTest(token):
                answer = homeserver.ask(b"no json", token=token)
                self.assertEqual((answer.status, answer.body["errcode"]), (401, "M_UNKNOWN_TOKEN"))

    def test_the_clients_listener_knows_no_such_path(self) -> None:
        self.assertEqual(homeserver.ask({"room_id": "!a:b", "people": []}, port=homeserver.client_port).status, 404)

    def test_only_post(self) -> None:
        self.assertEqual(homeserver.ask(None, method="GET").status, 405)

    def test_every_problem_of_a_request_is_named(self) -> None:
        answer = homeserver.ask({"room_id": "room", "people": ["anna", 5], "more": True})
        self.assertEqual((answer.status, answer.body["errcode"]), (400, "M_BAD_JSON"))
        places = {problem["path"] for problem in answer.body["problems"]}
        self.assertEqual(places, {"room_id", "people.0", "people.1", "more"})

    def test_what_is_no_json_or_names_too_few_or_too_many_is_refused(self) -> None:
        crowd = [f"@person-{number}:{SERVER}" for number in range(501)]
        for body in (b"{", b"[]", {"room_id": "!a:b", "people": []}, {"room_id": "!a:b", "people": crowd}):
            with self.subTest(str(body)[:40]):
                self.assertEqual(homeserver.ask(body).status, 400)


if __name__ == "__main__":
    unittest.main()
