"""Feeds that moved for good: their subscriptions move along, and nothing is posted twice or missed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from bot.terminal.talk import channel
from papers.stores import keys
from papers.stores.server import Server
from tests.fakes.entries import entry, rss
from tests.fakes.upstream import Upstream
from tests.integration.line import Line

FIRST, SECOND, THIRD = (entry(f"Post {number}", guid=str(number), description="It is.") for number in (1, 2, 3))


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        running.feed("/old", rss([FIRST]))
        yield running


@pytest.fixture
def line(server: Server, upstream: Upstream) -> Line:
    """#general subscribed to the old address, and got what came since."""
    made = Line(server, upstream)
    made.say(f"subscribe {old(upstream)}")
    upstream.feed("/old", rss([SECOND, FIRST]))
    made.poll(old(upstream))
    made.work()
    assert len(made.papers()) == 1
    return made


def old(upstream: Upstream) -> str:
    return f"{upstream.url}/old"


def new(upstream: Upstream) -> str:
    """On another host, for which the entries' ids are others."""
    return f"http://localhost:{upstream.port}/new"


def move(upstream: Upstream, *entries: str) -> None:
    upstream.feed("/new", rss(list(entries)))
    upstream.heal()
    upstream.fail("moved", path="/old", times=None, location=new(upstream))


def days_pass(line: Line, upstream: Upstream) -> None:
    """The redirect has stood for long."""
    where = keys.source(old(upstream))
    cursor = json.loads(line.stores.server.call("HGET", where, "cursor"))
    line.stores.server.call("HSET", where, "cursor", json.dumps({**cursor, "since": "2026-01-01T00:00:00+00:00"}))


def feeds(line: Line, where: str = "general") -> list[str | None]:
    return [one.want.feed for one in line.stores.channels.subscriptions(channel(where))]


def moved(line: Line, upstream: Upstream) -> None:
    line.poll(old(upstream))
    days_pass(line, upstream)
    line.poll(old(upstream))
    line.work()


def test_a_subscription_moves_along_and_nothing_is_posted_twice(line: Line, upstream: Upstream) -> None:
    move(upstream, SECOND, FIRST)
    line.poll(old(upstream))
    assert feeds(line) == [old(upstream)], "a redirect that came today may be gone tomorrow"
    days_pass(line, upstream)
    line.poll(old(upstream))
    assert feeds(line) == [new(upstream)]
    assert line.stores.channels.feeds() == [new(upstream)]
    line.poll(new(upstream))
    line.work()
    assert len(line.papers()) == 1


def test_what_comes_after_the_move_is_posted(line: Line, upstream: Upstream) -> None:
    move(upstream, SECOND, FIRST)
    moved(line, upstream)
    upstream.feed("/new", rss([THIRD, SECOND, FIRST]))
    line.poll(new(upstream))
    line.work()
    assert [item.title for post in line.posts() for item in post.items] == ["Post 2", "Post 3"]


def test_what_comes_in_the_very_poll_of_the_move_is_posted_once(line: Line, upstream: Upstream) -> None:
    move(upstream, SECOND, FIRST)
    line.poll(old(upstream))
    days_pass(line, upstream)
    upstream.feed("/new", rss([THIRD, SECOND, FIRST]))
    line.poll(old(upstream))
    assert feeds(line) == [old(upstream)], "what has just come is to be matched here first"
    line.work()
    line.poll(old(upstream))
    assert feeds(line) == [new(upstream)]
    line.poll(new(upstream))
    line.work()
    assert [item.title for post in line.posts() for item in post.items] == ["Post 2", "Post 3"]


def test_a_channel_that_is_there_already_keeps_one_subscription(line: Line, upstream: Upstream) -> None:
    upstream.feed("/new", rss([SECOND, FIRST]))
    line.say(f"subscribe {new(upstream)}")
    line.say(f"subscribe {old(upstream)} post")
    move(upstream, SECOND, FIRST)
    moved(line, upstream)
    assert feeds(line) == [new(upstream), new(upstream)]
    assert [one.number for one in line.stores.channels.subscriptions(channel("general"))] == [2, 3]
    assert line.stores.channels.feeds() == [new(upstream)]
    assert len(line.papers()) == 1


def test_who_is_at_the_new_address_already_misses_nothing(line: Line, upstream: Upstream) -> None:
    upstream.feed("/new", rss([FIRST]))
    line.say(f"subscribe {new(upstream)}", "vision")
    move(upstream, SECOND, FIRST)
    moved(line, upstream)
    assert feeds(line) == [new(upstream)]
    assert [item.title for post in line.posts("vision") for item in post.items] == ["Post 2"]
    assert len(line.papers()) == 1


def test_a_redirect_that_leads_elsewhere_today_moves_nobody(line: Line, upstream: Upstream) -> None:
    move(upstream, SECOND, FIRST)
    line.poll(old(upstream))
    days_pass(line, upstream)
    upstream.heal()
    upstream.feed("/other", rss([entry("Buy this domain", guid="9")]))
    upstream.fail("moved", path="/old", times=None, location="/other")
    line.poll(old(upstream))
    assert feeds(line) == [old(upstream)]


def test_a_feed_that_shows_something_else_at_its_new_address_does_not_move(line: Line, upstream: Upstream) -> None:
    move(upstream, SECOND, FIRST)
    line.poll(old(upstream))
    upstream.feed("/elsewhere", rss([FIRST]))
    line.work()
    assert line.workshop._mover.move(old(upstream), f"{upstream.url}/elsewhere") == 0
    assert line.workshop._mover.move(old(upstream), f"{upstream.url}/nowhere") == 0
    assert feeds(line) == [old(upstream)]


def test_nobody_is_moved_from_a_secret_way_to_an_open_one(line: Line, upstream: Upstream) -> None:
    assert line.workshop._mover.move("https://lab.org/feed", "http://lab.org/feed") == 0
    assert feeds(line) == [old(upstream)]


def test_the_operators_own_sources_stay_where_they_were_put(server: Server, upstream: Upstream) -> None:
    line = Line(server, upstream, old(upstream))
    line.say(f"subscribe {old(upstream)}")
    line.poll(old(upstream))
    move(upstream, FIRST)
    moved(line, upstream)
    assert feeds(line) == [old(upstream)]
