"""Answers that are not Discord's: a proxy's, Cloudflare's, those of a Discord in trouble; and how fast it is asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from bot.discord.api import PATIENCE, Api
from bot.discord.buckets import TURN, Buckets
from bot.discord.history import MESSAGES
from bot.discord.poster import DiscordPoster
from papers.errors import DeliveryError, RetryAfter, Unknown
from papers.model import Destination
from tests.builders import paper
from tests.conftest import NOW
from tests.fakes.discord import Channel, StrictDiscord
from tests.integration.outboxes import delivery
from tests.integration.strangers import HTML, JSON, TEXT, answered

T = TypeVar("T")
ONE = paper(1)
FIRST = delivery(1, ONE.id, where=Destination("discord", "1", "2"))
HELLO = {"content": "hello"}


def told(status: str, kind: str, body: bytes, ask: Callable[[DiscordPoster], Awaitable[T]], more: str = "") -> T:
    """What a poster makes of a server that shows it its channel, and says this to everything else."""

    def says(head: str) -> tuple[str, str, bytes]:
        is_channel = head.startswith("GET /channels/2 ")
        return ("200 OK", JSON, b'{"id": "2", "type": 0}') if is_channel else (status, kind, body)

    async def go(address: str) -> T:
        api = Api("token", address)
        try:
            return await ask(DiscordPoster(api, lambda: NOW))
        finally:
            await api.close()

    return answered(says, go, more)


STRANGE = [
    ("200 OK", HTML, b"<html>Please log in to the hotel's network</html>"),
    ("200 OK", JSON, b'{"id": "17'),
    ("200 OK", JSON, b"[[]]"),
    ("200 OK", JSON, b"null"),
    ("200 OK", JSON, b"{}"),
    ("200 OK", JSON, b'{"id": "soon"}'),
    ("200 OK", TEXT, b"\xff"),
    ("204 No Content", JSON, b""),
    ("301 Moved Permanently", HTML, b""),
    ("404 Not Found", TEXT, b"nothing here"),
    ("407 Proxy Authentication Required", HTML, b""),
    ("502 Bad Gateway", HTML, b"<html>"),
    ("503 Service Unavailable", JSON, b"{"),
]


@pytest.mark.parametrize(("status", "kind", "body"), STRANGE, ids=[f"{one[0]} {one[2]!r}" for one in STRANGE])
def test_a_strange_answer_says_neither_that_it_was_posted_nor_that_it_was_not(
    status: str, kind: str, body: bytes
) -> None:
    with pytest.raises(Unknown):
        told(status, kind, body, lambda poster: poster.post(FIRST, {ONE.id: ONE}, None))
    with pytest.raises(Unknown):
        told(status, kind, body, lambda poster: poster.find(FIRST, None))


@pytest.mark.parametrize("status", ["403 Forbidden", "429 Too Many Requests"])
@pytest.mark.parametrize(("more", "seconds"), [("", 600.0), ("Retry-After: 90\r\n", 90.0)])
def test_who_is_banned_by_cloudflare_posts_nothing_for_a_while(status: str, more: str, seconds: float) -> None:
    with pytest.raises(RetryAfter) as caught:
        told(status, HTML, b"error code: 1015", lambda poster: poster.post(FIRST, {ONE.id: ONE}, None), more)
    assert (caught.value.seconds, caught.value.scope) == (seconds, "platform")


class Rush:
    """Discord, and an `Api` that is asked as fast as it will."""

    def __init__(self, discord: StrictDiscord, channels: int) -> None:
        self.discord = discord
        guild = discord.guild()
        self.channels = [discord.channel(guild, f"channel-{number}") for number in range(channels)]

    def ask(self, question: Callable[[Api], Awaitable[T]], buckets: Buckets | None = None) -> tuple[T, float]:
        """The answer, and the seconds that it took."""

        async def go() -> T:
            api = Api(self.discord.token, self.discord.api_url, buckets)
            try:
                return await question(api)
            finally:
                await api.close()

        begun = time.monotonic()
        return asyncio.run(go()), time.monotonic() - begun

    @staticmethod
    async def post(api: Api, channel: Channel) -> object:
        """Post to a channel; a refusal is an answer."""
        try:
            return await api.ask("POST", MESSAGES, {"channel": channel.id}, body=HELLO)
        except DeliveryError as error:
            return error


def test_a_bucket_is_waited_for_as_its_headers_say_and_nothing_is_asked_in_vain() -> None:
    with StrictDiscord() as discord:
        rush = Rush(discord, 1)
        discord.limit("create_message", 2, 0.5)

        async def five(api: Api) -> list[object]:
            return [await rush.post(api, rush.channels[0]) for _ in range(5)]

        answers, seconds = rush.ask(five)
        assert all(isinstance(one, dict) for one in answers)
        assert discord.counts["429"] == 0
        assert 0.9 < seconds < 2


def test_a_long_wait_is_left_to_the_outbox_and_no_answer_waits_for_its_bucket() -> None:
    with StrictDiscord() as discord:
        rush = Rush(discord, 1)
        discord.limit("create_message", 1, PATIENCE + 30)

        async def two(api: Api) -> list[object]:
            return [await rush.post(api, rush.channels[0]) for _ in range(2)]

        (taken, waits), seconds = rush.ask(two)
        assert isinstance(taken, dict)
        assert isinstance(waits, RetryAfter)
        assert PATIENCE + 29 < waits.seconds <= PATIENCE + 30
        assert waits.scope == "channel"
        assert seconds < 1
        assert discord.counts["create_message"] == 1


def test_all_channels_together_keep_within_fifty_a_second() -> None:
    with StrictDiscord() as discord:
        rush = Rush(discord, 75)

        async def twice_all_at_once(api: Api) -> tuple[list[object], float]:
            await asyncio.gather(*(rush.post(api, channel) for channel in rush.channels[:50]))  # connections are opened
            await asyncio.sleep(TURN)
            begun = time.monotonic()
            answers = await asyncio.gather(*(rush.post(api, channel) for channel in rush.channels))
            return answers, time.monotonic() - begun

        (answers, seconds), _ = rush.ask(twice_all_at_once)
        assert all(isinstance(one, dict) for one in answers)
        assert discord.counts["429"] == 0
        assert 1 < seconds < 2


@pytest.mark.parametrize(("is_global", "scope"), [(False, "channel"), (True, "platform")])
def test_a_429_is_obeyed_by_whom_it_concerns(*, is_global: bool, scope: str) -> None:
    with StrictDiscord() as discord:
        rush = Rush(discord, 2)
        if is_global:
            discord.api.pace._global.extend([time.monotonic() + 30] * 50)  # another process has the same token
        else:
            discord.fail("create_message", "429", seconds=31, channel=rush.channels[0])

        async def each(api: Api) -> list[object]:
            return [await rush.post(api, channel) for channel in (*rush.channels, rush.channels[0])]

        (first, second, again), _ = rush.ask(each)
        assert isinstance(first, RetryAfter)
        assert isinstance(again, RetryAfter)
        assert first.seconds == pytest.approx(31, abs=0.5)
        assert (first.scope, again.scope) == (scope, scope)
        assert isinstance(second, RetryAfter) is is_global
        assert len(discord.calls("create_message")) == (1 if is_global else 2)


def test_who_asks_in_vain_falls_silent_before_being_banned() -> None:
    with StrictDiscord() as discord:
        rush = Rush(discord, 30)
        discord.ban_after(20)
        discord.fail("create_message", "50001", times=None)

        async def each(api: Api) -> list[object]:
            return [await rush.post(api, channel) for channel in rush.channels]

        answers, _ = rush.ask(each, Buckets(vain=20))
        silent = [one for one in answers if isinstance(one, RetryAfter)]
        assert len(silent) == 10
        assert {one.scope for one in silent} == {"platform"}
        assert all(590 < one.seconds <= 600 for one in silent)
        assert len(discord.calls("create_message")) == 20
        assert discord.counts["banned"] == 0
