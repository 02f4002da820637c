# SPDX-License-Identifier: AGPL-3.0-or-later
"""
Memberships that are written here: an invitation, a removal, a join. About them Synapse does not ask `check_event_for_spam`,
and policy is not asked about those of server admins. `check_event_allowed` it does ask, but for a module that answers it,
Synapse reads the whole state of the room before every message. So the rules stand in front of that question and read what
they need.
"""

from functools import wraps
from typing import Awaitable, Callable, Optional

from synapse.api.constants import EventTypes
from synapse.events import EventBase
from synapse.events.snapshot import UnpersistedEventContextBase
from synapse.module_api.callbacks.third_party_event_rules_callbacks import ThirdPartyEventRulesModuleApiCallbacks


def judge_memberships(
    questions: ThirdPartyEventRulesModuleApiCallbacks, is_refused: Callable[[EventBase], Awaitable[bool]]
) -> None:
    asked_before = questions.check_event_allowed

    # `wraps` fails, and with it the start, should another version of Synapse ask in another way.
    @wraps(asked_before)
    async def check(event: EventBase, context: UnpersistedEventContextBase) -> tuple[bool, Optional[dict]]:
        if event.type == EventTypes.Member and await is_refused(event):
            return False, None
        return await asked_before(event, context)

    questions.check_event_allowed = check  # type: ignore[method-assign]
