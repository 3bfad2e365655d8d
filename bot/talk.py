"""A line typed or a button pressed, until its answer is out: what a platform hands over once it has acknowledged.

    line ──► read ──► may they? ──► service, in a thread ──► render ──► reply
    press ─► its verb says what the argument is: a line, a draft's token, a paper

Errors go to the asker only, in the same place. What a message looks like, and who may change what, is the platform's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Generic, Literal, Protocol, TypeVar, cast

import structlog

from bot import acts, asks, tally
from bot.conversation import Choice, Conversation, Said, changes, locks
from papers.answers import Answer
from papers.errors import NotAllowedError, PaperboyError, StoreError
from papers.model import Asker, Destination

T = TypeVar("T")
M = TypeVar("M")
M_co = TypeVar("M_co", covariant=True)
M_contra = TypeVar("M_contra", contravariant=True)

_POSTING: Final = (asks.Subscribe, asks.Edit, asks.Resume)
"""What is no use in a channel that Paperboy is not in."""

PATIENCE: Final = 5.0
"""Seconds that answers under way are waited for at the end."""

ANSWERING: Final = 8
"""Commands that are answered at the same time; a feed that is slow to answer holds one of them up."""

log = structlog.get_logger()


class BrokenError(PaperboyError):
    """Something of ours broke; the log knows what."""

    def __init__(self) -> None:
        advice = "try again in a minute; if it stays, tell your admin"
        super().__init__("something broke on Paperboy's side", advice=advice)


class Reply(Protocol[M_contra]):
    """Answers to one press or one command."""

    async def aside(self, message: M_contra) -> None:
        """To the asker only, beside what they pressed."""

    async def instead(self, message: M_contra) -> None:
        """To the asker, in place of what they pressed."""

    async def aloud(self, message: M_contra) -> None:
        """To everybody in the channel."""

    async def gone(self) -> None:
        """Nothing: what they pressed goes away."""


class Render(Protocol[M_co]):
    """Makes a platform's message of an answer."""

    def __call__(self, answer: Answer, now: datetime, zone: str, *, token: str = "", line: str = "") -> M_co:
        """`token` of the draft, if it is one; `line` as it was typed, which some buttons say again."""


class Rights(Protocol):
    """Who asks, and what they may do: told by the platform, never by the payload's text."""

    async def asker(self, workspace: str, user: str, channel: str) -> Asker:
        """Who speaks where."""

    async def check(self, asker: Asker, *, admins_only: bool) -> None:
        """Raises NotAllowedError unless they may change what their channel gets."""

    async def enter(self, destination: Destination) -> None:
        """See that the app may post into a channel. Raises NotAllowedError."""


@dataclass(frozen=True, slots=True)
class Look(Generic[M]):
    """How a platform shows things.

    Attributes:
        render: an answer.
        error: what was wrong.
        public: a message that its asker (a user's id) shares with everybody.
        foreign: the platform's own errors in our words; None for what is none of these.
    """

    render: Render[M]
    error: Callable[[PaperboyError], M]
    public: Callable[[M, str], M]
    foreign: Callable[[Exception], PaperboyError | None]

    def told(self, error: Exception) -> PaperboyError:
        """What to tell whoever asked; the log is told the rest."""
        if isinstance(error, StoreError):
            log.error("the server is away", error=str(error))  # its address is the operator's affair
            return BrokenError()
        if isinstance(error, PaperboyError):
            return error
        foreign = self.foreign(error)
        if foreign is None:
            log.error("an answer broke", exc_info=error)
        return foreign or BrokenError()

    def told_as_message(self, error: Exception) -> M:
        """The same, as it is shown."""
        return self.error(self.told(error))


def answering() -> Executor:
    """Threads for a `Talk`."""
    return ThreadPoolExecutor(ANSWERING, "answer")


