"""A feed of the upstream's, fetched at noon on a day in July."""

from __future__ import annotations

from datetime import UTC, datetime

from papers.model import Digest
from papers.sources.feed import Feed
from papers.sources.http import Fetcher

NOW = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
FETCHER = Fetcher(allow_private=True, max_seconds=5)


def feed(url: str) -> Feed:
    """The feed there."""
    return Feed(FETCHER, url, lambda: NOW)


def brought(digest: Digest | None) -> Digest:
    """What it brought; it is an error if that is nothing."""
    assert digest is not None
    return digest
