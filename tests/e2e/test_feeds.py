"""A channel's private feed, from `/papers feed new` to a reader: `paperboy up` serves it where others can reach it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import feedparser
import pytest

from tests.e2e.processes import Home, until
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.servers import free_port

TODAY = datetime.now(UTC).date()


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        running.day(TODAY, [])
        yield running


@pytest.fixture
def home(tmp_path: Path, upstream: Upstream) -> Iterator[Home]:
    port = free_port()
    with Home(tmp_path, upstream.url).cleared() as made:
        public = {"PAPERBOY_PUBLIC_URL": f"http://127.0.0.1:{port}", "HTTP_PORT": str(port)}
        made.settings |= public | {"PAPERBOY_ALLOW_PRIVATE_FEEDS": "true"}
        yield made


def test_what_was_posted_is_read_elsewhere_and_by_paperboy_itself(home: Home, upstream: Upstream) -> None:
    up = home.start("up")
    until(lambda: '"role": "web"' in up.said, "the web role")
    assert home.say("subscribe diffusion").status == 0
    feed = home.say("feed new").json
    upstream.day(TODAY, [item("2603.00001", "Diffusion for maps", upvotes=3)])
    assert home.run("poll").status == 0
    until(lambda: len(home.posts()) == 1, "the post")
    for kind in ("atom", "rss"):
        (entry,) = feedparser.parse(urlopen(feed[kind]).read()).entries  # noqa: S310 - on loopback
        assert entry.title == "Diffusion for maps"
        assert "<strong>diffusion</strong>" in entry.summary
    assert feed["atom"].rpartition("/")[2].removesuffix(".atom") not in up.said
    subscribed = home.say(f"subscribe {feed['atom']}", "elsewhere").json
    assert [card["paper"]["title"] for card in subscribed["preview"]["latest"]] == ["Diffusion for maps"]
    up.interrupt()
    assert up.wait() == 0
    assert "a role died" not in up.said
