# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a homeserver has: its accounts, and the rooms that they are in (docs/adr/0023)."""

from .endpoint import SurveyEndpoint

__all__ = ["SurveyEndpoint"]
