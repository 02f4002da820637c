# SPDX-License-Identifier: AGPL-3.0-or-later
"""The delivery ledger: what was handed to which other server (docs/adr/0020)."""

from .endpoint import DeliveriesEndpoint
from .recorder import DeliveryRecorder

__all__ = ["DeliveriesEndpoint", "DeliveryRecorder"]
