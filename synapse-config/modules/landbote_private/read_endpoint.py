# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only tells: `GET` on the listener that only the appservice reaches, with the token that it shows there."""

from http import HTTPStatus

from synapse.api.errors import Codes, SynapseError
from synapse.http.site import SynapseRequest
from synapse.module_api import ModuleApi
from synapse.types import JsonDict

from .settings import parse_settings
from .token import Token, TokenSettings


class ReadEndpoint:
    """Each kind says what it tells by `read`."""

    @staticmethod
    def parse_config(config: object) -> TokenSettings:
        return parse_settings(TokenSettings, config)

    def __init__(self, settings: TokenSettings, _api: ModuleApi) -> None:
        self._token = Token(settings.token_path)

    async def read(self, request: SynapseRequest) -> JsonDict:
        raise NotImplementedError

    async def handle_request(self, request: SynapseRequest) -> tuple[int, JsonDict]:
        """Raises SynapseError 401 without the token, 405 for anything but GET."""
        self._token.require(request)
        if request.method != b"GET":
            raise SynapseError(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET is known.", Codes.UNRECOGNIZED)
        return HTTPStatus.OK, await self.read(request)
