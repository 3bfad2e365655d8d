"""One call of the API: what it asks, and the ways to refuse it with Discord's status, code and sentence.

Codes are those of https://discord.com/developers/docs/topics/opcodes-and-status-codes#json.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fakes.discord.payloads import Surface, problems
from tests.fakes.discord.permissions import VIEW_CHANNEL, in_channel
from tests.fakes.discord.rules import UNKNOWN, Problem, Rule, form
from tests.fakes.discord.world import Channel, Guild, Json, Message, World

ERRORS: Final[Mapping[int, tuple[int, str]]] = {
    0: (401, "401: Unauthorized"),
    503: (503, "503: Service Unavailable"),
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20012: (403, "You are not authorized to perform this action on this application"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160002: (400, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
}
"""Statuses and sentences by code."""

MISTAKES: Final = frozenset({0, 10062, 10063, 20012, 40060, 50006, 50008, 50024, 50027, 50035, 50109})
"""Codes that only a mistake of the app's makers can cause, whatever happens in the guild."""


class Refusal(Exception):  # noqa: N818 - what Discord does, not what went wrong here
    """A call is refused. `errors` are those of a 50035; `is_noted`: it is among the violations already, or is none."""

    def __init__(self, code: int, errors: Json | None = None, *, wrong: str = "", is_noted: bool = False) -> None:
        self.code = code
        self.status, self.sentence = ERRORS[code]
        self.errors = errors
        self.wrong = wrong
        """What the app's makers should be told besides."""
        self.is_mistake = code in MISTAKES and not is_noted
        """Whether it is to be noted among the violations, where it is not yet."""
        super().__init__(self.sentence)

    @property
    def body(self) -> Json:
        """As Discord sends it."""
        said: Json = {"message": self.sentence, "code": self.code if self.code > 999 else 0}
        return {**said, "errors": self.errors} if self.errors else said


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked: the path's parts, the query, and the body, None if there was none."""

    world: World
    route: str
    path: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    files: tuple[Upload, ...] = ()

    def taken(self, surface: Surface, body: Any, *, is_v2: bool = False) -> Json:
        """A body that Discord takes. Raises `Refusal` for another; keys that Discord ignores are noted only."""
        if body is None:
            raise Refusal(50109)
        self._check(problems(body, surface, is_v2=is_v2))
        kept: Json = body
        return kept

    def ruled(self, rule: Rule) -> Json:
        """As `taken`, of the whole body, by a rule."""
        if self.body is None:
            raise Refusal(50109)
        self._check(rule(self.body, ()))
        kept: Json = self.body
        return kept

    def _check(self, found: Iterable[Problem]) -> None:
        listed = list(found)
        for one in listed:
            self.world.wrong(f"{self.route}: {one}")
        refused = [one for one in listed if one.code != UNKNOWN]
        if any(one.code == "EMPTY_MESSAGE" for one in refused):
            raise Refusal(50006, is_noted=True)
        if refused:
            raise Refusal(50035, form(refused), is_noted=True)

    def guild(self) -> Guild:
        """The guild of the path, if the bot is in it."""
        guild = self.world.guilds.get(self.path["guild"])
        if guild is None or not guild.has_bot:
            raise Refusal(10004)
        if not guild.is_available:
            raise Refusal(503)
        return guild

    def channel(self, *needed: int) -> Channel:
        """The channel of the path, if the bot sees it and has these permissions in it."""
        channel = self.world.channels.get(self.path["channel"])
        if channel is None:
            raise Refusal(10003)
        if channel.guild and not self.world.guilds[channel.guild].is_available:
            raise Refusal(503)
        self.need(channel, *needed)
        return channel

    def need(self, channel: Channel, *needed: int) -> None:
        """Raises `Refusal` if the bot does not see a channel, or lacks one of these permissions in it."""
        held = self.held(channel)
        if not held & VIEW_CHANNEL:
            raise Refusal(50001)
        if any(not held & one for one in needed):
            raise Refusal(50013)

    def held(self, channel: Channel) -> int:
        """What the bot may do in a channel."""
        return in_channel(self.world, channel, self.world.bot.id)

    def message(self, channel: Channel) -> Message:
        """The message of the path, in that channel."""
        message = self.world.messages.get(self.path["message"])
        if message is None or message.channel != channel.id or message.is_ephemeral:
            raise Refusal(10008)
        return message


Handler = Callable[[Call], Any]
"""Answers a call with what is sent back, None for 204."""


@dataclass(frozen=True, slots=True)
class Route:
    """One of the API's routes.

    Attributes:
        name: Discord's own operation id.
        path: with the names of its parts in braces.
        limit: how many calls may come within how many seconds, for each channel, guild or webhook. Discord publishes
            no figures: these are what it was seen to answer.
        needs_token: whether it wants the bot's token; routes with a token in their path do not.
        status: of its answer, if it sends something back.
    """

    name: str
    method: str
    path: str
    answer: Handler
    limit: tuple[int, float] = (50, 1.0)
    needs_token: bool = True
    status: int = 200
