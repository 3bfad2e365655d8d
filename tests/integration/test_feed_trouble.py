"""Feeds that fail: paused in the end, their channels told once, and repaired by a word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.terminal.talk import channel
from papers.answers.subscriptions import Listing, Row
from papers.errors import NotFoundError, SourceError, SourceStatus, UsageError
from papers.stores.server import Server
from papers.trouble import Repaired
from papers.wiring import clock
from tests.fakes.entries import entry, rss
from tests.fakes.upstream import Upstream
from tests.integration.line import HF, Line
from workers.pace import FAILURES


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        running.feed("/feed", rss([entry("An Old Post", guid="1")]))
        yield running


@pytest.fixture
def line(server: Server, upstream: Upstream) -> Line:
    """#general subscribed to the feed twice, #vision once, #robots to something else."""
    made = Line(server, upstream)
    for what, where in (("", "general"), (" robots", "general"), ("", "vision")):
        made.say(f"subscribe {upstream.url}/feed{what}", where)
    made.say("subscribe robots", "robots")
    made.poll(feed(upstream))
    return made


def feed(upstream: Upstream) -> str:
    return f"{upstream.url}/feed"


def fail(line: Line, upstream: Upstream, times: int, status: str = "404") -> None:
    upstream.fail(status, times=times)
    for _ in range(times):
        assert line.poll(feed(upstream)).error


def told(line: Line, where: str) -> list[str]:
    """Notices that a channel was posted."""
    line.send()
    return [" ".join(post.text.split()) for post in line.posts(where) if post.kind == "notice"]


def row(line: Line, where: str = "general") -> Row:
    listing = line.say("list", where)
    assert isinstance(listing, Listing)
    return listing.rows[0]


def test_a_feed_is_paused_after_so_many_failures_and_every_channel_is_told_once(line: Line, upstream: Upstream) -> None:
    fail(line, upstream, FAILURES - 1)
    assert (told(line, "general"), line.state(feed(upstream)).paused) == ([], False)
    fail(line, upstream, 1)
    assert line.state(feed(upstream)).paused
    (general,), (vision,), robots = told(line, "general"), told(line, "vision"), told(line, "robots")
    assert "paused: answers 404 since" in general
    assert "/papers repair 1" in general
    assert "/papers repair 1" in vision
    assert robots == []


def test_a_worker_that_died_before_the_pause_was_written_tells_nobody_twice(line: Line, upstream: Upstream) -> None:
    fail(line, upstream, FAILURES)
    fail(line, upstream, 2)  # as if the pause had not come through
    assert len(told(line, "general")) == 1


def test_a_feed_that_says_it_is_gone_is_paused_at_once(line: Line, upstream: Upstream) -> None:
    fail(line, upstream, 1, "410")
    assert line.state(feed(upstream)).paused
    assert "answers 410" in told(line, "general")[0]


def test_a_paused_feed_is_due_no_more_and_still_a_source(line: Line, upstream: Upstream) -> None:
    sources = line.stores.sources
    sources.settle_on([feed(upstream)], clock())
    fail(line, upstream, 1, "410")
    sources.settle_on([feed(upstream)], clock())
    assert sources.due(clock()) == []
    assert sources.names() == [feed(upstream)]


def test_list_shows_what_is_wrong_and_no_more_when_it_is_mended(line: Line, upstream: Upstream) -> None:
    assert row(line).trouble is None
    fail(line, upstream, 1)
    trouble = row(line).trouble
    assert trouble is not None
    assert (trouble.reason, trouble.paused) == ("answers 404", False)
    line.poll(feed(upstream))
    assert row(line).trouble is None


def test_repair_tries_the_feed_and_polls_it_again(line: Line, upstream: Upstream) -> None:
    line.stores.sources.settle_on([feed(upstream)], clock())
    fail(line, upstream, FAILURES)
    upstream.fail("404")
    with pytest.raises(SourceStatus, match="404"):
        line.say("repair 1")
    assert line.state(feed(upstream)).paused
    repaired = line.say("repair 1")
    assert isinstance(repaired, Repaired)
    assert repaired.resumed
    assert line.stores.sources.due(clock()) == [feed(upstream)]
    assert (line.state(feed(upstream)).failures, row(line).trouble) == (0, None)


def test_what_came_while_a_feed_was_paused_is_posted_after_its_repair(line: Line, upstream: Upstream) -> None:
    fail(line, upstream, 1, "410")
    told(line, "vision")
    upstream.feed("/feed", rss([entry("A New Post", guid="2"), entry("An Old Post", guid="1")]))
    line.say("repair 1", "vision")
    assert line.poll(feed(upstream)).new == 1
    line.work()
    assert len(line.papers("vision")) == 1


def test_a_feed_that_fails_again_after_its_repair_is_told_of_again(line: Line, upstream: Upstream) -> None:
    line.stores.sources.settle_on([feed(upstream)], clock())
    fail(line, upstream, 1, "410")
    line.say("repair 1")
    line.poll(feed(upstream))
    fail(line, upstream, 1, "410")
    assert len(told(line, "general")) == 2


def test_repair_of_a_feed_that_is_well_says_so(line: Line) -> None:
    repaired = line.say("repair 1")
    assert isinstance(repaired, Repaired)
    assert not repaired.resumed


def test_repair_is_for_feeds_that_are_subscribed_to(line: Line) -> None:
    with pytest.raises(UsageError, match="not a feed's"):
        line.say("repair 1", "robots")
    with pytest.raises(NotFoundError):
        line.say("repair 9")


def test_the_operators_own_source_is_never_paused(line: Line, upstream: Upstream) -> None:
    upstream.fail("410", times=None)
    for _ in range(FAILURES + 1):
        line.poll(HF)
    assert (line.state().failures, line.state().paused) == (FAILURES + 1, False)


def test_a_paused_channel_is_not_posted_to(line: Line, upstream: Upstream) -> None:
    line.say("pause", "vision")
    fail(line, upstream, 1, "410")
    assert (len(told(line, "general")), told(line, "vision")) == (1, [])


def test_another_channels_feed_explains_nobodys_quiet_day(line: Line, upstream: Upstream) -> None:
    line.poll()
    fail(line, upstream, 1)
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)  # a Tuesday
    for where in ("robots", "vision"):
        line.say("daily 09:00 UTC", where)
    said = {
        where: line.workshop._planner.decide(channel(where), at, at).plan.deliveries[0].heading.note or ""
        for where in ("robots", "vision")
    }
    assert f"{feed(upstream)} is failing" in said["vision"]
    assert "failing" not in said["robots"]


@pytest.mark.parametrize(
    ("status", "said"), [("404", "in a browser"), ("500", "try again later"), ("html", "RSS or Atom")]
)
def test_who_subscribes_to_what_is_no_feed_is_told_what_to_change(
    line: Line, upstream: Upstream, status: str, said: str
) -> None:
    upstream.fail(status)
    with pytest.raises(SourceError) as caught:
        line.say(f"subscribe {upstream.url}/other")
    assert said in caught.value.advice
