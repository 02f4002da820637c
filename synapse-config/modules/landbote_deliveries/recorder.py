# SPDX-License-Identifier: AGPL-3.0-or-later
"""
Notes every event before it leaves.

Synapse's callback `on_event_delivered_over_federation` tells of what other servers fetch, before it is sent; of what is
pushed it tells only afterwards, and only what the other server has acknowledged: one that takes events and answers with
errors would leave no trace. It says nothing of invitations. So what is pushed is noted where Synapse hands it to its
transport, and is not sent if it could not be noted.
"""

from inspect import signature
from typing import Any, Awaitable, Callable, Collection

from pydantic import BaseModel, ConfigDict

from synapse.events import EventBase
from synapse.federation.units import Edu
from synapse.module_api import ModuleApi
from synapse.module_api.callbacks.federation import FederationEventDeliveryEvent
from synapse.server import HomeServer

from .entry import Delivery
from .ledger import Ledger

MEMBERSHIP_WAYS = {
    "send_invite_v1": "/invite",
    "send_invite_v2": "/invite",
    "send_join_v1": "/send_join",
    "send_join_v2": "/send_join",
    "send_leave_v1": "/send_leave",
    "send_leave_v2": "/send_leave",
    "send_knock_v1": "/send_knock",
}
"""Methods of Synapse's federation transport that hand one event to another server, and their endpoints."""


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeliveryRecorder:
    @staticmethod
    def parse_config(config: object) -> Settings:
        return Settings.model_validate(config)

    def __init__(self, _settings: Settings, api: ModuleApi) -> None:
        self._ledger = Ledger(api._hs)
        api.register_federation_callbacks(on_event_delivered_over_federation=self._note_fetched)
        self._note_memberships(api._hs)
        if api._hs.should_send_federation():
            self._note_transactions(api._hs)

    async def _note_fetched(self, delivery: FederationEventDeliveryEvent) -> None:
        way = delivery.method.value
        # Noted already, before it was sent.
        if way != "/send":
            await self._note(delivery.server_name, delivery.events, way)

    async def _note(self, server: str, events: Collection[EventBase], way: str) -> None:
        await self._ledger.append([Delivery(server, event.room_id, event.event_id, way) for event in events])

    def _note_transactions(self, hs: HomeServer) -> None:
        manager = hs.get_federation_sender()._transaction_manager
        send = manager.send_new_transaction

        async def note_and_send(destination: str, pdus: list[EventBase], edus: list[Edu]) -> None:
            if pdus:
                await self._note(destination, pdus, "/send")
            await send(destination, pdus, edus)

        manager.send_new_transaction = note_and_send

    def _note_memberships(self, hs: HomeServer) -> None:
        transport = hs.get_federation_transport_client()
        for method, way in MEMBERSHIP_WAYS.items():
            setattr(transport, method, self._noting(getattr(transport, method), way))

    def _noting(self, send: Callable[..., Awaitable[Any]], way: str) -> Callable[..., Awaitable[Any]]:
        async def note_and_send(*positional: Any, **named: Any) -> Any:
            given = signature(send).bind(*positional, **named).arguments
            await self._ledger.append([Delivery(given["destination"], given["room_id"], given["event_id"], way)])
            return await send(*positional, **named)

        return note_and_send
