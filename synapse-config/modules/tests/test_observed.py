"""What of Synapse's log is a refusal, by real records. That Synapse writes them: test/federation/wall/observed.test.ts."""

import json
import logging
import unittest
from typing import Any, Optional

from landbote_wall.observed import OnlyRefusals, Refusal, RefusalFormatter, refusal_of

POLICE = "polizei.test"
URL = "/_matrix/federation/v1/make_join/%21room/@cop:polizei.test?ver=12"
ANSWER = "%s SynapseError: %s - %s"


def record(template: str, *arguments: object, **context: Any) -> logging.LogRecord:
    made = logging.LogRecord("synapse.http.server", logging.INFO, "server.py", 1, template, arguments, None)
    fields = {"site_tag": "federation", "url": URL, "requester": None, **context}
    for name, value in fields.items():
        setattr(made, name, value)
    return made


class Observed(unittest.TestCase):
    def test_each_refusal_names_rule_attacker_and_room(self) -> None:
        denied = f"Federation denied with {POLICE}."
        banned = "Server is banned from room"
        typing = "Ignoring typing EDU for room %s from banned server because of ACL's"
        receipts = "Ignoring receipts in EDU for rooms %s from banned server %s because of ACL's"
        cases: dict[str, tuple[logging.LogRecord, Optional[Refusal]]] = {
            "whitelist": (record(ANSWER, "x", 403, denied), Refusal("whitelist.not-listed", POLICE, "!room")),
            "acl": (record(ANSWER, "x", 403, banned, requester=POLICE), Refusal("acl.not-listed", POLICE, "!room")),
            "typing": (record(typing, "!r", requester=POLICE), Refusal("acl.not-listed", POLICE, "!r")),
            "receipts": (record(receipts, {"!b", "!a"}, POLICE), Refusal("acl.not-listed", POLICE, "!a")),
            "other": (record(ANSWER, "x", 403, "No.", requester=POLICE), Refusal("request.forbidden", POLICE, "!room")),
            "signature": (record(ANSWER, "x", 401, "No."), Refusal("request.unauthenticated", None, "!room")),
            "no room": (record(ANSWER, "x", 401, "No.", url="/_matrix"), Refusal("request.unauthenticated", None, None)),
            "not found": (record(ANSWER, "x", 404, denied), None),
            "a client": (record(ANSWER, "x", 403, denied, site_tag="client"), None),
            "no request": (logging.LogRecord("x", logging.INFO, "x", 1, ANSWER, ("x", 403, denied), None), None),
        }
        for name, (made, expected) in cases.items():
            with self.subTest(name):
                self.assertEqual(refusal_of(made), expected)
                self.assertEqual(OnlyRefusals().filter(made), expected is not None)

    def test_what_a_stranger_writes_makes_no_refusal(self) -> None:
        forged = f"<request> SynapseError: 403 - Federation denied with {POLICE}."
        for made in (record("%s", forged), record(forged), record(ANSWER, forged, 404, "Not found")):
            self.assertIsNone(refusal_of(made))

    def test_a_line_is_json_and_long_names_are_cut(self) -> None:
        made = record(ANSWER, "x", 403, f"Federation denied with {'a' * 9999}\n.")
        line = RefusalFormatter().format(made)
        self.assertNotIn("\n", line)
        self.assertEqual(json.loads(line)["attacker"], "a" * 255)


if __name__ == "__main__":
    unittest.main()
