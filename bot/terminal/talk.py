"""A conversation in a terminal channel: a line typed, an answer shown.

`say` is one line from a script, so a subscription is saved at once and its preview tells what it would have brought;
one that floods is refused, unless the script says that it is meant.
`Talk` is a person at a prompt, who is asked first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.asks import answer
from bot.commands import parse
from papers.answers import Answer
from papers.answers.subscriptions import Draft
from papers.errors import FloodError, UsageError
from papers.model import Asker, Destination
from papers.services import Services

WORKSPACE = "local"
"""The terminal's only workspace."""

Choice = Literal["save", "save anyway", "tighten", "loosen", "cancel"]

CHOICES: dict[str, Choice] = {
    "save anyway": "save anyway",  # whole words only: it is no slip of the finger
    **{word: choice for choice in ("save", "tighten", "loosen", "cancel") for word in (choice, choice[0])},
}


def channel(name: str) -> Destination:
    """A terminal channel by its name, with or without its #. Raises UsageError for a name that is none."""
    bare = name.removeprefix("#")
    if not bare or len(bare) > 80 or not all(c.isalnum() or c in "-_." for c in bare):  # noqa: PLR2004 - as Slack's
        raise UsageError(
            f"{name!r} is not a channel's name", advice="use up to 80 letters, digits, hyphens, dots and underscores"
        )
    return Destination("terminal", WORKSPACE, bare)


def named(user: str) -> str:
    """A user's name, if it can be stored and shown. Raises UsageError for one that cannot."""
    if not user.strip() or not user.isprintable():
        raise UsageError("that is not a user's name", advice="use printable characters")
    return user


def say(text: str, services: Services, asker: Asker, now: datetime, *, anyway: bool = False) -> Answer:
    """Answer one line, saving what it subscribes to; what floods only `anyway`. Raises a PaperboyError."""
    said = answer(parse(text, now), services, asker)
    if not isinstance(said, Draft):
        return said
    if said.floods and not anyway:
        raise FloodError(said.per_day, advice="more words would tame it; with --anyway it is saved as it is")
    return services.save(asker, said, anyway=anyway)


@dataclass(slots=True)
class Talk:
    """A person at the prompt of a channel. A draft waits here until they choose."""

    services: Services
    asker: Asker
    clock: Callable[[], datetime]
    draft: Draft | None = None

    def hear(self, text: str) -> Answer | None:
        """Answer one line; None if it cancelled a draft. Raises a PaperboyError, the draft still waiting."""
        choice = CHOICES.get(" ".join(text.casefold().split()))
        if choice is not None and self.draft is not None:
            return self._choose(self.draft, choice)
        if choice is not None and len(text.strip()) > 1:
            raise UsageError(f"there is nothing to {choice}", advice="`subscribe …` or `edit N …` makes a draft first")
        said = answer(parse(text, self.clock()), self.services, self.asker)
        self.draft = said if isinstance(said, Draft) else None
        return said

    def _choose(self, draft: Draft, choice: Choice) -> Answer | None:
        match choice:
            case "save" | "save anyway":
                saved = self.services.save(self.asker, draft, anyway=choice == "save anyway")
                self.draft = None
                return saved
            case "cancel":
                self.draft = None
                return None
            case "tighten" | "loosen":
                self.draft = self.services.adjust(self.asker, draft, choice)
                return self.draft
