"""Feeds, polled again: what did not change, how long they ask to be left alone, and where they moved to."""

import sys
from datetime import timedelta

import pytest

from papers.sources.feed import Feed
from papers.sources.feed_cursor import Cursor, wait
from tests.fakes.entries import entry, rss
from tests.fakes.upstream import Upstream
from tests.integration.feeding import FETCHER, NOW, brought, feed


def test_an_unchanged_feed_is_none_by_its_validator_or_its_content(upstream: Upstream) -> None:
    url = upstream.feed("/feed", rss([entry("A Post", guid="1")]), etag='"1"')
    first = brought(feed(url).fetch(None))
    assert feed(url).fetch(first.cursor) is None
    assert upstream.requests[-1].headers["if-none-match"] == '"1"'
    upstream.feed("/feed", rss([entry("A Post", guid="1")], title="rebuilt"), etag='"2"')
    rebuilt = brought(feed(url).fetch(first.cursor))
    assert (rebuilt.papers, Cursor.load(rebuilt.cursor).etag) == ((), '"2"')
    upstream.feed("/feed", rss([entry("A Post, corrected", guid="1")]), etag='"3"')
    assert brought(feed(url).fetch(first.cursor)).papers[0].title == "A Post, corrected"


def test_the_wait_that_a_feed_asks_for_is_kept_in_its_cursor(upstream: Upstream) -> None:
    plain = upstream.feed("/a", rss([entry("A")], ttl=60))
    cached = upstream.feed("/b", rss([entry("A")], ttl=1), headers={"Cache-Control": "max-age=7200"})
    assert wait(brought(feed(plain).fetch(None)).cursor) == 3600
    assert wait(brought(feed(cached).fetch(None)).cursor) == 7200


SYNDICATION = (
    b"xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><sy:updatePeriod>%s</sy:updatePeriod>"
    b"<sy:updateFrequency>%s</sy:updateFrequency>"
)


@pytest.mark.parametrize(
    ("period", "frequency", "seconds"),
    [(b"hourly", b"2", 1800), (b" Daily ", b"", 86_400), (b"yearly", b"1", 86_400), (b"soon", b"x", 0)],
)
def test_the_syndication_module_is_believed_too(
    upstream: Upstream, period: bytes, frequency: bytes, seconds: float
) -> None:
    module = SYNDICATION % (period, frequency)
    url = upstream.feed("/feed", rss([entry("A Post")]).replace(b"><channel>", b" " + module, 1))
    assert wait(brought(feed(url).fetch(None)).cursor) == seconds


def test_what_a_server_asks_with_a_304_is_heard(upstream: Upstream) -> None:
    url = upstream.feed("/feed", rss([entry("A Post")], ttl=20), etag='"1"')
    first = brought(feed(url).fetch(None))
    assert wait(first.cursor) == 1200
    upstream.fail("304", headers={"Retry-After": "7200"})
    later = brought(feed(url).fetch(first.cursor))
    assert (later.papers, wait(later.cursor)) == ((), 7200)


def test_the_same_bytes_are_not_parsed_again(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    url = upstream.feed("/feed", rss([entry("A Post")]))
    first = brought(feed(url).fetch(None))
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")  # a child cannot be started
    assert feed(url).fetch(first.cursor) is None


def test_a_permanent_redirect_is_believed_when_it_has_stood_for_a_day(upstream: Upstream) -> None:
    home = upstream.feed("/new", rss([entry("A Post")]), etag='"1"')
    upstream.fail("moved", path="/old", times=None, location="/new")
    source = f"{upstream.url}/old"
    first = brought(feed(source).fetch(None))
    assert (first.moved, len(first.papers)) == (None, 1)
    assert Feed(FETCHER, source, lambda: NOW + timedelta(hours=23)).fetch(first.cursor) is None
    later = brought(Feed(FETCHER, source, lambda: NOW + timedelta(days=1)).fetch(first.cursor))
    assert (later.moved, later.papers) == (home, ())


def test_a_redirect_that_leads_elsewhere_begins_anew(upstream: Upstream) -> None:
    for path in ("/new", "/newer"):
        upstream.feed(path, rss([entry("A Post")]))
    upstream.fail("moved", path="/old", location="/new")
    upstream.fail("moved", path="/old", times=None, location="/newer")
    source = f"{upstream.url}/old"
    first = brought(feed(source).fetch(None))
    later = Feed(FETCHER, source, lambda: NOW + timedelta(days=2))
    assert brought(later.fetch(first.cursor)).moved is None


def test_a_temporary_redirect_is_only_followed(upstream: Upstream) -> None:
    upstream.feed("/new", rss([entry("A Post")]))
    upstream.fail("redirect", path="/old", times=None, location="/new")
    first = brought(feed(f"{upstream.url}/old").fetch(None))
    assert len(first.papers) == 1
    assert Cursor.load(first.cursor).moved == ""
