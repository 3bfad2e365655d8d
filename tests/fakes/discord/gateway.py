"""The gateway's sockets: hello, identify, resume, heartbeats, compression, and the codes it closes with.

See https://discord.com/developers/docs/events/gateway. It runs on the server's loop.
"""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import WSMsgType, web

from tests.fakes.discord.calls import Call, Route
from tests.fakes.discord.sessions import PRIVILEGED, Session, Sessions
from tests.fakes.discord.world import Json, World

HEARTBEAT: Final = 1
IDENTIFY: Final = 2
PRESENCE: Final = 3
RESUME: Final = 6
RECONNECT: Final = 7
INVALID_SESSION: Final = 9
HELLO: Final = 10
ACK: Final = 11

FRAMES: Final = 120
"""That a client may send within a minute."""


class Shut(Exception):  # noqa: N818 - how a conversation ends
    """The gateway closes a connection. `sentence`: what the app's makers did wrong, if they did."""

    def __init__(self, code: int, sentence: str = "") -> None:
        self.code = code
        super().__init__(sentence)


@dataclass(slots=True, eq=False)
class Connection:
    """One socket."""

    socket: web.WebSocketResponse
    request: web.Request
    packer: Any
    """A zlib compressor, or None."""
    session: Session | None = None
    sent: int = 0
    """How much of its session's history."""
    more: asyncio.Event = field(default_factory=asyncio.Event)
    beat: float = field(default_factory=time.monotonic)
    frames: deque[float] = field(default_factory=deque)
    goodbye: int = 0
    """The code that the client closed it with, or 0."""

    async def send(self, frame: Json) -> None:
        """A frame, compressed if that was asked for."""
        said = json.dumps(frame)
        if self.packer is None:
            await self.socket.send_str(said)
        else:
            packed = self.packer.compress(said.encode()) + self.packer.flush(zlib.Z_SYNC_FLUSH)
            await self.socket.send_bytes(packed)

    async def pump(self) -> None:
        """Send what its session is told, as it is told."""
        while True:
            await self.more.wait()
            self.more.clear()
            while self.session and self.sent < len(self.session.history):
                self.sent += 1
                await self.send(self.session.history[self.sent - 1])


