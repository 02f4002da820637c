"""A real Synapse with our modules, in a folder and on ports of its own."""

import json
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Mapping, NamedTuple, Optional
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import yaml

SERVER = "probe.test"
BOT = f"@landbote:{SERVER}"
MODULES = Path(__file__).parent.parent
PATH = "/_landbote/v1/memberships"
DELIVERIES_PATH = "/_landbote/v1/deliveries"
SURVEY_PATH = "/_landbote/v1/survey"
CLOSED_ACCOUNTS_PATH = "/_landbote/v1/closed-accounts"
START_SECONDS_MAX = 60
NOBODY_LISTENS = "http://127.0.0.1:9/"


class Answer(NamedTuple):
    status: int
    body: Any


class ProbeHomeserver:
    def __init__(self, report_url: str = NOBODY_LISTENS) -> None:
        self._report_url = report_url
        self._folder = Path(tempfile.mkdtemp(prefix="landbote-modules-"))
        self.client_port, self.memberships_port = _free_port(), _free_port()
        self.token = secrets.token_hex(32)
        self._bot_token, self._people_token = secrets.token_hex(32), secrets.token_hex(32)
        self._write_files()
        self._log = (self._folder / "process.log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "synapse.app.homeserver", "--config-path", str(self._folder / "homeserver.yaml")],
            cwd=self._folder,
            env={"PYTHONPATH": str(MODULES), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._await_health()
        self.as_bot("POST", "/register", {"type": "m.login.application_service", "username": "landbote"})

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._log.close()
        shutil.rmtree(self._folder)

    def create_room(self, creator: str = BOT, **more: Any) -> str:
        """Invite-only and encrypted, as the appservice's rooms are. `more`: further keys of the request."""
        state = [{"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
        body = {"preset": "private_chat", "room_version": "12", "initial_state": state, **more}
        return self._as(creator, "POST", "/createRoom", body).body["room_id"]

    def create_people(self, prefix: str, count: int) -> list[str]:
        return [self.create_person(f"{prefix}-{number}") for number in range(count)]

    def create_server_admin(self, localpart: str) -> str:
        person = self._register(localpart)
        # Before anything asks for it: Synapse remembers the answer.
        self.mark_account(person, "admin")
        return person

    def create_person(self, localpart: str) -> str:
        person = self._register(localpart)
        self.as_person(person, "PUT", f"/profile/{quote(person)}/displayname", {"displayname": localpart.title()})
        return person

    def _register(self, localpart: str) -> str:
        body = {"type": "m.login.application_service", "username": localpart, "inhibit_login": True}
        self._request("POST", self._client("/register"), body, self._people_token)
        return f"@{localpart}:{SERVER}"

    def as_bot(self, method: str, path: str, body: Optional[object] = None) -> Answer:
        return self._as(BOT, method, path, body)

    def as_person(self, person: str, method: str, path: str, body: Optional[object] = None) -> Answer:
        return self._as(person, method, path, body)

    def join(self, room_id: str, people: list[str]) -> Mapping[str, Any]:
        answer = self.ask({"room_id": room_id, "people": people})
        assert answer.status == 200, answer
        return answer.body["outcomes"]

    def ask(
        self, body: object, token: Optional[str] = None, port: Optional[int] = None, method: str = "POST"
    ) -> Answer:
        url = f"http://127.0.0.1:{port or self.memberships_port}{PATH}"
        return self._request(method, url, body, self.token if token is None else token)

    def state_of(self, room_id: str, reader: str = BOT) -> list[dict[str, Any]]:
        return self._as(reader, "GET", f"/rooms/{quote(room_id)}/state").body

    def members_of(self, room_id: str, reader: str = BOT) -> dict[str, str]:
        members = [event for event in self.state_of(room_id, reader) if event["type"] == "m.room.member"]
        return {event["state_key"]: event["content"]["membership"] for event in members}

    def as_admin(self, person: str, method: str, path: str, body: Optional[object] = None) -> Answer:
        """Asks the admin API."""
        url = f"http://127.0.0.1:{self.client_port}/_synapse/admin/v1{path}?{urlencode({'user_id': person})}"
        return self._request(method, url, body, self._people_token)

    def close_account(self, person: str) -> None:
        """As an administrator does."""
        admin = self.create_server_admin(f"closing-{secrets.token_hex(4)}")
        answer = self.as_admin(admin, "POST", f"/deactivate/{quote(person)}", {})
        assert answer.status == 200, answer

    def mark_account(self, person: str, column: str) -> None:
        """Sets one of the marks that the admin API sets on an account."""
        with self.database() as database:
            database.execute(f"UPDATE users SET {column} = 1 WHERE name = ?", (person,))

    def count_events(self) -> int:
        with self.database() as database:
            return database.execute("SELECT count(*) FROM events").fetchone()[0]

    def ask_ledger(self, token: Optional[str] = None, method: str = "GET", **query: object) -> Answer:
        return self._ask_module(f"{DELIVERIES_PATH}?{urlencode(query)}", token, method)

    def ask_survey(self, token: Optional[str] = None, method: str = "GET") -> Answer:
        return self._ask_module(SURVEY_PATH, token, method)

    def ask_closed_accounts(self, token: Optional[str] = None, method: str = "GET") -> Answer:
        return self._ask_module(CLOSED_ACCOUNTS_PATH, token, method)

    def _ask_module(self, path: str, token: Optional[str], method: str) -> Answer:
        url = f"http://127.0.0.1:{self.memberships_port}{path}"
        return self._request(method, url, None, self.token if token is None else token)

    def database(self) -> sqlite3.Connection:
        return sqlite3.connect(self._folder / "homeserver.db", timeout=10)

    def _as(self, user_id: str, method: str, path: str, body: Optional[object] = None) -> Answer:
        token = self._bot_token if user_id == BOT else self._people_token
        separator = "&" if "?" in path else "?"
        url = self._client(f"{path}{separator}{urlencode({'user_id': user_id})}")
        return self._request(method, url, body, token)

    def _client(self, path: str) -> str:
        return f"http://127.0.0.1:{self.client_port}/_matrix/client/v3{path}"

    @staticmethod
    def _request(method: str, url: str, body: Optional[object], token: str) -> Answer:
        content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            with urlopen(Request(url, content, headers, method=method), timeout=60) as answer:
                return Answer(answer.status, json.load(answer))
        except HTTPError as refusal:
            is_json = refusal.headers.get_content_type() == "application/json"
            return Answer(refusal.code, json.load(refusal) if is_json else None)

    def _await_health(self) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                urlopen(f"http://127.0.0.1:{self.memberships_port}/health", timeout=5).close()
                return
            except URLError:
                time.sleep(0.1)
        raise RuntimeError(f"Synapse did not start:\n{(self._folder / 'process.log').read_text()[-2000:]}")

    def _write_files(self) -> None:
        self._write("token", self.token)
        bot, people = f"@landbote:{SERVER}", f"@(?!admin-|landbote)[^:]+:{SERVER}"
        self._write("provisioner.yaml", _registration("landbote-provisioner", "landbote", self._bot_token, bot))
        self._write("people.yaml", _registration("landbote-people", "landbote-people", self._people_token, people))
        self._write("homeserver.yaml", self._config())

    def _write(self, name: str, content: object) -> None:
        (self._folder / name).write_text(content if isinstance(content, str) else yaml.safe_dump(content))

    def _config(self) -> dict[str, Any]:
        endpoint = {
            "module": "landbote_memberships.MembershipsEndpoint",
            "config": {
                "token_path": str(self._folder / "token"),
                "inviting_service": "landbote-provisioner",
                "joining_service": "landbote-people",
            },
        }
        token = {"token_path": str(self._folder / "token")}
        deliveries = {"module": "landbote_deliveries.DeliveriesEndpoint", "config": token}
        survey = {"module": "landbote_survey.SurveyEndpoint", "config": token}
        closed_accounts = {"module": "landbote_survey.ClosedAccountsEndpoint", "config": token}
        wall = {
            "module": "landbote_wall.Wall",
            "config": {"report_url": self._report_url, "report_token_path": str(self._folder / "token")},
        }
        return {
            "server_name": SERVER,
            "modules": [wall, {"module": "landbote_deliveries.DeliveryRecorder", "config": {}}],
            "listeners": [
                _listener(self.client_port, resources=[{"names": ["client"]}]),
                _listener(
                    self.memberships_port,
                    resources=[],
                    additional_resources={
                        PATH: endpoint,
                        DELIVERIES_PATH: deliveries,
                        SURVEY_PATH: survey,
                        CLOSED_ACCOUNTS_PATH: closed_accounts,
                    },
                ),
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self._folder / "homeserver.db")}},
            "app_service_config_files": [str(self._folder / name) for name in ("provisioner.yaml", "people.yaml")],
            "signing_key_path": str(self._folder / "signing.key"),
            "media_store_path": str(self._folder / "media"),
            "macaroon_secret_key": secrets.token_hex(16),
            "form_secret": secrets.token_hex(16),
            "trusted_key_servers": [],
            "presence": {"enabled": False},
            "report_stats": False,
        }


def _listener(port: int, **options: Any) -> dict[str, Any]:
    return {"type": "http", "port": port, "bind_addresses": ["127.0.0.1"], **options}


def _registration(service: str, sender: str, token: str, regex: str) -> dict[str, Any]:
    return {
        "id": service,
        "url": None,
        "as_token": token,
        "hs_token": secrets.token_hex(32),
        "sender_localpart": sender,
        "rate_limited": False,
        "namespaces": {"users": [{"exclusive": False, "regex": regex}], "aliases": [], "rooms": []},
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
