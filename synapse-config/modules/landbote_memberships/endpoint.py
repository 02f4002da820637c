# SPDX-License-Identifier: AGPL-3.0-or-later
"""
`POST /_landbote/v1/memberships` on a listener of its own (`additional_resources`), which no proxy leads to.
Only the appservice knows the token.
"""

import hmac
from http import HTTPStatus

from synapse.api.errors import Codes, SynapseError
from synapse.http.site import SynapseRequest
from synapse.module_api import ModuleApi
from synapse.types import JsonDict

from .memberships import Memberships
from .request import parse_request
from .settings import Settings, parse_settings, read_token


class MembershipsEndpoint:
    parse_config = staticmethod(parse_settings)

    def __init__(self, settings: Settings, api: ModuleApi) -> None:
        self._authorization = f"Bearer {read_token(settings.token_path)}".encode()
        # The batch path stands behind no public interface of ModuleApi (docs/adr/0016 says what is relied on).
        self._memberships = Memberships(api._hs, settings)

    async def handle_request(self, request: SynapseRequest) -> tuple[int, JsonDict]:
        if request.method != b"POST":
            raise SynapseError(HTTPStatus.METHOD_NOT_ALLOWED, "Only POST is known.", Codes.UNRECOGNIZED)
        self._require_token(request)
        wanted = parse_request(request.content.read())
        outcomes = await self._memberships.join(wanted.room_id, wanted.people)
        return HTTPStatus.OK, {"outcomes": {person: outcome.to_json() for person, outcome in outcomes.items()}}

    def _require_token(self, request: SynapseRequest) -> None:
        shown = request.getHeader(b"Authorization") or b""
        if not hmac.compare_digest(shown, self._authorization):
            raise SynapseError(HTTPStatus.UNAUTHORIZED, "The token is missing or wrong.", Codes.UNKNOWN_TOKEN)
