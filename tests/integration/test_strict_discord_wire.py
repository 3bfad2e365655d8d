"""The strict Discord without discord.py: the gateway frame by frame, and the platform as a process."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import aiohttp
import pytest

from tests.fakes.discord import StrictDiscord

Json = dict[str, Any]
PROPERTIES = {"os": "linux", "browser": "test", "device": "test"}
ROOT = Path(__file__).parents[2]


class Wire:
    """One connection to the gateway."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self._unpack = zlib.decompressobj()

    async def next(self) -> Json:
        """The next frame; a close is {"closed": code}."""
        frame = await self.socket.receive(timeout=5)
        if frame.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}:
            return {"closed": self.socket.close_code}
        packed = frame.type is aiohttp.WSMsgType.BINARY
        kept: Json = json.loads(self._unpack.decompress(frame.data) if packed else frame.data)
        return kept

    async def ask(self, op: int, **said: object) -> None:
        await self.socket.send_json({"op": op, "d": said})


async def _wire(session: aiohttp.ClientSession, platform: StrictDiscord, query: str = "v=10&encoding=json") -> Wire:
    return Wire(await session.ws_connect(f"{platform.gateway_url}?{query}"))


def test_who_resumes_is_told_what_it_missed_and_no_more() -> None:
    async def talk(platform: StrictDiscord) -> None:
        guild = platform.guild()
        channel = platform.channel(guild)
        async with aiohttp.ClientSession() as session:
            wire = await _wire(session, platform, "v=10&encoding=json&compress=zlib-stream")
            assert (await wire.next())["d"] == {"heartbeat_interval": 41250}
            await wire.ask(2, token=platform.token, intents=1, properties=PROPERTIES)
            ready, created = await wire.next(), await wire.next()
            assert (ready["t"], created["t"], created["s"]) == ("READY", "GUILD_CREATE", 2)
            await wire.socket.close(code=4000)
            await asyncio.to_thread(platform.update_channel, channel, name="missed")
            again = await _wire(session, platform)
            await again.next()
            await again.ask(6, token=platform.token, session_id=ready["d"]["session_id"], seq=2)
            told = [await again.next(), await again.next()]
            assert [(one["t"], one["s"]) for one in told] == [("CHANNEL_UPDATE", 3), ("RESUMED", 4)]
            await again.socket.send_json({"op": 1, "d": 4})
            assert (await again.next())["op"] == 11
            await again.socket.close(code=1000)
            gone = await _wire(session, platform)
            await gone.next()
            await gone.ask(6, token=platform.token, session_id=ready["d"]["session_id"], seq=4)
            assert await gone.next() == {"op": 9, "d": False}

    with StrictDiscord() as platform:
        asyncio.run(talk(platform))
        assert platform.violations == []


@pytest.mark.parametrize(
    ("op", "said", "code"),
    [
        (2, {"token": "another"}, 4004),
        (2, {"intents": -1}, 4013),
        (2, {"intents": 1 << 15}, 4014),
        (2, {"shard": [2, 2]}, 4010),
        (2, {"properties": {}}, 4002),
        (3, {}, 4003),
        (99, {}, 4001),
    ],
)
def test_what_the_gateway_does_not_take_it_closes_on(op: int, said: Json, code: int) -> None:
    async def talk(platform: StrictDiscord) -> Json:
        async with aiohttp.ClientSession() as session:
            wire = await _wire(session, platform)
            await wire.next()
            await wire.ask(op, **{"token": platform.token, "intents": 1, "properties": PROPERTIES, **said})
            return await wire.next()

    with StrictDiscord() as platform:
        assert asyncio.run(talk(platform)) == {"closed": code}
        assert len(platform.violations) == (code != 4004)


def test_who_does_not_beat_is_closed_on() -> None:
    async def talk(platform: StrictDiscord) -> Json:
        async with aiohttp.ClientSession() as session:
            wire = await _wire(session, platform)
            await wire.next()
            return await wire.next()

    with StrictDiscord() as platform:
        platform.gateway.heartbeat = 0.05
        assert asyncio.run(talk(platform)) == {"closed": 4009}


def test_as_a_process_it_keeps_a_ledger_and_has_weather(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    command = [sys.executable, "-m", "tests.fakes.discord", str(ledger), "--channels", "2"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - as above
        assert process.stdout is not None
        try:
            where = json.loads(process.stdout.readline())
            asked = {"nonce": "n" * 24, "enforce_nonce": True, "content": "hello"}
            path = f"/channels/{where['channels'][1]}/messages"
            _call(f"{where['api']}{path}", "POST", asked, where["token"])
            _call(f"{where['api'].removesuffix('/api/v10')}/weather", "PUT", {"faults": {"500 after": 1.0}})
            with pytest.raises(OSError, match="500"):
                _call(f"{where['api']}{path}", "POST", {**asked, "nonce": "2"}, where["token"])
            counts = _call(f"{where['api'].removesuffix('/api/v10')}/counts", "GET")
        finally:
            process.kill()
    assert (counts["taken"], counts["violations"], counts["500 after"]) == (2, 0, 1)
    kept = [json.loads(one) for one in ledger.read_text().splitlines()]
    assert [(one["nonce"], one["channel"], one["text"]) for one in kept] == [
        ("n" * 24, where["channels"][1], "hello"),
        ("2", where["channels"][1], "hello"),
    ]


def _call(url: str, method: str, body: Json | None = None, token: str = "") -> Any:
    headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (https://example.org, 1)"}
    headers["Content-Type"] = "application/json"
    asked = Request(url, json.dumps(body).encode() if body else None, headers, method=method)  # noqa: S310 - loopback
    with urlopen(asked, timeout=10) as answer:  # noqa: S310 - loopback
        said = answer.read()
        return json.loads(said) if said else None
