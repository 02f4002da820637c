# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a homeserver has: its accounts, those that were closed, and the rooms that they are in (docs/adr/0023)."""

from .endpoint import ClosedAccountsEndpoint, SurveyEndpoint

__all__ = ["ClosedAccountsEndpoint", "SurveyEndpoint"]
