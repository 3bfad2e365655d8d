"""A line typed or a button pressed, until its answer is out: what Slack's listeners hand over once they acknowledged.

    line ──► read ──► may they? ──► service, in a thread ──► render ──► reply
    press ─► its verb says what the value is: a line, a draft's token, a paper

Errors go to the asker only, in the same place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import Final, TypeVar, cast

import structlog
from slack_sdk.errors import SlackApiError

from bot import asks
from bot.conversation import Choice, Conversation, Said, changes
from bot.slack import acts
from bot.slack.api import error_code
from bot.slack.message import Message
from bot.slack.render import public, render, render_error
from bot.slack.replies import Reply
from bot.slack.rights import Rights
from papers.errors import PaperboyError
from papers.model import Asker

T = TypeVar("T")

_CHOICES: Final = {acts.SAVE, acts.TIGHTEN, acts.LOOSEN, acts.CANCEL}
_POSTING: Final = (asks.Subscribe, asks.Edit, asks.Resume)
"""What is no use in a channel that Paperboy is not in."""

log = structlog.get_logger()


class BrokenError(PaperboyError):
    """Something of ours broke; the log knows what."""

    def __init__(self) -> None:
        super().__init__("something broke on Paperboy's side", advice="try again; if it stays, tell your admin")


class LateError(PaperboyError):
    """A trigger's three seconds were over."""

    def __init__(self) -> None:
        super().__init__("Slack lets no form open so late", advice="try again")


TOO_LATE: Final = {"expired_trigger_id", "exchanged_trigger_id"}


def told_of(error: Exception) -> PaperboyError:
    """What to tell whoever asked; the log is told the rest."""
    match error:
        case PaperboyError():
            return error
        case SlackApiError():
            log.warning("slack refused", error=error_code(error))
            return LateError() if error_code(error) in TOO_LATE else BrokenError()
        case _:
            log.error("an answer broke", exc_info=error)
            return BrokenError()


class Talk:
    """Answers askers. Services run in `threads`, so that a slow one holds up no acknowledgement."""

    def __init__(self, conversation: Conversation, rights: Rights, threads: Executor) -> None:
        self._conversation = conversation
        self._threads = threads
        self.rights = rights

    async def apart(self, work: Callable[[], T]) -> T:
        """Run something slow off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def line(self, asker: Asker, line: str, reply: Reply) -> None:
        """Answer what was typed after `/papers`, to the asker only."""
        await self._answered(reply, lambda: self._say(asker, line), reply.aside)

    async def press(self, asker: Asker, verb: str, value: str, reply: Reply) -> None:
        """Do what a button says."""
        if verb == acts.POST:
            await self._answered(reply, lambda: self._for_all(asker, value), reply.aloud)
        elif verb in _CHOICES:
            await self._answered(reply, lambda: self._choose(asker, cast("Choice", verb), value), reply.instead)
        elif verb in {acts.UP, acts.DOWN}:
            await self._answered(reply, lambda: self._vote(asker, verb, value), reply.aside)
        elif verb == acts.REPAIR:
            there = await self.rights.asker(asker.destination.workspace, asker.user, value)
            await self._answered(reply, lambda: self._say(there, "resume"), reply.aside)
        else:
            send = reply.instead if verb == acts.TURN else reply.aside
            await self._answered(reply, lambda: self._say(asker, value), send)

    async def may(self, asker: Asker, *, posting: bool) -> None:
        """Raises NotAllowedError unless the asker may change what their channel gets (and we may post there)."""
        preferences = (await self.apart(lambda: self._conversation.services.settings(asker, {}))).preferences
        await self.rights.check(asker, admins_only=preferences.changes == "admins")
        if posting:
            await self.rights.enter(asker.destination)

    async def _answered(
        self,
        reply: Reply,
        ask: Callable[[], Awaitable[Message | None]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        try:
            message = await ask()
        except Exception as error:  # noqa: BLE001 - whatever it was, somebody waits to be told
            await reply.aside(render_error(told_of(error)))
        else:
            await (send(message) if message else reply.gone())

    async def _say(self, asker: Asker, line: str) -> Message:
        return self._rendered(await self._said(asker, line))

    async def _for_all(self, asker: Asker, line: str) -> Message:
        return public(await self._say(asker, line), asker.user)

    async def _said(self, asker: Asker, line: str) -> Said:
        command = self._conversation.read(line)
        if changes(command):
            await self.may(asker, posting=isinstance(command, _POSTING))
        return await self.apart(lambda: self._conversation.answer(asker, line, command))

    async def _choose(self, asker: Asker, choice: Choice, token: str) -> Message | None:
        if choice == "save":
            await self.may(asker, posting=True)
        said = await self.apart(lambda: self._conversation.choose(asker, choice, token))
        return self._rendered(said) if said else None

    async def _vote(self, asker: Asker, verb: str, paper: str) -> Message:
        services = self._conversation.services
        voted = await self.apart(lambda: services.vote(asker, paper, 1 if verb == acts.UP else -1))
        return self._rendered(Said(voted))

    def _rendered(self, said: Said) -> Message:
        return render(said.answer, self._conversation.now, "UTC", token=said.token, line=said.line)
