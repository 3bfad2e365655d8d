"""What a connection has not delivered when it is given up does not arrive later."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from bot.abrupt import sockets
from bot.discord.api import Api as Discord
from bot.slack.api import Api as Slack

SOON = 0.2
"""Seconds until a request is given up."""


def heard(listening: socket.socket) -> int:
    """How many bytes arrive until the connection is reset; fails if it ends as one that has said all does."""
    arrived = 0
    with listening.accept()[0] as other:
        while True:
            try:
                read = len(other.recv(1 << 20))
            except ConnectionResetError:
                return arrived
            assert read
            arrived += read


def test_what_a_kernel_still_holds_is_forgotten_with_its_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host, port = listening.getsockname()
        (address,) = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        client = sockets(5.0)(address)
        client.connect(address[4])
        client.setblocking(False)
        accepted = 0
        with suppress(BlockingIOError):
            while True:
                accepted += client.send(b"x" * 65_536)
        client.close()
        assert heard(listening) < accepted


async def slack(url: str) -> None:
    api = Slack(f"{url}/")
    try:
        await api.client("xoxb-1").api_call("chat.postMessage", json={"text": "news"})
    finally:
        await api.close()


async def discord(url: str) -> None:
    api = Discord("token", url)
    try:
        await api.ask("POST", "/channels/{channel}/messages", {"channel": "1"}, body={"content": "news"})
    finally:
        await api.close()


@pytest.mark.parametrize("ask", [slack, discord])
def test_a_post_that_is_given_up_is_broken_off(ask: Callable[[str], Awaitable[None]]) -> None:
    async def given_up() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            host, port = listening.getsockname()
            with suppress(TimeoutError):
                await asyncio.wait_for(ask(f"http://{host}:{port}"), SOON)
            assert heard(listening)

    asyncio.run(given_up())
