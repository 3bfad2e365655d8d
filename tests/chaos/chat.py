"""A strict chat platform in a process of its own: it counts every message it takes, and misbehaves as it is told.

    python -m tests.chaos.chat LEDGER [--host HOST] prints its address, then serves until it is killed

    POST /messages {channel, delivery, kind, papers, text, thread}      200 {"id": …}
    GET  /messages?channel=…&delivery=…                                 200 {"id": …}, 404 if there is none
    PUT  /weather  a `Weather`, as far as it differs from good weather   200
    GET  /counts                                  200 {"taken": …, "429": …, "404": …, "slow, out of the blue": …}

Every message taken is a line of LEDGER before anything is answered, so what became of a delivery is known whoever dies.
It takes a second message of the same delivery as Slack does, without a word: not doubling is the sender's business.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

Fault = Literal["hang up before", "hang up after", "500 before", "500 after", "slow", "429"]


@dataclass(frozen=True)
class Weather:
    """How the platform behaves.

    Attributes:
        faults: how often each happens, 0 … 1, to posts and to look-ups; together at most 1. Before and after are seen
            from the message's being taken.
        slow: seconds that a slow answer takes; the message is taken at their beginning.
        retry_after: seconds that a 429 out of the blue asks for.
        per_channel: seconds that must lie between two messages to a channel on the whole; one that comes up to
            `EARLY` before its time is let through, as Slack lets short bursts through, and the next must be later.
        per_second: messages that may come within one second of the platform's clock, 0 being any number; as with
            Discord's buckets, which have so many left until a reset.
        closed: channels that answer 403.
        poison: a text that contains it is answered 400.
    """

    faults: Mapping[Fault, float] = field(default_factory=dict)
    slow: float = 2.0
    retry_after: float = 0.2
    per_channel: float = 0.0
    per_second: int = 0
    closed: tuple[str, ...] = ()
    poison: str = ""


GOOD = Weather()

EARLY = 0.25
"""Seconds."""


@dataclass(frozen=True)
class Answer:
    """What is sent back. Status 0: the connection is closed instead."""

    status: int
    body: Mapping[str, object] = field(default_factory=dict)
    retry_after: float = 0.0

    def __bytes__(self) -> bytes:
        body = json.dumps(self.body).encode()
        wait = f"Retry-After: {self.retry_after:.3f}\r\n" if self.retry_after else ""
        return f"HTTP/1.1 {self.status} -\r\nContent-Length: {len(body)}\r\n{wait}\r\n".encode() + body


HUNG_UP = Answer(0)


class Chat:
    """The platform's channels. `now` is passed in, in seconds."""

    def __init__(self, ledger: Path) -> None:
        self.weather = GOOD
        self.counts: Counter[str] = Counter()
        self._ledger = ledger.open("a", encoding="utf-8")
        self._messages: dict[tuple[str, str], str] = {}
        self._ids: set[str] = set()
        self._next: dict[str, float] = defaultdict(float)
        self._taken_in: Counter[int] = Counter()
        self._dice = random.Random(1)  # noqa: S311 - the weather, not a secret

    def fault(self) -> Fault | None:
        """What goes wrong with this request."""
        throw = self._dice.random()
        for kind, share in self.weather.faults.items():
            throw -= share
            if throw < 0:
                return kind
        return None

    def take(self, message: Mapping[str, Any], now: float) -> Answer:
        """A message, if it may come now and to there."""
        refusal = self._refusal(message, now)
        if refusal is not None:
            self.counts[str(refusal.status)] += 1
            return refusal
        self.counts["taken"] += 1
        name = f"m{len(self._ids) + 1}"
        line = {**message, "id": name, "at": time.time()}
        self._ledger.write(json.dumps(line) + "\n")
        self._ledger.flush()
        self._ids.add(name)
        self._messages.setdefault((message["channel"], message["delivery"]), name)
        self._next[message["channel"]] = max(self._next[message["channel"]], now) + self.weather.per_channel
        self._taken_in[int(now)] += 1
        return Answer(200, {"id": name})

    def _refusal(self, message: Mapping[str, Any], now: float) -> Answer | None:
        weather, channel = self.weather, message["channel"]
        if channel in weather.closed:
            return Answer(403, {"error": "the channel is closed"})
        if weather.poison and weather.poison in message["text"]:
            return Answer(400, {"error": "the text cannot be shown"})
        if message["thread"] and message["thread"] not in self._ids:
            return Answer(404, {"error": "no such thread"})
        wait = self._next[channel] - EARLY - now
        if weather.per_second and self._taken_in[int(now)] >= weather.per_second:
            wait = max(wait, int(now) + 1 - now)
        return Answer(429, {"error": "too fast"}, retry_after=wait) if wait > 0 else None

    def look(self, channel: str, delivery: str) -> Answer:
        """The first message of a delivery."""
        found = self._messages.get((channel, delivery))
        return Answer(200, {"id": found}) if found else Answer(404, {"error": "no such message"})


async def answer(chat: Chat, method: str, target: str, body: Mapping[str, Any]) -> Answer:
    """What one request is told, by the weather."""
    url = urlsplit(target)
    if (method, url.path) == ("PUT", "/weather"):
        chat.weather = Weather(**body)
        return Answer(200)
    if (method, url.path) == ("GET", "/counts"):
        return Answer(200, chat.counts)
    fault = chat.fault()
    if fault:
        chat.counts[f"{fault}, out of the blue"] += 1
    if fault == "429":
        return Answer(429, {"error": "not now"}, retry_after=chat.weather.retry_after)
    if fault in {"hang up before", "500 before"}:
        return HUNG_UP if fault == "hang up before" else Answer(500)
    told = chat.take(body, time.monotonic()) if method == "POST" else chat.look(**dict(parse_qsl(url.query)))
    if fault == "slow":
        await asyncio.sleep(chat.weather.slow)
    if fault in {"hang up after", "500 after"}:
        return HUNG_UP if fault == "hang up after" else Answer(500)
    return told


async def converse(chat: Chat, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, from its first request to its end."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            told = await answer(chat, method, target, json.loads(body or b"{}"))
            if told is HUNG_UP:
                return
            writer.write(bytes(told))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        return  # the client has hung up
    finally:
        writer.transport.abort()


async def serve(ledger: Path, host: str = "127.0.0.1") -> None:
    """Serve for ever, at an address that is printed."""
    chat = Chat(ledger)
    server = await asyncio.start_server(lambda *ends: converse(chat, *ends), host)
    host, port = server.sockets[0].getsockname()
    print(f"http://{host}:{port}", flush=True)  # noqa: T201 - for whoever started it
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A strict chat platform on loopback.")
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--host", default="127.0.0.1", help="where it listens")
    given = parser.parse_args()
    asyncio.run(serve(given.ledger, given.host))
