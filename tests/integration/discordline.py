"""The line with Discord at its end: the whole Discord bot in a thread of its own, and the strict Discord beyond it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import discord.http
import pytest
from discord.gateway import DiscordWebSocket
from pydantic import SecretStr

from bot.discord import acts
from bot.discord.client import Client
from bot.discord.wiring import discord_bot
from papers.model import Destination, Want
from papers.settings import Settings
from papers.stores.server import Server
from papers.wiring import Core
from tests.fakes.discord import Act, Channel, Message, StrictDiscord, User
from tests.fakes.upstream import Upstream
from tests.integration.line import Line
from tests.scratch import scratch

PATIENCE = 30.0
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5

DAY = "2026-03-10"

DEFERRED_UPDATE: Final = 6
"""The type of an answer that says: what was pressed stays, and is changed later."""

_GUILDS_COME: Final = 0.2
"""Seconds without another guild after which a shard is ready; discord.py waits for two."""


class DiscordLine(Line):
    """Stages are run by hand; what they put into the outbox is sent by the bot.

    Attributes:
        channel: a text channel of `guild`, in which `ada` has Manage Channels and `grace` has not.
    """

    def __init__(
        self,
        server: Server,
        upstream: Upstream,
        platform: StrictDiscord,
        *,
        beside: DiscordLine | None = None,
        **settings: Any,
    ) -> None:
        """`beside`: the line of another process of the same bot, whose guild and people are this one's too."""
        super().__init__(server, upstream)
        self.discord = platform
        if beside is None:
            self.guild = platform.guild()
            self.channel = platform.channel(self.guild, "papers")
            self.ada = platform.user("ada", self.guild, permissions=MANAGE_CHANNELS)
            self.grace = platform.user("grace", self.guild)
        else:
            self.guild, self.channel, self.ada, self.grace = beside.guild, beside.channel, beside.ada, beside.grace
        chosen: dict[str, Any] = {
            "discord_api_base_url": platform.api_url,
            "discord_gateway_url": platform.gateway_url,
            "discord_bot_token": SecretStr(platform.token),
            "hf_endpoint": upstream.url,
            "paperboy_allow_private_feeds": True,
            "paperboy_data": scratch(),
        }
        self.core = Core(Settings.model_construct(**chosen, **settings), server)

    def send(self) -> int:
        """The bot does."""
        return 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """With the bot at work."""
        runner, ready, failed = asyncio.Runner(), threading.Event(), []
        stop = asyncio.Event()

        def thread() -> None:
            try:
                with runner:
                    runner.run(work())
            except Exception as error:  # noqa: BLE001 - it is the test's to see
                failed.append(error)
            finally:
                ready.set()

        async def work() -> None:
            bot = discord_bot(self.core)
            bot._client._connection.guild_ready_timeout = _GUILDS_COME
            await bot.run(stop, ready.set)

        worker = threading.Thread(target=thread, name="discord bot")
        worker.start()
        try:
            assert ready.wait(PATIENCE), "the bot did not get ready"
            if not failed:
                yield
        finally:
            if worker.is_alive():
                runner.get_loop().call_soon_threadsafe(stop.set)
            worker.join(PATIENCE)
        if failed:
            raise failed[0]
        assert not worker.is_alive(), "the bot did not stop"


def destination(channel: Channel) -> Destination:
    """Where posts to a guild's channel go."""
    return Destination("discord", channel.guild, channel.id)


def personal(user: User) -> Destination:
    """Where posts to somebody's personal channel go."""
    return Destination("discord", "@me", f"@{user.id}")


def wants(line: DiscordLine, where: Destination | None = None) -> list[Want]:
    """What a channel is subscribed to."""
    return [one.want for one in line.stores.channels.subscriptions(where or destination(line.channel))]


def anybody(line: DiscordLine) -> User:
    """Somebody new, with Manage Channels: each may ask so much in a minute."""
    return line.discord.user("somebody", line.guild, permissions=MANAGE_CHANNELS)


