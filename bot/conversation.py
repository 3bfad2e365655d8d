"""What people say to a chat bot, and what is answered: the part that chat platforms share.

    a line ─────────────────────────────────► read ──► (the platform looks whether they may) ──► answer ──► Said
    Save (anyway), Tighten, Loosen, Cancel ──────────► the draft that waits under its token ──► Said

Everything here is synchronous and may take a second: a bot calls it off its event loop.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final, Literal

from bot import asks, words
from bot.commands import parse
from papers.answers import Answer
from papers.answers.subscriptions import Draft
from papers.errors import NotFoundError, PaperboyError, QuotaError, UsageError
from papers.model import Asker, Want
from papers.services import Services
from papers.services.limits import payer
from papers.stores.drafts import DraftStore
from papers.stores.quota import Quota

Choice = Literal["save", "anyway", "tighten", "loosen", "cancel"]

PER_USER: Final = 30
"""Commands a minute and user."""

PER_WORKSPACE: Final = 300
"""Commands a minute and workspace: a backtest costs tens of milliseconds of a core."""

MINUTE: Final = 60.0

_CHANGING: Final = (
    asks.Subscribe,
    asks.Edit,
    asks.Unsubscribe,
    asks.Forget,
    asks.SetSchedule,
    asks.Pause,
    asks.Resume,
    asks.Resend,
    asks.Repair,
    asks.Email,
)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and what its buttons need: the token of a draft that waits, the line that was typed (without page)."""

    answer: Answer
    token: str = ""
    line: str = ""


def changes(command: asks.Command) -> bool:
    """Whether a command changes what a channel gets, so that not everybody may say it."""
    if isinstance(command, asks.Settings):
        return bool(command.changes)
    if isinstance(command, asks.Feed):
        return command.change is not None
    return isinstance(command, _CHANGING)


def locks(command: asks.Command) -> bool:
    """Whether a command leaves changes to admins from now on, and so shuts out whoever is none."""
    return isinstance(command, asks.Settings) and ("changes", "admins") in command.changes


class Conversation:
    """Answers lines and choices, in any channel of any workspace."""

    def __init__(
        self, services: Callable[[], Services], drafts: DraftStore, quota: Quota, clock: Callable[[], datetime]
    ) -> None:
        self._services = services
        self._drafts = drafts
        self._quota = quota
        self._clock = clock

    @property
    def services(self) -> Services:
        """The services themselves, for what is not said in words."""
        return self._services()

    @property
    def now(self) -> datetime:
        """The time, as this conversation has it."""
        return self._clock()

    def read(self, line: str) -> asks.Command:
        """The command that a line spells. Raises UsageError."""
        return parse(line, self._clock())

    def answer(self, asker: Asker, line: str, command: asks.Command) -> Said:
        """Answer a command that was read from `line`. Raises a PaperboyError, nothing being changed then."""
        self.admit(asker)
        return self._said(asker, asks.answer(command, self.services, asker), line)

    def similar(self, asker: Asker, named: str) -> Said:
        """Papers like one, named by an id or a link, or like a text that nobody typed as a command."""
        if not named:
            raise UsageError("that message has neither text nor a link", advice="choose one that speaks of a paper")
        self.admit(asker)
        return Said(self.services.similar(named, page=1), line=unpaged(f"similar {named}"))

    def vote(self, asker: Asker, paper: str, way: Literal[1, -1]) -> Said:
        """A vote by a button, which counts like a command."""
        self.admit(asker)
        return Said(self.services.vote(asker, paper, way))

    def want(self, asker: Asker, value: str) -> tuple[int | None, Want]:
        """What a form begins with, and the number that it edits: `value` is as `bot.acts.FORM` says.

        Raises NotFoundError for a number that the channel has not.
        """
        number = words.whole(value[1:]) if value.startswith("#") else None
        if number is None:
            return None, self._wanted(value)
        for row in self.services.listing(asker).rows:
            if row.subscription.number == number:
                return number, row.subscription.want
        raise NotFoundError(f"there is no subscription {number} here", advice="`list` shows the numbers")

    def _wanted(self, text: str) -> Want:
        """What `subscribe` would take `text` for; just this text, if that is nothing that there is."""
        with suppress(UsageError):
            command = self.read(f"subscribe {text}")
            if isinstance(command, asks.Subscribe):
                return command.want
        return Want(query=text or None)

    def admit(self, asker: Asker) -> None:
        """Count one more command. Raises QuotaError where there were too many in the last minute."""
        here = asker.destination
        own = f"{here.platform}:{here.workspace}:{asker.user}"
        for scope, limit in ((own, PER_USER), (payer(here), PER_WORKSPACE)):
            wait = self._quota.spend(scope, limit, MINUTE)
            if wait:
                raise QuotaError("that was a lot of commands in a minute", advice=f"go on in {ceil(wait)} s")

    def choose(self, asker: Asker, choice: Choice, token: str) -> Said | None:
        """Do with a draft as its asker chose; None once it is cancelled.

        Raises NotFoundError for a draft that is no more: saved already, cancelled, older than a day, or one of more
        than `papers.stores.drafts.WAITING` of the asker's. QuotaError as `admit` does.
        """
        found = self._drafts.get(token)
        if found is None and choice == "cancel":
            return None
        draft = self._waiting(asker, found)
        match choice:
            case "cancel":
                self._drafts.take(token)
                return None
            case "save" | "anyway":
                return self._save(asker, token, anyway=choice == "anyway")
            case "tighten" | "loosen":
                self.admit(asker)  # a preview costs as much as a command; what is saved was counted when it was typed
                moved = self.services.adjust(asker, draft, choice)
                self._drafts.take(token)
                return self._said(asker, moved, "")

    def _save(self, asker: Asker, token: str, *, anyway: bool) -> Said:
        draft = self._waiting(asker, self._drafts.take(token))  # only one of two presses gets it
        try:
            return Said(self.services.save(asker, draft, anyway=anyway))
        except PaperboyError:
            self._drafts.give_back(token, draft)
            raise

    @staticmethod
    def _waiting(asker: Asker, draft: Draft | None) -> Draft:
        if draft is None or draft.subscription.destination != asker.destination:
            advice = "`list` shows what is saved; type the command again for a new preview"
            raise NotFoundError("that preview waits no more", advice=advice)
        return draft

    def _said(self, asker: Asker, answer: Answer, line: str) -> Said:
        token = self._drafts.put(answer, asker) if isinstance(answer, Draft) else ""
        return Said(answer, token, unpaged(line))


def unpaged(line: str) -> str:
    """A line as typed after `/papers`, tidied, without the page that it asked for."""
    typed = words.split(words.tidy(line))
    if typed and typed[0].casefold() in {words.PREFIX, words.PREFIX.removeprefix("/")}:
        typed = typed[1:]
    return " ".join(word for word in typed if not word.casefold().startswith("page:"))
