"""A sender process for the crash test's platforms, made of the product's own `Sender` and `Judge`.

    python -m tests.chaos.sender_role REDIS_URL CHAT_URL [--lease S] [--no-verify] [--die claim:after:1] …
    python -m tests.chaos.sender_role REDIS_URL SLACK_API_URL --slack TOKEN …    with the product's own poster, too
    python -m tests.chaos.sender_role REDIS_URL DISCORD_API_URL --discord TOKEN …    as well

SIGUSR1 stops it as SIGSTOP does, but between two steps of its event loop. Inside the step that passes the last check
of the lease and writes to the socket, a long enough stop doubles a message on any platform without an idempotency key;
docs/delivery.md states that risk. The crash test is about everything else.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from bot import abrupt
from bot.discord.api import Api
from bot.discord.poster import DiscordPoster
from bot.posting import IN_FLIGHT, Sender
from bot.slack.poster import SlackPoster
from bot.slack.tokens import OneWorkspace
from bot.verdict import Judge
from papers.model import Destination, Platform
from papers.ports import Poster
from papers.stores.outbox import Pace
from papers.stores.server import Sentinels, Server
from papers.wiring import Stores, clock
from tests.chaos.failpoints import Failpoint, arm
from tests.chaos.poster import ChatPoster

PLATFORM: Platform = "slack"
"""For all of them: what the outbox needs of a platform is a name."""


def where(channel: str) -> Destination:
    """A channel of the crash test's platforms."""
    return Destination(PLATFORM, "T1", channel)


def server_at(where: str) -> Server:
    """A server by its URL; `sentinel://HOST:PORT,HOST:PORT/NAME?REPLICAS` is ours alone."""
    if not where.startswith("sentinel://"):
        return Server(where)
    addresses, _, primary = where.removeprefix("sentinel://").partition("/")
    name, _, replicas = primary.partition("?")
    return Server(Sentinels(tuple(addresses.split(",")), name, replicas=int(replicas)))


def arguments(*words: str) -> argparse.Namespace:
    """What a command line says."""
    parser = argparse.ArgumentParser(description="A sender for the crash test's platforms.")
    parser.add_argument("redis")
    parser.add_argument("chat")
    parser.add_argument("--slack", metavar="TOKEN", help="the address is the strict Slack's")
    parser.add_argument("--discord", metavar="TOKEN", help="the address is the strict Discord's")
    parser.add_argument("--lease", type=float, default=5.0)
    parser.add_argument("--timeout", type=float, default=1.5)
    parser.add_argument("--look-after", type=float, default=1.0, help="they all show at once what they took")
    parser.add_argument("--per-channel", type=float, default=0.0, help="seconds between two posts to a channel")
    parser.add_argument("--per-platform", type=float, default=0.0, help="seconds between any two posts")
    parser.add_argument("--no-verify", action="store_true", help="post again without looking, and without a nonce")
    parser.add_argument(
        "--die", type=Failpoint.parse, help="STEP:before|after:CALL, of claim, settle, post, find, edit"
    )
    return parser.parse_args(words)


async def send(given: argparse.Namespace) -> None:
    """Send until SIGTERM."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGUSR1, sleep_between_steps, loop)
    stores = Stores(server_at(given.redis))
    async with poster_of(given) as poster:
        if given.die:
            arm(given.die, stores.outbox if given.die.step in {"claim", "settle"} else poster)
        patience = {"lease": given.lease, "timeout": given.timeout, "look_after": given.look_after}
        judge = Judge(stores.papers, poster, **patience, verify=not given.no_verify)
        sender = Sender(PLATFORM, stores.outbox, stores.channels, judge, Paces(given.per_channel, given.per_platform))
        await sender.run(stop)


@asynccontextmanager
async def poster_of(given: argparse.Namespace) -> AsyncIterator[Poster]:
    """The poster of the platform at that address."""
    if given.slack:
        clients = OneWorkspace(given.slack, given.chat)
        try:
            yield SlackPoster(clients, clock)
        finally:
            await clients.close()
    elif given.discord:
        api = (Careless if given.no_verify else Api)(given.discord, given.chat)
        try:
            yield DiscordPoster(api, clock)
        finally:
            await api.close()
    else:
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=IN_FLIGHT)
        transport = httpx2.AsyncHTTPTransport(limits=limits, socket_options=abrupt.options(given.timeout))
        client = httpx2.AsyncClient(base_url=given.chat, timeout=given.timeout, transport=transport, trust_env=False)
        async with client:
            yield ChatPoster(client)


class Careless(Api):
    """Asks Discord without its help against doubles."""

    async def ask(
        self,
        method: str,
        path: str,
        where: Mapping[str, str],
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Any:
        """As `Api` does, the nonce not being enforced."""
        kept = {**body, "enforce_nonce": False} if body and "nonce" in body else body
        return await super().ask(method, path, where, body=kept, query=query)


@dataclass(frozen=True)
class Paces:
    """The paces of a channel: seconds between two posts to it, and between any two posts; 0 for none."""

    per_channel: float
    per_platform: float

    def __call__(self, destination: Destination) -> Sequence[Pace]:
        own = [Pace(str(destination), self.per_channel)] if self.per_channel else []
        # two at once, so that what a late wake-up cost is caught up with
        shared = [Pace(PLATFORM, self.per_platform, burst=2, everywhere=True)] if self.per_platform else []
        return [*own, *shared]


def sleep_between_steps(loop: asyncio.AbstractEventLoop) -> None:
    """Stop this process when no step is waiting to be run; after SIGCONT, timeouts come before anything else."""
    if loop._ready:  # type: ignore[attr-defined] # BaseEventLoop's queue of steps; there is no public way to ask
        loop.call_soon(sleep_between_steps, loop)
    else:
        os.kill(os.getpid(), signal.SIGSTOP)


def main(*words: str) -> None:
    """Send, as a command line says."""
    asyncio.run(send(arguments(*words)))


if __name__ == "__main__":
    main(*sys.argv[1:])
