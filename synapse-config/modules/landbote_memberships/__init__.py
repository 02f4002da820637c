# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joins many people of this homeserver to one room in one request (docs/adr/0016)."""

from .endpoint import MembershipsEndpoint

__all__ = ["MembershipsEndpoint"]
