# SPDX-License-Identifier: AGPL-3.0-or-later
"""
Writes many messages of a room as one batch, dated as wished: `PUT /send` would take an hour for the measured account.
Only the benchmark's homeserver loads it. `POST /_bench/history`:
`{"room_id": …, "messages": [{"sender": …, "body": …, "sent_at": milliseconds}]}`, by anybody who is signed in.
"""

from http import HTTPStatus

from synapse.events.snapshot import UnpersistedEventContext
from synapse.http.server import DirectServeJsonResource
from synapse.http.servlet import parse_json_object_from_request
from synapse.http.site import SynapseRequest
from synapse.module_api import ModuleApi
from synapse.server import HomeServer
from synapse.types import JsonDict, create_requester


class BenchHistory:
    def __init__(self, config: JsonDict, api: ModuleApi) -> None:
        api.register_web_resource("/_bench/history", HistoryResource(api._hs))

    @staticmethod
    def parse_config(config: JsonDict) -> JsonDict:
        return config


class HistoryResource(DirectServeJsonResource):
    def __init__(self, hs: HomeServer) -> None:
        super().__init__(clock=hs.get_clock())
        self._auth = hs.get_auth()
        self._store = hs.get_datastores().main
        self._groups = hs.get_datastores().state
        self._state = hs.get_storage_controllers().state
        self._events = hs.get_event_creation_handler()

    async def _async_render_POST(self, request: SynapseRequest) -> tuple[int, JsonDict]:
        requester = await self._auth.get_user_by_req(request)
        wanted = parse_json_object_from_request(request)
        room_id = wanted["room_id"]
        [end] = await self._store.get_latest_event_ids_in_room(room_id)
        group = (await self._state.get_state_group_for_events([end]))[end]
        state = dict(await self._state.get_state_ids_for_group(group))
        created = []
        depth = None
        for message in wanted["messages"]:
            event, context = await self._events.create_event(
                create_requester(message["sender"]),
                message_event(room_id, message),
                prev_event_ids=[end],
                depth=depth,
                state_map=dict(state),
                for_batch=True,
            )
            created.append((event, context))
            end, depth = event.event_id, event.depth + 1
        pairs = await UnpersistedEventContext.batch_persist_unpersisted_contexts(created, room_id, group, self._groups)
        await self._events.handle_new_client_event(requester, pairs, ratelimit=False)
        return HTTPStatus.OK, {}


def message_event(room_id: str, message: JsonDict) -> JsonDict:
    return {
        "type": "m.room.message",
        "room_id": room_id,
        "sender": message["sender"],
        "origin_server_ts": message["sent_at"],
        "content": {"msgtype": "m.text", "body": message["body"]},
    }
