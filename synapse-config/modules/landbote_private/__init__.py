# SPDX-License-Identifier: AGPL-3.0-or-later
"""What our modules share: reading their settings, and the token on the listener that only the appservice reaches."""

from .read_endpoint import ReadEndpoint
from .settings import parse_settings
from .token import Token, TokenSettings

__all__ = ["ReadEndpoint", "Token", "TokenSettings", "parse_settings"]
