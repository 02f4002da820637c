# SPDX-License-Identifier: AGPL-3.0-or-later
"""`GET /_landbote/v1/deliveries`: the lines of a room, or with `verify` whether the whole ledger is intact."""

from synapse.http.servlet import parse_boolean, parse_integer, parse_string
from synapse.http.site import SynapseRequest
from synapse.module_api import ModuleApi
from synapse.types import JsonDict

from landbote_private import ReadEndpoint, TokenSettings

from .ledger import Ledger

LIMIT_MAX = 1000


class DeliveriesEndpoint(ReadEndpoint):
    def __init__(self, settings: TokenSettings, api: ModuleApi) -> None:
        super().__init__(settings, api)
        self._ledger = Ledger(api._hs)

    async def read(self, request: SynapseRequest) -> JsonDict:
        if parse_boolean(request, "verify", default=False):
            return await self._verify()
        return await self._read(request)

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
