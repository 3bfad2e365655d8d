"""Subscribing to a web page: the feed that it names stands for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.discord.render import render_error as discord_error
from bot.slack.render import render_error as slack_error
from bot.terminal.render import plain, render_error
from bot.terminal.talk import channel
from papers.answers.subscriptions import Preview, Saved
from papers.errors import ChoiceError, SourceMalformed, SourcePage, SourceStatus, TwinError
from papers.stores.server import Server
from tests.fakes.entries import entry, rss
from tests.fakes.slack.blocks import violations
from tests.fakes.upstream import Upstream
from tests.integration.line import Line
from tests.unit.bot.discord import samples as discord
from tests.unit.bot.slack import samples as slack


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        running.feed("/posts.xml", rss([entry("A Post", guid="1")]))
        running.feed("/papers.xml", rss([entry("A Paper", guid="2")]))
        yield running


@pytest.fixture
def line(server: Server, upstream: Upstream) -> Line:
    return Line(server, upstream)


def page(upstream: Upstream, *feeds: str, base: str = "") -> str:
    """A blog's front page, named by its address."""
    named = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{feed}" title="{feed[1:4]} &amp; all">'
        for feed in feeds
    )
    body = f"<!doctype html><html><head>{base}{named}</head><body>{'<p>Words.' * 1000}</body></html>"
    return upstream.feed("/blog/", body.encode(), content_type="text/html")


def feeds(line: Line) -> list[str | None]:
    return [one.want.feed for one in line.stores.channels.subscriptions(channel("general"))]


def test_a_page_with_one_feed_is_subscribed_to_by_it(line: Line, upstream: Upstream) -> None:
    saved = line.say(f"subscribe {page(upstream, '/posts.xml')} paper OR post")
    assert isinstance(saved, Saved)
    assert feeds(line) == [f"{upstream.url}/posts.xml"]
    assert saved.subscription.want.query == "paper OR post"
    line.poll(f"{upstream.url}/posts.xml")
    line.work()
    assert line.papers() == [], "what was there is no news"


@pytest.mark.parametrize(
    ("href", "base"), [("../posts.xml", ""), ("posts.xml", '<base href="/">'), ("//127.0.0.1:{port}/posts.xml", "")]
)
def test_its_address_may_be_relative_to_the_page_or_its_base(
    line: Line, upstream: Upstream, href: str, base: str
) -> None:
    line.say(f"subscribe {page(upstream, href.format(port=upstream.port), base=base)}")
    assert feeds(line) == [f"{upstream.url}/posts.xml"]


def test_a_page_with_several_feeds_is_answered_by_a_choice(line: Line, upstream: Upstream) -> None:
    address = page(upstream, "/posts.xml", "/papers.xml", "javascript:alert(1)", "http://u:p@x.org/")
    with pytest.raises(ChoiceError, match="2 feeds") as caught:
        line.say(f"subscribe {address} robots")
    lines = [f"subscribe {upstream.url}/{name}.xml robots" for name in ("posts", "papers")]
    assert list(caught.value.lines) == lines
    assert feeds(line) == []
    said = plain(render_error(caught.value))
    assert f"Did you mean: /papers {lines[0]}" in said
    assert "pos & all" in said
    blocks = slack_error(caught.value).blocks
    assert violations(blocks) == []
    assert [value for _, value in slack.says(blocks).values()] == lines
    assert [value for _, value in discord.says(discord_error(caught.value)).values()] == lines
    line.say(lines[1])
    assert feeds(line) == [f"{upstream.url}/papers.xml"]


def test_no_more_than_five_are_offered(line: Line, upstream: Upstream) -> None:
    with pytest.raises(ChoiceError, match="9 feeds") as caught:
        line.say(f"subscribe {page(upstream, *(f'/{number}.xml' for number in range(9)))}")
    assert len(caught.value.lines) == 5
    assert "and 4 more" in caught.value.advice


def test_a_page_that_names_no_feed_is_no_feed(line: Line, upstream: Upstream) -> None:
    with pytest.raises(SourcePage, match="names none"):
        line.say(f"subscribe {page(upstream)}")


def test_a_page_that_names_a_page_is_followed_no_further(line: Line, upstream: Upstream) -> None:
    with pytest.raises(SourcePage):
        line.say(f"subscribe {page(upstream, '/blog/')}")


def test_of_a_page_whose_feed_is_dead_the_feeds_address_is_told(line: Line, upstream: Upstream) -> None:
    with pytest.raises(SourceStatus, match="404") as caught:
        line.say(f"subscribe {page(upstream, '/gone.xml')}")
    assert f"names {upstream.url}/gone.xml as its feed" in caught.value.advice
    assert "own address will do" not in caught.value.advice


@pytest.mark.parametrize("body", [b"", b"\xef\xbb\xbf\r\n "])
def test_an_empty_page_is_called_empty(line: Line, upstream: Upstream, body: bytes) -> None:
    with pytest.raises(SourceMalformed, match="page is empty"):
        line.say(f"subscribe {upstream.feed('/empty.xml', body)}")


def test_who_has_the_pages_feed_already_is_told_so(line: Line, upstream: Upstream) -> None:
    line.say(f"subscribe {upstream.url}/posts.xml")
    with pytest.raises(TwinError, match="subscription 1"):
        line.say(f"subscribe {page(upstream, '/posts.xml')}")


def test_a_page_can_be_tried_and_edited_to(line: Line, upstream: Upstream) -> None:
    assert isinstance(line.say(f"test {page(upstream, '/posts.xml')}"), Preview)
    line.say("subscribe robots")
    line.say(f"edit 1 {page(upstream, '/papers.xml')}")
    assert feeds(line) == [f"{upstream.url}/papers.xml"]
    with pytest.raises(ChoiceError) as caught:
        line.say(f"edit 1 {page(upstream, '/papers.xml', '/posts.xml')}")
    assert caught.value.lines[0].startswith("edit 1 ")
