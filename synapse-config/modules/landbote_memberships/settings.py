# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoint's section in homeserver.yaml."""

from landbote_private import TokenSettings


class Settings(TokenSettings):
    inviting_service: str
    """Id of the appservice registration whose own user creates the rooms and invites."""
    joining_service: str
    """Id of the registration whose namespace says who may be joined."""
