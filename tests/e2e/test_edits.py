"""A card that is edited in place, as a person at a shell sees it: polled, posted, risen, polled again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.processes import Home
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream

ONE = "2503.00001"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


def test_a_card_is_edited_by_the_next_poll(upstream: Upstream, tmp_path: Path) -> None:
    with Home(tmp_path, upstream.url).cleared() as home:
        _watch(home, upstream)


def _watch(home: Home, upstream: Upstream) -> None:
    upstream.day("2025-03-12", [item(ONE, "A diffusion model", upvotes=3)])
    assert home.say("subscribe diffusion").status == 0
    assert "1 posted by this command" in home.run("poll").out
    upstream.day("2025-03-12", [item(ONE, "A diffusion model", upvotes=640)])
    assert "0 messages planned, 0 posted by this command" in home.run("poll").out
    (post,) = home.posts()
    assert "⬆ 640" in post["text"]
    assert post["edited"]
    assert "(edited " in home.run("posts").out
    assert "edited" in home.say("log").out
