# SPDX-License-Identifier: AGPL-3.0-or-later
"""`GET /_landbote/v1/survey` and `GET /_landbote/v1/closed-accounts`."""

from synapse.http.site import SynapseRequest
from synapse.module_api import ModuleApi
from synapse.types import JsonDict

from landbote_private import ReadEndpoint, TokenSettings

from .survey import Survey


class SurveyEndpoint(ReadEndpoint):
    def __init__(self, settings: TokenSettings, api: ModuleApi) -> None:
        super().__init__(settings, api)
        self._survey = Survey(api._hs)

    async def read(self, _request: SynapseRequest) -> JsonDict:
        return {"accounts": await self._survey.accounts(), "rooms": await self._survey.rooms()}


class ClosedAccountsEndpoint(ReadEndpoint):
    def __init__(self, settings: TokenSettings, api: ModuleApi) -> None:
        super().__init__(settings, api)
        self._survey = Survey(api._hs)

    async def read(self, _request: SynapseRequest) -> JsonDict:
        return {"closed": await self._survey.closed_accounts()}
