# SPDX-License-Identifier: AGPL-3.0-or-later
"""A module's section in homeserver.yaml, read by its schema."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from synapse.config import ConfigError

Settings = TypeVar("Settings", bound=BaseModel)


def parse_settings(schema: type[Settings], config: object) -> Settings:
    """Raises ConfigError that names every problem by its place."""
    try:
        return schema.model_validate(config)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()]
        raise ConfigError("; ".join(problems)) from None
