# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoint's section in homeserver.yaml."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from synapse.config import ConfigError

TOKEN_LENGTH_MIN = 32


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    token_path: Path
    """File with the token that callers show. The token itself stands in no configuration."""
    inviting_service: str
    """Id of the appservice registration whose own user creates the rooms and invites."""
    joining_service: str
    """Id of the registration whose namespace says who may be joined."""


def parse_settings(config: object) -> Settings:
    try:
        return Settings.model_validate(config)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()]
        raise ConfigError("; ".join(problems)) from None


def read_token(path: Path) -> str:
    token = path.read_text(encoding="utf-8").strip()
    if len(token) < TOKEN_LENGTH_MIN:
        raise ConfigError(f"{path}: the token is shorter than {TOKEN_LENGTH_MIN} characters")
    return token
