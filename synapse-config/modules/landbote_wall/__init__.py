# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wall inside the homeserver: what no event may do to a room of the organisation, and that nobody has a pusher (docs/adr/0019)."""

from .wall import Wall

__all__ = ["Wall"]
