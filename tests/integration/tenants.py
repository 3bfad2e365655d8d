"""Two channels that must know nothing of each other: one with secrets of every kind, and a stranger in another.

The stranger has every right where they are, and none elsewhere. What they say goes the whole way behind a platform's
acknowledgement: read, allowed, answered, rendered in that platform's look.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

from bot import acts
from bot.conversation import Conversation
from bot.discord.look import LOOK as DISCORD
from bot.slack.look import LOOK as SLACK
from bot.talk import BrokenError, Look, Talk
from bot.terminal.render import plain, render, render_error
from papers.answers import Answer
from papers.errors import NotAllowedError, PaperboyError
from papers.model import Asker, Delivery, Destination, Heading, Want
from papers.services import Services
from papers.stores import keys
from papers.stores.outbox import Verdict
from papers.stores.server import Server
from papers.wiring import Core
from tests.builders import TODAY, subscribe
from tests.conftest import NOW
from tests.integration.outboxes import PAST, claimed, kept, put

SECRET = "quokka"  # noqa: S105 - a marsupial
"""Stands in all that the one with secrets has typed, and nowhere else."""


def terminal() -> Look[str]:
    """The terminal, as a look: it has no buttons."""

    def shown(answer: Answer, now: Any, zone: str, *, token: str = "", line: str = "") -> str:
        del token, line
        return plain(render(answer, now, zone))

    return Look(shown, lambda error: plain(render_error(error)), lambda message, _: message, lambda _: None)


LOOKS: Mapping[str, Look[Any]] = {"slack": SLACK, "discord": DISCORD, "terminal": terminal()}


@dataclass
class Reply:
    """What came of it."""

    messages: list[Any] = field(default_factory=list)

    async def aside(self, message: Any) -> None:
        self.messages.append(message)

    instead = aloud = aside

    async def gone(self) -> None:
        """Nothing is shown."""

    @property
    def text(self) -> str:
        """All of it, what only the payload holds included."""
        return " ".join(
            one if isinstance(one, str) else json.dumps(_plain(one), ensure_ascii=False) for one in self.messages
        )


def _plain(message: Any) -> Any:
    return message.payload() if hasattr(message, "payload") else [message.text, *message.blocks]


@dataclass(frozen=True)
class Door:
    """Rights over one channel alone; nobody at all has any where `locked`."""

    own: Destination
    locked: bool = False

    async def asker(self, workspace: str, user: str, channel: str) -> Asker:
        return Asker(Destination(self.own.platform, workspace, channel), user)

    async def check(self, asker: Asker, *, admins_only: bool) -> None:
        del admins_only
        if self.locked or asker.destination != self.own:
            raise NotAllowedError("that is not yours")

    async def enter(self, destination: Destination) -> None:
        if destination != self.own:
            raise NotAllowedError("nobody is let in there")


@dataclass
class Stranger:
    """Somebody in `own`. Each thing is said by another user, so that none is refused for being too much."""

    core: Core
    services: Callable[[], Services]
    own: Destination
    threads: Executor
    locked: bool = False
    said: int = 0

    def __post_init__(self) -> None:
        stores, look = self.core.stores, LOOKS[self.own.platform]
        self.conversation = Conversation(self.services, stores.drafts, stores.quota, lambda: NOW)
        self._talk = Talk(self.conversation, Door(self.own, self.locked), look, self.threads)
        self._runner = asyncio.Runner()

    @property
    def asker(self) -> Asker:
        """Another one each time; what their workspace may say in a minute comes back every hundred."""
        self.said += 1
        if self.said % 100 == 0:
            self.core.stores.server.call("DEL", keys.quota(f"{self.own.platform}:{self.own.workspace}"))
        return Asker(self.own, f"U{self.said}")

    def types(self, line: str) -> str:
        """What typing a line shows."""
        reply = Reply()
        self._runner.run(self._talk.line(self.asker, line, reply))
        return reply.text

    def presses(self, verb: str, value: str) -> str:
        """What a button shows, whatever it says."""
        reply = Reply()
        if verb == acts.FORM:
            return self._form(value)
        self._runner.run(self._talk.press(self.asker, verb, value, reply))
        return reply.text

    def _form(self, value: str) -> str:
        try:
            return str(self.conversation.want(self.asker, value))
        except PaperboyError as error:
            return str(error)

    def leaves(self) -> None:
        """Forget what they made in their own channel."""
        for key in self.core.stores.server.call("KEYS", f"paperboy:{{{self.own}}}:*"):
            self.core.stores.server.call("DEL", key)

    def close(self) -> None:
        self._runner.close()


@dataclass(frozen=True)
class Secrets:
    """What the other channel has: its numbers are 1 to 3, as everybody's are."""

    where: Destination
    delivery: str
    draft: str
    feed: str

    def of(self, server: Server) -> dict[str, object]:
        """All that is kept of that channel, and of its draft and its feed."""
        held = kept(server, f"{{{self.where}}}", self.draft)
        outlets = server.call("HGETALL", "paperboy:outlets")
        return {**held, "outlets": [mark for mark, whose in outlets.items() if whose == str(self.where)]}


def secrets(core: Core, desk: Services, where: Destination, feed: str) -> Secrets:
    """A channel with a subscription of each kind, votes, settings, a private feed, a draft, and a mail that is lost."""
    asker = Asker(where, "owner")
    subscribe(desk, asker, Want(query=f"attention OR {SECRET}"))
    subscribe(desk, asker, Want(topic=f"robots and the {SECRET}", per_day=1.0))
    subscribe(desk, asker, Want(feed=feed))
    desk.settings(asker, {"format": "full"})
    desk.vote(asker, "2603.00001", 1)
    address = desk.feed(asker, "new").atom
    delivery = Delivery("c0ffee" * 4, where, "digest", Heading(TODAY, 1, note=SECRET), PAST)
    put(core.stores, delivery)
    core.stores.outbox.settle(claimed(core.stores, where), Verdict("parked", detail=SECRET))
    draft = core.stores.drafts.put(desk.draft(asker, Want(query=f"{SECRET} OR kernel")), asker)
    return Secrets(where, delivery.id, draft, address.rpartition("/")[2].removesuffix(".atom"))


def leaked(told: str, of: Secrets, typed: str) -> list[str]:
    """What a stranger was told that is not theirs, but for what they typed themselves."""
    known = (SECRET, of.delivery[:6], of.feed, of.draft)
    return [one for one in known if one in told.replace("Quokka", SECRET) and one not in typed]


def broke(told: str) -> bool:
    """Whether something of ours broke."""
    return str(BrokenError()) in told or "broke on Paperboy" in told
