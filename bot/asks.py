"""Commands as values, and the one service call that each of them is. `bot.commands` makes them from words.

Permissions are the platform's affair: it knows who asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from papers import answers
from papers.model import Asker, Schedule, Want
from papers.services import Services


@dataclass(frozen=True, slots=True)
class Help:
    """`help`, or `help NAME`. `lines`: (what to type, what it does)."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """`search QUERY`. `page` counts from 1."""

    query: str
    since_days: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Similar:
    """`similar ID`, a link, or free text, as typed. `page` counts from 1."""

    named: str
    page: int = 1


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`subscribe …`: answered by a draft."""

    want: Want


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """`unsubscribe N`."""

    number: int


@dataclass(frozen=True, slots=True)
class List:
    """`list`."""


@dataclass(frozen=True, slots=True)
class Edit:
    """`edit N …`: answered by a draft that replaces N."""

    number: int
    want: Want


@dataclass(frozen=True, slots=True)
class Test:
    """`test N` or `test QUERY`. A QUERY that is nothing but a number is typed in quotes."""

    what: int | Want


@dataclass(frozen=True, slots=True)
class SetSchedule:
    """`instant`, `daily …` and `weekly …`."""

    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Digest:
    """`digest [DAY]`; None is the newest day."""

    day: date | None = None


@dataclass(frozen=True, slots=True)
class Trending:
    """`trending [week]`."""

    week: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """`why ID`; an id or a link, as typed."""

    paper: str


@dataclass(frozen=True, slots=True)
class Log:
    """`log`."""


@dataclass(frozen=True, slots=True)
class Resend:
    """`resend ID`; the first characters of a delivery's id, in lower case."""

    delivery: str


@dataclass(frozen=True, slots=True)
class Settings:
    """`settings`, and with `changes` (name, value) `settings NAME VALUE`."""

    changes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """`pause`."""


@dataclass(frozen=True, slots=True)
class Resume:
    """`resume`."""


Command = (
    Help
    | Search
    | Similar
    | Subscribe
    | Unsubscribe
    | List
    | Edit
    | Test
    | SetSchedule
    | Digest
    | Trending
    | Why
    | Log
    | Resend
    | Settings
    | Pause
    | Resume
)


def answer(command: Command, services: Services, asker: Asker) -> answers.Answer:  # noqa: C901, PLR0911, PLR0912 - one line a command
    """What the command's service says. Raises its PaperboyError, nothing being changed then.

    `subscribe` and `edit` answer with a `Draft`, which is not saved: the platform asks first.
    """
    match command:
        case Help(lines):
            return answers.Help(lines)
        case Search(query, since_days, page):
            return services.search(query, since_days=since_days, page=page)
        case Similar(named, page):
            return services.similar(named, page=page)
        case Subscribe(want):
            return services.draft(asker, want)
        case Unsubscribe(number):
            return services.unsubscribe(asker, number)
        case List():
            return services.listing(asker)
        case Edit(number, want):
            return services.draft(asker, want, replaces=number)
        case Test(what):
            return services.test(asker, what)
        case SetSchedule(schedule):
            return services.set_schedule(asker, schedule)
        case Digest(day):
            return services.digest(day)
        case Trending(week):
            return services.trending(week=week)
        case Why(paper):
            return services.why(asker, paper)
        case Log():
            return services.log(asker)
        case Resend(delivery):
            return services.resend(asker, delivery)
        case Settings(changes):
            return services.settings(asker, dict(changes))
        case Pause() | Resume():
            return services.pause(asker, paused=isinstance(command, Pause))
        case _:
            assert_never(command)
