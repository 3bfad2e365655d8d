"""Each command is one call of one service, with the asker as the platform verified it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, get_args

import pytest

from bot import commands
from bot.commands import Command, answer
from papers.answers import Answer, Help
from papers.answers.archive import DigestAnswer, SearchAnswer
from papers.answers.card import Card
from papers.answers.channel import LogAnswer, PauseAnswer, Resent, ScheduleAnswer, SettingsAnswer
from papers.answers.subscriptions import Draft, Listing, Overview, Preview, Removed, Row, Saved
from papers.answers.votes import Forgotten, Voted
from papers.answers.why import WhyAnswer
from papers.mailbox import Invited
from papers.model import Asker, Destination, Paper, Preferences, Schedule, Subscription, Want
from papers.outlet import FeedAnswer
from papers.services import Services
from papers.trends import Order, Period
from papers.trouble import Repaired

ASKER = Asker(Destination("terminal", "local", "efficient-llms"), "ada")
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WANT = Want(query="diffusion")
PREVIEW = Preview("diffusion", 30, 0, 0, ())


@dataclass(frozen=True)
class Echo:
    """Services that answer with what they were asked, to the one asker they know."""

    asker: Asker = ASKER

    def _subscription(self, asker: Asker, number: int, want: Want = WANT) -> Subscription:
        assert asker == self.asker
        return Subscription(f"{asker.destination}#{number}", number, asker.destination, want)

    def search(
        self,
        query: str,
        *,
        page: int = 1,
        since: date | None = None,
        before: date | None = None,
        code: bool = False,
        sort: Literal["new", "top"] | None = None,
    ) -> SearchAnswer:
        return SearchAnswer(query, (), 0, page, 0, f"{since} {before} {code} {sort}")

    def draft(self, asker: Asker, want: Want, *, replaces: int | None = None) -> Draft:
        return Draft(self._subscription(asker, 0, want), PREVIEW, replaces, can_tighten=False)

    def with_volume(self, asker: Asker, number: int, per_day: float) -> Draft:
        return Draft(self._subscription(asker, number), PREVIEW, number, can_tighten=True, per_day=per_day)

    def adjust(self, asker: Asker, draft: Draft, way: Literal["tighten", "loosen"]) -> Draft:
        raise AssertionError((asker, draft, way))

    def save(self, asker: Asker, draft: Draft, *, anyway: bool = False) -> Saved:
        raise AssertionError((asker, draft, anyway))

    def unsubscribe(self, asker: Asker, number: int) -> Removed:
        return Removed(self._subscription(asker, number), "")

    def forget(self, asker: Asker, number: int) -> Forgotten:
        return Forgotten(self._subscription(asker, number), "", None)

    def repair(self, asker: Asker, number: int) -> Repaired:
        return Repaired(self._subscription(asker, number), "", resumed=True)

    def listing(self, asker: Asker) -> Listing:
        return Listing((Row(self._subscription(asker, 1), ""),), Schedule(), None, paused=False)

    def test(self, asker: Asker, what: int | Want) -> Preview:
        assert asker == self.asker
        return Preview(repr(what), 30, 0, 0, ())

    def set_schedule(self, asker: Asker, schedule: Schedule) -> ScheduleAnswer:
        assert asker == self.asker
        return ScheduleAnswer(schedule, None, paused=False)

    def pause(self, asker: Asker, *, paused: bool) -> PauseAnswer:
        assert asker == self.asker
        return PauseAnswer(paused, 0, None)

    def settings(self, asker: Asker, changes: Mapping[str, str]) -> SettingsAnswer:
        assert asker == self.asker
        return SettingsAnswer(Preferences(language=changes.get("language", "en")), changed=bool(changes))

    def vote(self, asker: Asker, paper: str, way: Literal[1, -1]) -> Voted:
        assert asker == self.asker
        return Voted(Paper(paper, "T"), way, 0, 0)

    def similar(self, named: str, *, page: int) -> SearchAnswer:
        return SearchAnswer("", (), 0, page, 0, like=named)

    def card(self, named: str) -> Card | None:
        raise AssertionError(named)

    def overview(self, destinations: Sequence[Destination]) -> tuple[Overview, ...]:
        raise AssertionError(destinations)

    def resend(self, asker: Asker, delivery: str) -> Resent:
        assert asker == self.asker
        return Resent(delivery)

    def email(self, asker: Asker, address: str) -> Invited:
        assert asker == self.asker
        return Invited(address, 1, Schedule("daily"))

    def feed(self, asker: Asker, change: Literal["new", "off"] | None) -> FeedAnswer:
        assert asker == self.asker
        return FeedAnswer("atom", "rss", change)

    def digest(self, day: date | None, *, page: int = 1) -> DigestAnswer:
        return DigestAnswer("digest", day or date.min, day or date.min, (), 0, page)

    def trending(self, period: Period = "day", *, by: Order = "upvotes", page: int = 1) -> DigestAnswer:
        return DigestAnswer("trending", date.min, date.min, (), 0, page, period=period, by=by)

    def why(self, asker: Asker, paper: str) -> WhyAnswer:
        assert asker == self.asker
        return WhyAnswer(Paper(paper, "T"), "", ())

    def log(self, asker: Asker) -> LogAnswer:
        assert asker == self.asker
        return LogAnswer(())


ECHO: Services = Echo()
DAY = date(2026, 11, 10)
WEEKLY = Schedule("weekly", "09:00", "UTC", 2)
ASKED: tuple[tuple[Command, Answer], ...] = (
    (commands.Help((("/papers list", "show"),)), Help((("/papers list", "show"),))),
    (commands.Search("mamba", date(2026, 10, 1), 2), ECHO.search("mamba", since=date(2026, 10, 1), page=2)),
    (
        commands.Search("mamba", before=date(2026, 11, 1), code=True, sort="top"),
        ECHO.search("mamba", before=date(2026, 11, 1), code=True, sort="top"),
    ),
    (commands.Subscribe(WANT), ECHO.draft(ASKER, WANT)),
    (commands.Unsubscribe(3), ECHO.unsubscribe(ASKER, 3)),
    (commands.Forget(3), ECHO.forget(ASKER, 3)),
    (commands.Repair(3), ECHO.repair(ASKER, 3)),
    (commands.List(), ECHO.listing(ASKER)),
    (commands.Edit(3, WANT), ECHO.draft(ASKER, WANT, replaces=3)),
    (commands.Edit(3, 5.0), ECHO.with_volume(ASKER, 3, 5.0)),
    (commands.Test(3), ECHO.test(ASKER, 3)),
    (commands.Test(WANT), ECHO.test(ASKER, WANT)),
    (commands.SetSchedule(WEEKLY), ECHO.set_schedule(ASKER, WEEKLY)),
    (commands.Digest(DAY), ECHO.digest(DAY)),
    (commands.Digest(), ECHO.digest(None)),
    (commands.Trending("week"), ECHO.trending("week")),
    (commands.Digest(DAY, 2), ECHO.digest(DAY, page=2)),
    (commands.Trending("month", "growth", 3), ECHO.trending("month", by="growth", page=3)),
    (commands.Trending(), ECHO.trending()),
    (commands.Why("2607.21557"), ECHO.why(ASKER, "2607.21557")),
    (commands.Vote("2607.21557", -1), ECHO.vote(ASKER, "2607.21557", -1)),
    (commands.Log(), ECHO.log(ASKER)),
    (commands.Similar("2607.21557", 2), ECHO.similar("2607.21557", page=2)),
    (commands.Resend("3f9a0c"), ECHO.resend(ASKER, "3f9a0c")),
    (commands.Settings(), ECHO.settings(ASKER, {})),
    (commands.Settings((("language", "de"),)), ECHO.settings(ASKER, {"language": "de"})),
    (commands.Email("ada@example.org"), ECHO.email(ASKER, "ada@example.org")),
    (commands.Feed(), ECHO.feed(ASKER, None)),
    (commands.Feed("off"), ECHO.feed(ASKER, "off")),
    (commands.Pause(), ECHO.pause(ASKER, paused=True)),
    (commands.Resume(), ECHO.pause(ASKER, paused=False)),
)


@pytest.mark.parametrize(("command", "expected"), ASKED, ids=repr)
def test_a_command_is_answered_by_its_service(command: Command, expected: Answer) -> None:
    assert answer(command, ECHO, ASKER) == expected


def test_no_command_is_left_without_this_test() -> None:
    assert {type(command) for command, _ in ASKED} == set(get_args(Command))


def test_subscribing_only_drafts() -> None:
    assert isinstance(answer(commands.parse("subscribe diffusion", NOW), ECHO, ASKER), Draft)