def admins_only(line: DiscordLine) -> None:
    """Let somebody who runs the server leave changes in the channel to admins."""
    admin = line.discord.user("admin", line.guild, permissions=MANAGE_GUILD | MANAGE_CHANNELS)
    assert "Settings kept" in told(ask(line, "settings", admin, None, name="changes", value="admins"))


def ask(
    line: DiscordLine, words: str, user: User | None = None, channel: Channel | None = None, /, **options: Any
) -> Act:
    """Type a command, as "list", and its options; it is answered by then."""
    return line.discord.slash(user or line.ada, channel or line.channel, f"papers {words}", options)


def soon(condition: Callable[[], Any], seconds: float = 10.0) -> None:
    """Wait for something to hold that Discord is not told of. Raises AssertionError if it does not."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, f"did not happen within {seconds:g} s"
        time.sleep(0.01)


def button(shown: Message | Act, verb: str, argument: str | None = None) -> str:
    """A button's custom_id, by what it says."""
    message = shown if isinstance(shown, Message) else shown.message
    (found,) = [
        one
        for one in message.custom_ids
        if acts.verb(one) == verb and (argument is None or one.partition(":")[2] == argument)
    ]
    return found


def press(
    line: DiscordLine, shown: Message | Act, verb: str, argument: str | None = None, user: User | None = None
) -> Act:
    """Press a button, and wait for what comes of it: the form, a message beside it, or another in its place."""
    message = shown if isinstance(shown, Message) else shown.message
    before = message.edited
    act = line.discord.click(user or line.ada, message, button(message, verb, argument))
    return act.until(lambda act: _has_come(act, message, before))


def choose(line: DiscordLine, shown: Act, menu: str, option: str, user: User | None = None) -> Act:
    """Choose one of a menu's options; as `press`."""
    before = shown.message.edited
    act = line.discord.select(user or line.ada, shown.message, menu, [option])
    return act.until(lambda act: _has_come(act, shown.message, before))


def _has_come(act: Act, message: Message, before: float) -> bool:
    if act.type != DEFERRED_UPDATE:
        return not act.is_loading
    return bool(act.followups) or message.edited != before or message.id not in act.world.messages


def told(*shown: Message | Act) -> str:
    """All that messages, or what came of acts, show: text as it is read, and what stands on buttons and in menus."""
    return "\n".join(
        text for message in _messages(shown) for text in (message.text.replace("\\", ""), *_labels(message))
    )


def _messages(shown: Iterable[Message | Act]) -> Iterator[Message]:
    for one in shown:
        if isinstance(one, Message):
            yield one
        elif one.followups:
            yield from one.followups
        else:
            yield one.message


def _labels(message: Message) -> Iterator[str]:
    for part in message.parts:
        yield from (str(part[key]) for key in ("label", "placeholder") if key in part)
        yield from (str(option["label"]) for option in part.get("options", ()))


def verbs(message: Message) -> set[str]:
    """The verbs of a message's buttons and menus."""
    return {acts.verb(one) for one in message.custom_ids}


def subscribe(line: DiscordLine, user: User | None = None, channel: Channel | None = None, /, **options: Any) -> Act:
    """Subscribe, and press Save; what is said then."""
    return press(line, ask(line, "subscribe", user, channel, **options), acts.SAVE, user=user)


def brought(line: DiscordLine, channel: Channel | None = None, count: int = 1) -> list[Message]:
    """What the line's stages bring to a channel and its threads, once there are so many messages."""
    line.poll()
    line.work()
    where = channel or line.channel
    line.discord.until(lambda: len(posted(line, where)) >= count)
    return posted(line, where)


def posted(line: DiscordLine, channel: Channel | None = None) -> list[Message]:
    """A channel's messages, and those of its threads after them."""
    where = channel or line.channel
    return [
        *line.discord.messages(where),
        *(m for one in line.discord.threads(where) for m in line.discord.messages(one)),
    ]


@pytest.fixture
def quick_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord lets a shard identify every five seconds; the strict one does not mind, and discord.py's addresses are
    put back afterwards.
    """  # noqa: D205 - one sentence

    async def at_once(self: Client, shard_id: int | None, *, initial: bool = False) -> None:
        del self, shard_id, initial

    monkeypatch.setattr(Client, "before_identify_hook", at_once)
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
