"""Socket Mode: WebSocket connections that an app opened, any one of which gets each envelope.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any, Literal

from aiohttp import WSMsgType, web

from tests.fakes.slack.deliveries import Attempt, Delivery, envelope
from tests.fakes.slack.world import APP_ID, Json, World

Reason = Literal["warning", "refresh_requested", "link_disabled"]


class Sockets:
    """The connections. Everything here happens on the server's loop."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.address = ""
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, tuple[Delivery, asyncio.Future[Any]]] = {}
        self._turn = 0

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._open)

    def url(self) -> str:
        """An address that is good for one connection."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return f"{self.address}/link?ticket={ticket}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            self.world.wrong("Socket Mode: a ticket was used twice, or is not one")
            return web.Response(status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._open.append(socket)
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": self.connections,
                "connection_info": {"app_id": APP_ID},
                "debug_info": {"host": "loopback", "approximate_connection_time": 18060},
            }
        )
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._hear(message.data)
        finally:
            if socket in self._open:
                self._open.remove(socket)
        return socket

    def _hear(self, text: str) -> None:
        said = json.loads(text) if text.startswith("{") else None
        if not isinstance(said, dict) or "envelope_id" not in said:
            self.world.wrong(f"Socket Mode: not an acknowledgement: {text[:80]}")
            return
        delivery, answered = self._waiting.get(said["envelope_id"], (None, None))
        if delivery is None or answered is None:
            self.world.wrong("Socket Mode: an envelope was acknowledged that nobody sent")
        elif answered.done():
            self.world.counts["acknowledged again"] += 1
        else:
            if said.get("payload") and delivery.what == "events_api":
                self.world.wrong(f"{delivery.name}: its envelope accepts no response payload")
            answered.set_result(said.get("payload"))

    async def bring(self, delivery: Delivery, retry: int, patience: float) -> bool:
        """Send it down one connection; whether it was acknowledged within `patience` seconds."""
        if not self._open:
            delivery.attempts.append(Attempt(time.time()))
            await asyncio.sleep(patience if delivery.what == "events_api" else 0)
            return False
        self._turn += 1
        socket = self._open[self._turn % len(self._open)]
        name, answered = uuid.uuid4().hex, asyncio.get_running_loop().create_future()
        self._waiting[name] = (delivery, answered)
        attempt = Attempt(time.time())
        delivery.attempts.append(attempt)
        begun = time.monotonic()

        def acknowledge(done: asyncio.Future[Any]) -> None:
            attempt.answer, attempt.seconds = done.result(), time.monotonic() - begun

        answered.add_done_callback(acknowledge)
        await self._send(socket, envelope(name, delivery.what, delivery.payload, retry))
        await asyncio.wait([answered], timeout=patience)
        return answered.done()

    async def _send(self, socket: web.WebSocketResponse, message: Json) -> None:
        try:
            await socket.send_json(message)
        except ConnectionError:
            self.world.counts["sent down a closed socket"] += 1

    async def disconnect(self, reason: Reason, *, close_after: float) -> None:
        """Tell every connection that it will be closed, and close it; new ones may be opened meanwhile."""
        old = list(self._open)
        about = {"type": "disconnect", "reason": reason, "debug_info": {"host": "loopback"}}
        for socket in old:
            await self._send(socket, about)
        if reason == "warning":
            return
        self._open = [one for one in self._open if one not in old]
        await asyncio.sleep(close_after)
        for socket in old:
            await socket.close()

    async def drop(self) -> None:
        """Cut every connection without a word."""
        for socket in list(self._open):
            transport = socket._req.transport if socket._req else None  # aiohttp has no public way to be rude
            if transport:
                transport.abort()
        self._open.clear()
