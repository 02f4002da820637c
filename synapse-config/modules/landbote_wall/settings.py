# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wall's section in homeserver.yaml."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, HttpUrl


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    report_url: HttpUrl
    """Where the appservice takes reports of refusals."""
    report_token_path: Path
    """File with the token that goes with them. The token itself stands in no configuration."""
