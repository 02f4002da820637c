# SPDX-License-Identifier: AGPL-3.0-or-later
"""
`POST /_landbote/v1/memberships` on a listener of its own (`additional_resources`), which no proxy leads to.
Only the appservice knows the token.
"""

from http import HTTPStatus

from synapse.api.errors import Codes, SynapseError
from synapse.http.site import SynapseRequest
from synapse.module_api import ModuleApi
from synapse.types import JsonDict

from landbote_private import Token, parse_settings

from .memberships import Memberships
from .request import parse_request
from .settings import Settings


class MembershipsEndpoint:
    @staticmethod
    def parse_config(config: object) -> Settings:
        return parse_settings(Settings, config)

    def __init__(self, settings: Settings, api: ModuleApi) -> None:
        self._token = Token(settings.token_path)
        # The batch path stands behind no public interface of ModuleApi (docs/adr/0016 says what is relied on).
        self._memberships = Memberships(api._hs, settings)

    async def handle_request(self, request: SynapseRequest) -> tuple[int, JsonDict]:
        self._token.require(request)
        if request.method != b"POST":
            raise SynapseError(HTTPStatus.METHOD_NOT_ALLOWED, "Only POST is known.", Codes.UNRECOGNIZED)
        wanted = parse_request(request.content.read())
        outcomes = await self._memberships.join(wanted.room_id, wanted.people)
        return HTTPStatus.OK, {"outcomes": {person: outcome.to_json() for person, outcome in outcomes.items()}}