class Gateway:
    """Accepts connections.

    Attributes:
        shards: how many /gateway/bot recommends.
        needed: the intents that this app can say what it needs them for.
        heartbeat: seconds between two.
        identifies: seconds that must lie between two identifies; Discord's figure is 5.
        is_open: whether it lets anybody in.
    """

    def __init__(self, world: World, sessions: Sessions) -> None:
        self.url = ""
        self.shards = 1
        self.needed = 1
        self.heartbeat = 41.25
        self.identifies = 0.0
        self.starts_left = 1000
        self.is_open = True
        self.connections: list[Connection] = []
        self._world = world
        self._sessions = sessions
        self._identified = 0.0

    def routes(self) -> tuple[Route, Route]:
        """The API's routes that tell where it is."""

        def told(_call: Call) -> Json:
            limit = {"total": 1000, "remaining": self.starts_left, "reset_after": 86_400_000, "max_concurrency": 1}
            return {"url": self.url, "shards": self.shards, "session_start_limit": limit}

        return (
            Route("get_gateway", "GET", "/gateway", lambda _call: {"url": self.url}, needs_token=False),
            Route("get_bot_gateway", "GET", "/gateway/bot", told),
        )

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        if not self.is_open:
            return web.Response(status=503)
        packer = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        connection = Connection(web.WebSocketResponse(), request, packer)
        await connection.socket.prepare(request)
        self.connections.append(connection)
        pump = asyncio.ensure_future(connection.pump())
        try:
            await self._converse(connection)
        except Shut as end:
            if str(end):
                self._world.wrong(f"gateway: {end.code} {end}")
            await connection.socket.close(code=end.code)
        except ConnectionError:
            pass  # it has hung up
        finally:
            pump.cancel()
            self.connections.remove(connection)
            self._left(connection)
        return connection.socket

    async def _converse(self, connection: Connection) -> None:
        query = connection.request.query
        if query.get("v") != "10" or query.get("encoding") != "json":
            raise Shut(4012, f"v must be 10 and encoding json, not {dict(query)}")
        if query.get("compress", "zlib-stream") != "zlib-stream":
            raise Shut(4002, f"compress={query['compress']} is not played here")
        await connection.send({"op": HELLO, "d": {"heartbeat_interval": round(self.heartbeat * 1000)}})
        while True:
            await self._heard(connection, await self._next(connection))

    async def _next(self, connection: Connection) -> Json:
        patience = connection.beat + self.heartbeat * 1.5 - time.monotonic()
        try:
            frame = await connection.socket.receive(timeout=max(patience, 0.01))
        except TimeoutError:
            raise Shut(4009) from None
        if frame.type is not WSMsgType.TEXT:
            connection.goodbye = frame.data if frame.type is WSMsgType.CLOSE else 0
            raise ConnectionResetError("the client has left")
        now = time.monotonic()
        connection.frames.append(now)
        while connection.frames[0] < now - 60:
            connection.frames.popleft()
        if len(connection.frames) > FRAMES:
            raise Shut(4008, f"more than {FRAMES} frames within a minute")
        try:
            said = json.loads(frame.data)
        except ValueError:
            raise Shut(4002, "not JSON") from None
        if not isinstance(said, dict):
            raise Shut(4002, "not an object")
        return said

    async def _heard(self, connection: Connection, frame: Json) -> None:
        match frame.get("op"):
            case 1:
                connection.beat = time.monotonic()
                await connection.send({"op": ACK})
            case 2:
                await self._identify(connection, frame.get("d") or {})
            case 6:
                await self._resume(connection, frame.get("d") or {})
            case 3 | 4 | 8 if connection.session is None:
                raise Shut(4003, "not identified")
            case 3:
                pass  # its presence
            case 4 | 8:
                self._world.wrong(f"gateway: op {frame['op']} needs intents that this app has no need of")
            case _:
                raise Shut(4001, f"unknown op {frame.get('op')}")

    async def _identify(self, connection: Connection, said: Json) -> None:
        if connection.session:
            raise Shut(4005, "already identified")
        self._check(said)
        shard = said.get("shard") or [0, 1]
        if not (isinstance(shard, list) and len(shard) == 2 and 0 <= shard[0] < shard[1]):
            raise Shut(4010, f"no such shard: {shard}")
        if self.shards > 1 and "shard" not in said:
            raise Shut(4011, "sharding is required")
        now = time.monotonic()
        if now < self._identified + self.identifies:
            await connection.send({"op": INVALID_SESSION, "d": False})
            return
        self._identified = now
        with self._world.lock:
            self.starts_left -= 1
            session = self._sessions.start((shard[0], shard[1]), said["intents"], self.url)
            self._joined(connection, session, 0)

    def _check(self, said: Json) -> None:
        """Raises `Shut` for a token that is not right, or intents that are not allowed."""
        if str(said.get("token", "")).removeprefix("Bot ") != self._world.token:
            raise Shut(4004)
        intents = said.get("intents")
        if not isinstance(intents, int) or not 0 <= intents < 1 << 26:
            raise Shut(4013, f"no such intents: {intents}")
        if not {"os", "browser", "device"} <= set(said.get("properties") or {}):
            raise Shut(4002, "properties must have os, browser and device")
        if intents & PRIVILEGED & ~self.needed:
            raise Shut(4014, f"privileged intents {intents & PRIVILEGED & ~self.needed} are not allowed")
        if intents & ~self.needed:
            self._world.wrong(f"gateway: intents {intents & ~self.needed} are not needed")

    async def _resume(self, connection: Connection, said: Json) -> None:
        if str(said.get("token", "")).removeprefix("Bot ") != self._world.token:
            raise Shut(4004)
        session = self._sessions.all.get(str(said.get("session_id")))
        if session is None:
            await connection.send({"op": INVALID_SESSION, "d": False})
            return
        seq = said.get("seq")
        if not isinstance(seq, int) or not 0 <= seq <= len(session.history):
            raise Shut(4007, f"seq {seq} of {len(session.history)}")
        with self._world.lock:
            self._world.counts["resumed"] += 1
            self._joined(connection, session, seq)
            self._sessions.resumed(session)

    def _joined(self, connection: Connection, session: Session, seq: int) -> None:
        loop = asyncio.get_running_loop()
        connection.session, connection.sent = session, seq
        session.wake = lambda: _wake(loop, connection)
        connection.more.set()
        self._world.changed.notify_all()

    def _left(self, connection: Connection) -> None:
        """A session outlives its connection, unless the client said goodbye with 1000 or 1001."""
        session = connection.session
        if session and connection.goodbye in {1000, 1001}:
            with self._world.lock:
                self._sessions.all.pop(session.id, None)

    async def reconnect(self) -> None:
        """Ask every client to reconnect and resume."""
        for one in list(self.connections):
            await one.send({"op": RECONNECT, "d": None})

    async def invalidate(self, *, is_resumable: bool) -> None:
        """Call every session invalid; unless it is resumable, it is gone."""
        for one in list(self.connections):
            if one.session and not is_resumable:
                self._sessions.all.pop(one.session.id, None)
            await one.send({"op": INVALID_SESSION, "d": is_resumable})

    async def close(self, code: int) -> None:
        """Close every connection with a code."""
        for one in list(self.connections):
            await one.socket.close(code=code)

    async def drop(self) -> None:
        """Cut every connection without a word."""
        for one in list(self.connections):
            if one.request.transport:
                one.request.transport.abort()


def _wake(loop: asyncio.AbstractEventLoop, connection: Connection) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(connection.more.set)
