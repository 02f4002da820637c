# SPDX-License-Identifier: AGPL-3.0-or-later
"""The token that the appservice shows. It stands in a file and in no configuration."""

import hmac
from http import HTTPStatus
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from synapse.api.errors import Codes, SynapseError
from synapse.config import ConfigError
from synapse.http.site import SynapseRequest

LENGTH_MIN = 32


class TokenSettings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    token_path: Path
    """File with the token that callers show."""


class Token:
    def __init__(self, path: Path) -> None:
        """Raises ConfigError if what the file holds is too short for a token."""
        token = path.read_text(encoding="utf-8").strip()
        if len(token) < LENGTH_MIN:
            raise ConfigError(f"{path}: the token is shorter than {LENGTH_MIN} characters")
        self._authorization = f"Bearer {token}".encode()

    def require(self, request: SynapseRequest) -> None:
        """Compares in constant time. Raises SynapseError 401."""
        shown = request.getHeader(b"Authorization") or b""
        if not hmac.compare_digest(shown, self._authorization):
            raise SynapseError(HTTPStatus.UNAUTHORIZED, "The token is missing or wrong.", Codes.UNKNOWN_TOKEN)
