"""What comes late, from a source to a channel: a paper that is wanted after all, and cards whose papers rose."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from rq import Queue
from rq.serializers import JSONSerializer

from bot.wiring import terminal_sender
from papers.answers.channel import LogAnswer
from papers.stores import keys
from papers.stores.server import Server
from tests.fakes.entries import arxiv_entry, item, rss
from tests.fakes.upstream import Upstream
from tests.integration.line import Line
from workers.bells import MATCH

ONE, TWO = "2503.00001", "2503.00002"
DAY = "2025-03-12"
LAB: dict[str, Any] = {"organization": {"fullname": "Deep Lab"}}


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


@pytest.fixture
def line(server: Server, upstream: Upstream) -> Line:
    return Line(server, upstream)


def tells(line: Line, upstream: Upstream, *papers: dict[str, Any]) -> int:
    """Hugging Face lists these, and is polled, and what follows is done; how many messages were posted."""
    upstream.day(DAY, list(papers))
    line.poll()
    posted = line.work()
    line.workshop.revise()
    return posted + line.work()


def diffusion(**changes: Any) -> dict[str, Any]:
    return item(ONE, "A diffusion model", **changes)


def test_a_paper_passed_over_for_want_of_its_lab_comes_when_that_is_told(line: Line, upstream: Upstream) -> None:
    line.say("subscribe org:deep")
    assert tells(line, upstream, diffusion(), item(TWO, "Robots")) == 0
    assert tells(line, upstream, diffusion(**LAB), item(TWO, "Robots")) == 1
    assert line.papers() == [ONE]


def test_a_channel_that_was_brought_it_never_gets_it_twice(line: Line, upstream: Upstream) -> None:
    line.say("subscribe diffusion")
    line.say("subscribe org:deep")
    tells(line, upstream, diffusion())
    assert tells(line, upstream, diffusion(**LAB)) == 0
    assert tells(line, upstream, diffusion(summary="An abstract at last.", **LAB)) == 0
    assert line.papers() == [ONE]


def test_a_subscription_made_after_it_came_does_not_get_it(line: Line, upstream: Upstream) -> None:
    tells(line, upstream, diffusion())
    line.say("subscribe org:deep")
    assert tells(line, upstream, diffusion(**LAB)) == 0
    assert line.papers() == []


def test_what_another_source_tells_reaches_the_feeds_own_subscribers(line: Line, upstream: Upstream) -> None:
    upstream.feed("/rss", rss([arxiv_entry("2503.00009v1", "Robots at sea")]))
    feed = f"{upstream.url}/rss"
    line.say(f"subscribe {feed} org:deep")
    upstream.feed("/rss", rss([arxiv_entry(f"{name}v1", "A diffusion model") for name in (ONE, "2503.00009")]))
    line.poll(line.stores.channels.feeds()[0])
    assert line.work() == 0
    assert tells(line, upstream, diffusion(**LAB)) == 1
    assert line.papers() == [ONE]


def test_a_card_is_edited_in_place_when_its_paper_rises(line: Line, upstream: Upstream) -> None:
    line.say("subscribe diffusion")
    tells(line, upstream, diffusion(upvotes=3))
    (before,) = line.posts()
    assert "⬆ 3" in before.text
    assert tells(line, upstream, diffusion(upvotes=9)) == 0
    assert line.posts() == [before]
    assert tells(line, upstream, diffusion(upvotes=40, githubRepo="https://github.com/lab/code")) == 0
    (after,) = line.posts()
    assert after.edited
    assert ("⬆ 40" in after.text, "code" in after.text) == (True, True)
    assert (after.delivery, after.at, after.items) == (before.delivery, before.at, before.items)


def test_the_log_says_that_it_was_edited(line: Line, upstream: Upstream) -> None:
    line.say("subscribe diffusion")
    tells(line, upstream, diffusion())
    tells(line, upstream, diffusion(upvotes=40))
    log = line.say("log")
    assert isinstance(log, LogAnswer)
    assert [(row.kind, row.state) for row in log.rows] == [("digest", "edited")]


def test_risers_are_rung_for_at_most_once_a_minute(line: Line, upstream: Upstream) -> None:
    line.say("subscribe diffusion")
    tells(line, upstream, diffusion())
    sweeper = line.workshop.sweeper()
    upstream.day(DAY, [diffusion(upvotes=40)])
    line.poll()
    assert "revise" in sweeper.sweep()
    assert "revise" not in sweeper.sweep()
    assert 50_000 < line.stores.server.call("PTTL", keys.lease("bell:revise")) <= 60_000
    jobs = Queue(MATCH, connection=line.stores.server.raw, serializer=JSONSerializer).get_jobs()
    assert "revise" in [job.description for job in jobs]
    line.workshop.match_worker().work(burst=True, logging_level="WARNING")
    asyncio.run(terminal_sender(line.workshop.core).drain())
    assert [bool(post.edited) for post in line.posts()] == [True]
    line.stores.server.call("DEL", keys.lease("bell:revise"))
    assert "fetch" not in sweeper.sweep()
    assert "revise" not in sweeper.sweep()
