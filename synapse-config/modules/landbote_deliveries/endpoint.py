# SPDX-License-Identifier: AGPL-3.0-or-later
"""
`GET /_landbote/v1/deliveries` on the listener that only the appservice reaches, with the token that it shows there: the
lines of a room, or with `verify` whether the whole ledger is intact.
"""

import hmac
from http import HTTPStatus
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from synapse.api.errors import Codes, SynapseError
from synapse.http.servlet import parse_boolean, parse_integer, parse_string
from synapse.http.site import SynapseRequest
from synapse.module_api import ModuleApi
from synapse.types import JsonDict

from .ledger import Ledger

LIMIT_MAX = 1000


class EndpointSettings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    token_path: Path
    """File with the token that callers show."""


class DeliveriesEndpoint:
    @staticmethod
    def parse_config(config: object) -> EndpointSettings:
        return EndpointSettings.model_validate(config)

    def __init__(self, settings: EndpointSettings, api: ModuleApi) -> None:
        token = settings.token_path.read_text(encoding="utf-8").strip()
        self._authorization = f"Bearer {token}".encode()
        self._ledger = Ledger(api._hs)

    async def handle_request(self, request: SynapseRequest) -> tuple[int, JsonDict]:
        shown = request.getHeader(b"Authorization") or b""
        if not hmac.compare_digest(shown, self._authorization):
            raise SynapseError(HTTPStatus.UNAUTHORIZED, "The token is missing or wrong.", Codes.UNKNOWN_TOKEN)
        if request.method != b"GET":
            raise SynapseError(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET is known.", Codes.UNRECOGNIZED)
        if parse_boolean(request, "verify", default=False):
            return HTTPStatus.OK, await self._verify()
        return HTTPStatus.OK, await self._read(request)

    async def _verify(self) -> JsonDict:
        verification = await self._ledger.verify()
        return {
            "entries": verification.entries,
            "first_bad_sequence": verification.first_bad_sequence,
            "head": verification.head,
        }

    async def _read(self, request: SynapseRequest) -> JsonDict:
        room_id = parse_string(request, "room_id", required=True)
        server = parse_string(request, "server")
        after = parse_integer(request, "after", default=0)
        limit = min(parse_integer(request, "limit", default=100), LIMIT_MAX)
        count, entries = await self._ledger.read(room_id, server, after, limit)
        return {"count": count, "entries": [entry.to_json() for entry in entries]}
