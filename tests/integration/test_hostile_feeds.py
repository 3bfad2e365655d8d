"""Every family of hostile feeds once: each ends in a digest or a named error, and the process goes on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from papers.errors import SourceError
from papers.sources.feed import Feed
from papers.sources.http import Fetcher
from tests.fakes.hostile_feeds import FAMILIES, serve
from tests.fakes.upstream import Upstream

FETCHER = Fetcher(allow_private=True, max_seconds=5.0)


@pytest.fixture(scope="module")
def outcomes() -> Iterator[dict[str, str]]:
    """What each family came to."""
    with Upstream() as upstream, ThreadPoolExecutor(4) as threads:
        urls = [serve(upstream, family, f"/{number}", many=1_000) for number, family in enumerate(FAMILIES)]
        yield dict(zip(FAMILIES, threads.map(_outcome, urls), strict=True))


def _outcome(url: str) -> str:
    try:
        digest = Feed(FETCHER, url).fetch(None)
    except SourceError as error:
        return type(error).__name__
    assert digest is not None
    assert all(len(paper.title) <= 500 and "root:" not in f"{paper}" for paper in digest.papers)
    return "read"


def test_there_are_twenty_families_and_more() -> None:
    assert len(FAMILIES) >= 20


@pytest.mark.parametrize("family", FAMILIES)
def test_no_family_does_more_than_fail_by_itself(outcomes: dict[str, str], family: str) -> None:
    expected = {
        "a byte now and then": "SourceUnreachable",
        "never an answer": "SourceUnreachable",
        "endless": "SourceTooLarge",
        "gzip bomb": "SourceTooLarge",
        "half an answer": "SourceUnreachable",
        "redirects in a circle": "SourceStatus",
        "nul bytes": "SourcePage",
        "a page": "SourcePage",
    }
    assert outcomes[family] == expected.get(family, outcomes[family])
    assert outcomes[family] in {"read", *expected.values(), "SourceMalformed"}
