"""From arXiv's announcements to what is matched: a revision of a paper that was never met is stored, and no news."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from papers.model import Digest
from papers.services.intake import take_in
from papers.sources.feed import Feed
from papers.sources.http import Fetcher
from papers.stores.papers import COMMON
from papers.wiring import Stores
from tests.fakes.entries import arxiv_entry, entry, rss
from tests.fakes.upstream import Upstream

NOON = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
"""Of the day that the entries are of."""


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


def fetched(upstream: Upstream, *entries: str) -> Digest:
    feed = Feed(Fetcher(allow_private=True), upstream.feed("/rss/cs.LG", rss(entries)), lambda: NOON)
    digest = feed.fetch(None)
    assert digest is not None
    return digest


def test_a_digest_names_what_is_only_announced_again(upstream: Upstream) -> None:
    digest = fetched(
        upstream,
        arxiv_entry("2607.00001v1", "A new one"),
        arxiv_entry("2607.00002v1", "One of another list", announce="cross"),
        arxiv_entry("2606.00003v2", "A revised one", announce="replace"),
        arxiv_entry("2606.00004v3", "One revised on another list", announce="replace-cross"),
        arxiv_entry("2607.00005v2", "Revised on the day it came", announce="replace"),
        arxiv_entry("2607.00005v1", "Revised on the day it came"),
        arxiv_entry("2606.00006v2", "", announce="replace"),
    )
    assert digest.revisions == {"2606.00003", "2606.00004"}
    assert len(digest.papers) == 5


def test_a_blog_has_no_revisions(upstream: Upstream) -> None:
    assert fetched(upstream, entry("A post", guid="1"), entry("Another", guid="2")).revisions == frozenset()


def test_of_an_announcement_all_is_stored_and_all_but_revisions_is_matched(upstream: Upstream, stores: Stores) -> None:
    digest = fetched(
        upstream,
        arxiv_entry("2606.00003v2", "A revised one", announce="replace"),
        arxiv_entry("2607.00001v1", "A new one"),
        entry("One without a date", guid="oai:arXiv.org:2607.00007v1", arxiv_announce_type="new"),
    )
    assert [paper.day is None for paper in digest.papers] == [True, False, True]
    take_in(stores.papers, digest, scope=COMMON, announce=True, now=NOON)
    assert {arrival.paper for arrival in stores.papers.unmatched(10)} == {"2607.00001", "2607.00007"}
    assert stores.papers.find("2606.00003") is not None
