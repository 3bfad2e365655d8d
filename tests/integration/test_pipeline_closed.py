"""From a source to a channel that its platform closed to us, and that opens again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.terminal.talk import channel
from papers.stores.server import Server
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.line import Line

WEDNESDAY = datetime(2025, 3, 12, 8, 0, tzinfo=UTC)
"""Long past, so that what is due then may be posted at once."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ONE, TWO = "2503.00001", "2503.00002"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


@pytest.fixture
def line(server: Server, upstream: Upstream) -> Line:
    return Line(server, upstream)


def listed(upstream: Upstream, one: str, day: datetime = WEDNESDAY) -> None:
    """Let Hugging Face list this paper on a day."""
    upstream.day(day.date(), [item(one, f"A diffusion model, {one}")])


def close(line: Line) -> None:
    assert line.stores.outbox.suspend(channel("general"), "archived", "an event")


def test_a_channel_that_was_closed_for_days_gets_one_post_of_all_that_came_when_it_opens(
    line: Line, upstream: Upstream
) -> None:
    line.now = WEDNESDAY
    line.say("daily 09:00 UTC")
    line.say("subscribe diffusion")
    close(line)
    for days, one in enumerate((ONE, TWO)):
        line.now = WEDNESDAY + days * DAY
        listed(upstream, one)
        line.poll()
        line.now += 2 * HOUR
        assert line.work() == 0
    line.say("resume")
    assert line.work() == 0  # of the slots that passed there is no digest
    line.now = WEDNESDAY + 2 * DAY + HOUR
    assert line.work() == 1
    assert [post.kind for post in line.posts()] == ["digest"]
    assert sorted(line.papers()) == [ONE, TWO]


def test_an_instant_channel_gets_what_came_while_it_was_closed_as_soon_as_it_opens(
    line: Line, upstream: Upstream
) -> None:
    line.say("subscribe diffusion")
    close(line)
    listed(upstream, ONE)
    line.poll()
    assert line.work() == 0
    line.say("resume")
    assert line.work() == 1
    assert line.papers() == [ONE]


def test_what_was_planned_long_before_it_could_be_posted_is_posted_and_says_so(line: Line, upstream: Upstream) -> None:
    line.now = WEDNESDAY
    line.say("subscribe diffusion")
    listed(upstream, ONE)
    line.poll()
    line.match()
    assert line.plan() == 1
    assert line.send() == 1
    (post,) = line.posts()
    assert "late: it could not be posted at the time" in post.text
    assert "Wed 12 Mar" in post.text
    assert line.papers() == [ONE]
