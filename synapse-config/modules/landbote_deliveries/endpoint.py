# SPDX-License-Identifier: AGPL-3.0-or-later
"""
`GET /_landbote/v1/deliveries` on the listener that only the appservice reaches, with the token that it shows there: the
lines of a room, or with `verify` whether the whole ledger is intact.
"""

from http import HTTPStatus

from synapse.api.errors import Codes, SynapseError
from synapse.http.servlet import parse_boolean, parse_integer, parse_string
from synapse.http.site import SynapseRequest
from synapse.module_api import ModuleApi
from synapse.types import JsonDict

from landbote_private import Token, TokenSettings, parse_settings

from .ledger import Ledger

LIMIT_MAX = 1000


class DeliveriesEndpoint:
    @staticmethod
    def parse_config(config: object) -> TokenSettings:
        return parse_settings(TokenSettings, config)

    def __init__(self, settings: TokenSettings, api: ModuleApi) -> None:
        self._token = Token(settings.token_path)
        self._ledger = Ledger(api._hs)

    async def handle_request(self, request: SynapseRequest) -> tuple[int, JsonDict]:
        self._token.require(request)
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
