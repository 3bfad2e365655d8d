"""What a channel's settings make of its posts, from the command to the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from papers.answers.channel import LogAnswer, Resent
from papers.stores.outbox import Claim, Verdict
from papers.stores.server import Server
from tests.builders import GENERAL
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.line import Line

WEDNESDAY = datetime(2025, 3, 12, 8, 0, tzinfo=UTC)
"""Long past, so that what is due then may be posted at once."""

ABSTRACT = "Pictures are made of noise, which is new. The noise was there first."


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


@pytest.fixture
def line(server: Server, upstream: Upstream) -> Line:
    """A channel that is posted to daily, and wants seven papers of a day."""
    line = Line(server, upstream)
    line.now = WEDNESDAY
    line.say("subscribe diffusion")
    line.say("daily 09:00 UTC")
    papers = [item(f"2503.0000{n}", f"Diffusion, part {n}", summary=ABSTRACT) for n in range(1, 8)]
    upstream.day("2025-03-12", papers)
    return line


def work(line: Line) -> None:
    """Poll, and post what is due at nine."""
    line.poll()
    line.match()
    line.now = WEDNESDAY + timedelta(hours=1)
    line.work()


def test_a_new_channel_has_its_abstracts_in_the_thread(line: Line) -> None:
    work(line)
    headline, abstracts, more = line.posts()
    assert headline.text.startswith("#general  Wed 12 Mar · 7 papers for diffusion")
    assert [post.thread for post in (abstracts, more)] == [headline.delivery] * 2


def test_a_full_post_has_its_abstracts_in_the_headline(line: Line) -> None:
    line.say("settings format full")
    work(line)
    headline, more = line.posts()
    assert " ".join(headline.text.split()).count(ABSTRACT) == 5
    assert (more.kind, more.thread) == ("more", headline.delivery)


def test_flat_replies_are_in_no_thread(line: Line) -> None:
    line.say("settings replies flat")
    work(line)
    assert [post.thread for post in line.posts()] == [None, None, None]
    assert len(set(line.papers())) == len(line.papers()) == 7


def test_days_are_told_in_the_channels_language(line: Line) -> None:
    line.say("settings language de")
    work(line)
    assert all("Mi., 12. März · " in post.text for post in line.posts())


def test_a_day_without_papers_is_silent_where_that_was_chosen(line: Line, upstream: Upstream) -> None:
    line.say("settings quiet off")
    upstream.day("2025-03-12", [])
    work(line)
    assert line.posts() == []
    line.say("settings quiet on")
    line.now = WEDNESDAY + timedelta(days=1, hours=1)
    line.work()
    assert [post.kind for post in line.posts()] == ["empty"]


def test_what_was_possibly_sent_is_posted_once_the_channel_asks_for_it(line: Line) -> None:
    line.poll()
    line.match()
    line.now = WEDNESDAY + timedelta(hours=1)
    line.plan()
    claim = line.stores.outbox.claim(GENERAL, 60)
    assert isinstance(claim, Claim)
    line.stores.outbox.settle(claim, Verdict("parked", detail="possibly sent"))
    assert line.send() == 0
    log = line.say("log")
    assert isinstance(log, LogAnswer)
    parked = [row.delivery for row in log.rows if row.state == "parked"]
    assert len(parked) == 3
    assert line.say(f"resend {parked[-1][:8]}") == Resent(claim.delivery.id)
    assert line.send() == 3
    assert len(set(line.papers())) == 7
