# SPDX-License-Identifier: AGPL-3.0-or-later
"""
Nobody may have a pusher: it is an address of a person's choice to which the homeserver posts who writes in which room.
Synapse asks no module about pushers, so the rule stands where Synapse adds one, whichever of its APIs was asked.
"""

from functools import wraps
from typing import NoReturn

from synapse.api.errors import Codes, SynapseError
from synapse.push.pusherpool import PusherPool

from .reports import Reports

RULE = "pusher.nobody"


def refuse_pushers(pool: PusherPool, reports: Reports) -> None:
    # `wraps` fails, and with it the start, should another version of Synapse add pushers in another way.
    @wraps(pool.add_or_update_pusher)
    async def refuse(user_id: str, **_pusher: object) -> NoReturn:
        reports.tell(RULE, user_id, None, "a pusher")
        raise SynapseError(403, "Not allowed on this homeserver", Codes.FORBIDDEN)

    pool.add_or_update_pusher = refuse  # type: ignore[method-assign]