class Talk(Generic[M]):
    """Answers askers. Services run in `threads`, so that a slow one holds up no acknowledgement."""

    def __init__(self, conversation: Conversation, rights: Rights, look: Look[M], threads: Executor) -> None:
        self._conversation = conversation
        self._rights = rights
        self._look = look
        self._threads = threads
        self._under_way: set[asyncio.Future[None]] = set()

    async def apart(self, work: Callable[[], T]) -> T:
        """Run something slow off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def rest(self) -> None:
        """Wait until nobody waits for an answer any more, or for `PATIENCE`: before the connections are closed."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=PATIENCE)

    async def line(self, asker: Asker, line: str, reply: Reply[M]) -> None:
        """Answer what was typed after `/papers`, to the asker only."""
        command = tally.name(lambda: self._conversation.read(line))
        await self._answered(asker, command, reply, lambda: self._say(asker, line), reply.aside)

    async def similar(self, asker: Asker, named: str, reply: Reply[M]) -> None:
        """Answer with papers like what is named, which nobody typed: nothing in it is an option."""
        await self._answered(asker, "similar", reply, lambda: self._similar(asker, named), reply.aside)

    async def press(self, asker: Asker, verb: str, value: str, reply: Reply[M]) -> None:
        """Do what a button says."""
        ask: Callable[[], Awaitable[M | None]] = partial(self._say, asker, value)
        send = reply.instead if verb == acts.TURN else reply.aside
        if verb == acts.POST:
            ask, send = partial(self._for_all, asker, value), reply.aloud
        elif verb in acts.CHOICES:
            ask, send = partial(self._choose, asker, cast("Choice", verb), value), reply.instead
        elif verb in {acts.UP, acts.DOWN}:
            ask = partial(self._vote, asker, verb, value)
        elif verb == acts.REPAIR:
            ask = partial(self._repair, asker, value)
        await self._answered(asker, verb, reply, ask, send)

    async def may(self, asker: Asker, *, posting: bool) -> None:
        """Raises NotAllowedError unless the asker may change what their channel gets (and we may post there)."""
        preferences = (await self.apart(lambda: self._conversation.services.settings(asker, {}))).preferences
        await self._rights.check(asker, admins_only=preferences.changes == "admins")
        if posting:
            await self._rights.enter(asker.destination)

    async def _not_out(self, asker: Asker) -> None:
        """Raises NotAllowedError for somebody who leaves changes to admins and could not take that back."""
        try:
            await self._rights.check(asker, admins_only=True)
        except NotAllowedError as error:
            news = "only admins may leave changes to admins: you could not take that back"
            raise NotAllowedError(news, advice="ask an admin to type it") from error

    async def _answered(
        self,
        asker: Asker,
        command: str,
        reply: Reply[M],
        ask: Callable[[], Awaitable[M | None]],
        send: Callable[[M], Awaitable[None]],
    ) -> None:
        answered = asyncio.get_running_loop().create_future()
        self._under_way.add(answered)
        try:
            with tally.tallied(asker.destination.platform, command):
                message = await ask()
        except Exception as error:  # noqa: BLE001 - whatever it was, somebody waits to be told
            await reply.aside(self._look.told_as_message(error))
        else:
            await (send(message) if message else reply.gone())
        finally:
            self._under_way.discard(answered)
            answered.set_result(None)

    async def _say(self, asker: Asker, line: str) -> M:
        command = self._conversation.read(line)
        if changes(command):
            await self.may(asker, posting=isinstance(command, _POSTING))
        if locks(command):
            await self._not_out(asker)
        return self._shown(await self.apart(lambda: self._conversation.answer(asker, line, command)))

    async def _similar(self, asker: Asker, named: str) -> M:
        return self._shown(await self.apart(lambda: self._conversation.similar(asker, named)))

    async def _for_all(self, asker: Asker, line: str) -> M:
        return self._look.public(await self._say(asker, line), asker.user)

    async def _repair(self, asker: Asker, channel: str) -> M:
        there = await self._rights.asker(asker.destination.workspace, asker.user, channel)
        return await self._say(there, "resume")

    async def _choose(self, asker: Asker, choice: Choice, token: str) -> M | None:
        if choice in {"save", "anyway"}:
            await self.may(asker, posting=True)
        said = await self.apart(lambda: self._conversation.choose(asker, choice, token))
        return self._shown(said) if said else None

    async def _vote(self, asker: Asker, verb: str, paper: str) -> M:
        way: Literal[1, -1] = 1 if verb == acts.UP else -1
        return self._shown(await self.apart(lambda: self._conversation.vote(asker, paper, way)))

    def _shown(self, said: Said) -> M:
        return self._look.render(said.answer, self._conversation.now, "UTC", token=said.token, line=said.line)
