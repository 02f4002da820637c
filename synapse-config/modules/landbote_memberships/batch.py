# SPDX-License-Identifier: AGPL-3.0-or-later
"""
Writes many membership events as one batch: `EventCreationHandler.create_and_send_new_client_events`, with two
differences. The state between the batch's events is put into Synapse's cache, which otherwise reads it back from
the database three times an event and takes four fifths of the time for it; and whoever is joined is told at once.
"""

from typing import Sequence

from synapse.api.constants import EventTypes
from synapse.api.errors import Codes, SynapseError
from synapse.events import EventBase
from synapse.events.snapshot import EventPersistencePair, UnpersistedEventContext
from synapse.server import HomeServer
from synapse.types import JsonDict, MutableStateMap, Requester, StateMap, UserID


class Batch:
    def __init__(self, hs: HomeServer, sender: Requester) -> None:
        self._store = hs.get_datastores().main
        self._groups = hs.get_datastores().state
        self._state = hs.get_storage_controllers().state
        self._events = hs.get_event_creation_handler()
        self._sender = sender

    async def write(self, room_id: str, member_events: Sequence[JsonDict]) -> None:
        """
        Each event is authorised by the state that the ones before it leave; all stand or none.
        The caller holds the room's locks. Raises SynapseError, also if the room's history has several ends.
        """
        if not member_events:
            return
        end = await self._end_of(room_id)
        group = (await self._state.get_state_group_for_events([end]))[end]
        state = dict(await self._state.get_state_ids_for_group(group))
        created = await self._create(member_events, end, dict(state))
        pairs = await UnpersistedEventContext.batch_persist_unpersisted_contexts(created, room_id, group, self._groups)
        self._remember(pairs, state)
        targets = {UserID.from_string(event.state_key) for event, _ in pairs}
        await self._events.handle_new_client_event(self._sender, pairs, ratelimit=False, extra_users=list(targets))

    async def _end_of(self, room_id: str) -> str:
        ends = await self._store.get_latest_event_ids_in_room(room_id)
        if len(ends) != 1:
            raise SynapseError(409, "The room's history has several ends.", Codes.BAD_STATE)
        return next(iter(ends))

    async def _create(
        self, member_events: Sequence[JsonDict], prev_event_id: str, state: MutableStateMap[str]
    ) -> list[tuple[EventBase, UnpersistedEventContext]]:
        created = []
        depth = None
        for member_event in member_events:
            event, context = await self._events.create_event(
                self._sender,
                member_event,
                prev_event_ids=[prev_event_id],
                depth=depth,
                # The context keeps it.
                state_map=dict(state),
                for_batch=True,
            )
            created.append((event, context))
            prev_event_id, depth = event.event_id, event.depth + 1
            state[(event.type, event.state_key)] = event.event_id
        return created

    def _remember(self, pairs: Sequence[EventPersistencePair], state: StateMap[str]) -> None:
        """What authorisation, push rules and invitations will ask of the state before each event, and no more."""
        others = {key: event_id for key, event_id in state.items() if key[0] != EventTypes.Member}
        members = {key: event_id for key, event_id in state.items() if key[0] == EventTypes.Member}
        for event, context in pairs:
            group = context.state_group_before_event
            asked = {(EventTypes.Member, user_id) for user_id in (event.sender, event.state_key)}
            known = {key: members[key] for key in asked if key in members}
            member_cache, other_cache = self._groups._state_group_members_cache, self._groups._state_group_cache
            member_cache.update(member_cache.sequence, key=group, value=known, fetched_keys=asked)
            other_cache.update(other_cache.sequence, key=group, value=others)
            members[(event.type, event.state_key)] = event.event_id
