# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells the appservice of refusals, which writes them to its audit trail. Nobody waits for that."""

import logging
from typing import Optional

from synapse.module_api import ModuleApi

from .settings import Settings

logger = logging.getLogger(__name__)


class Reports:
    def __init__(self, settings: Settings, api: ModuleApi) -> None:
        self._api = api
        self._url = str(settings.report_url)
        self._token = settings.report_token_path.read_text(encoding="utf-8").strip()

    def tell(self, rule: str, attacker: str, room: Optional[str], what: str) -> None:
        """`what` was refused, in words for the log alone."""
        logger.warning("refused %s of %s in %s: %s", what, attacker, room, rule)
        report = {"rule": rule, "attacker": attacker, "room": room}
        self._api.run_as_background_process("landbote_wall_report", self._send, report)

    async def _send(self, report: dict[str, Optional[str]]) -> None:
        headers = {b"Authorization": [f"Bearer {self._token}".encode()]}
        try:
            await self._api.http_client.post_json_get_json(self._url, report, headers)
        except Exception as error:
            # It stays refused; the line above stands in the log.
            logger.warning("the appservice took no report of it: %s", error)
