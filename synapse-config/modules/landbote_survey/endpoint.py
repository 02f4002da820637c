# SPDX-License-Identifier: AGPL-3.0-or-later
"""`GET /_landbote/v1/survey` on the listener that only the appservice reaches, with the token that it shows there."""

from http import HTTPStatus

from synapse.api.errors import Codes, SynapseError
from synapse.http.site import SynapseRequest
from synapse.module_api import ModuleApi
from synapse.types import JsonDict

from landbote_private import Token, TokenSettings, parse_settings

from .survey import Survey


class SurveyEndpoint:
    @staticmethod
    def parse_config(config: object) -> TokenSettings:
        return parse_settings(TokenSettings, config)

    def __init__(self, settings: TokenSettings, api: ModuleApi) -> None:
        self._token = Token(settings.token_path)
        self._survey = Survey(api._hs)

    async def handle_request(self, request: SynapseRequest) -> tuple[int, JsonDict]:
        self._token.require(request)
        if request.method != b"GET":
            raise SynapseError(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET is known.", Codes.UNRECOGNIZED)
        return HTTPStatus.OK, {"accounts": await self._survey.accounts(), "rooms": await self._survey.rooms()}
