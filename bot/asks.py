"""Commands as values, and the one service call that each of them is. `bot.commands` makes them from words.

Permissions are the platform's affair: it knows who asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from papers import answers
from papers.answers.subscriptions import Draft
from papers.model import Asker, Schedule, Want
from papers.services import Services
from papers.trends import Order, Period


@dataclass(frozen=True, slots=True)
class Help:
    """`help`, or `help NAME`. `lines`: (what to type, what it does)."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """`search [QUERY]`, narrowed and ordered as `papers.services.Services.search` says. `page` counts from 1."""

    query: str
    since: date | None = None
    page: int = 1
    before: date | None = None
    code: bool = False
    sort: Literal["new", "top"] | None = None


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
class Forget:
    """`forget N`."""

    number: int


@dataclass(frozen=True, slots=True)
class Repair:
    """`repair N`."""

    number: int


@dataclass(frozen=True, slots=True)
class List:
    """`list`."""


@dataclass(frozen=True, slots=True)
class Edit:
    """`edit N …`: answered by a draft that replaces N. `what` is what it shall be, or how many papers a day."""

    number: int
    what: Want | float


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
    """`digest [DAY]`; None is the newest day. `page` counts from 1."""

    day: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Trending:
    """`trending [week|month] [by:growth|by:stars]`. `page` counts from 1."""

    period: Period = "day"
    by: Order = "upvotes"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Why:
    """`why ID`; an id or a link, as typed."""

    paper: str


@dataclass(frozen=True, slots=True)
class Vote:
    """`vote up ID` and `vote down ID`; an id or a link, as typed."""

    paper: str
    way: Literal[1, -1]


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
class Feed:
    """`feed`, `feed new` and `feed off`."""

    change: Literal["new", "off"] | None = None


@dataclass(frozen=True, slots=True)
class Email:
    """`email ADDRESS`, as typed."""

    address: str


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
    | Forget
    | Repair
    | List
    | Edit
    | Test
    | SetSchedule
    | Digest
    | Trending
    | Why
    | Vote
    | Log
    | Resend
    | Settings
    | Feed
    | Email
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
        case Search() | Similar() | Digest() | Trending():
            return _from_archive(command, services)
        case Subscribe(want):
            return services.draft(asker, want)
        case Unsubscribe(number):
            return services.unsubscribe(asker, number)
        case Forget(number):
            return services.forget(asker, number)
        case Repair(number):
            return services.repair(asker, number)
        case List():
            return services.listing(asker)
        case Edit(number, what):
            return _edited(number, what, services, asker)
        case Test(what):
            return services.test(asker, what)
        case SetSchedule(schedule):
            return services.set_schedule(asker, schedule)
        case Why(paper):
            return services.why(asker, paper)
        case Vote(paper, way):
            return services.vote(asker, paper, way)
        case Log() | Resend() | Settings() | Feed() | Email() | Pause() | Resume():
            return _of_channel(command, services, asker)
        case _:
            assert_never(command)


def _of_channel(
    command: Log | Resend | Settings | Feed | Email | Pause | Resume, services: Services, asker: Asker
) -> answers.Answer:
    """What has to do with the channel as a whole, and with no subscription of it."""
    match command:
        case Log():
            return services.log(asker)
        case Resend(delivery):
            return services.resend(asker, delivery)
        case Settings(changes):
            return services.settings(asker, dict(changes))
        case Feed(change):
            return services.feed(asker, change)
        case Email(address):
            return services.email(asker, address)
        case Pause() | Resume():
            return services.pause(asker, paused=isinstance(command, Pause))
        case _:
            assert_never(command)


def _edited(number: int, what: Want | float, services: Services, asker: Asker) -> Draft:
    if isinstance(what, Want):
        return services.draft(asker, what, replaces=number)
    return services.with_volume(asker, number, what)


def _from_archive(command: Search | Similar | Digest | Trending, services: Services) -> answers.Answer:
    """What the same words bring in every channel."""
    match command:
        case Search(query, since, page, before, code, sort):
            return services.search(query, page=page, since=since, before=before, code=code, sort=sort)
        case Similar(named, page):
            return services.similar(named, page=page)
        case Digest(day, page):
            return services.digest(day, page=page)
        case Trending(period, by, page):
            return services.trending(period, by=by, page=page)
        case _:
            assert_never(command)
