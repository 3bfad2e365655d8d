"""Which feeds are arXiv's, what they ask its API for, and what comes of its answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from papers.errors import SourceError, SourceMalformed, SourceStatus, SourceUnreachable
from papers.model import Digest
from papers.sources import arxiv_listing
from papers.sources.arxiv_listing import ArxivListing, categories, search
from papers.sources.http import Fetcher
from tests.fakes.arxiv_api import api_error, api_page
from tests.fakes.upstream import Upstream

DAY = date(2026, 7, 14)
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


def fetch(upstream: Upstream, path: str = "/rss/cs.LG+stat.ML", day: date = DAY) -> Digest:
    fetcher = Fetcher(allow_private=True, max_seconds=5)
    return ArxivListing(fetcher, upstream.url + path, upstream.url, lambda: NOW).fetch_day(day)


@pytest.mark.parametrize(
    ("feed", "named"),
    [
        ("https://rss.arxiv.org/rss/cs.LG+cs.CL", ("cs.CL", "cs.LG")),
        ("https://rss.arxiv.org/atom/astro-ph.CO", ("astro-ph.CO",)),
        ("https://rss.arxiv.org/rss/cs.CL%2Bhep-th/", ("cs.CL", "hep-th")),
        ("https://export.arxiv.org/rss/cs", ("cs",)),
        ("https://mirror.example/rss/cs.LG", ("cs.LG",)),
        ("https://blog.example/rss/cs.LG", ()),
        ("https://notarxiv.org/rss/cs.LG", ()),
        ("https://arxiv.org/abs/2607.21557", ()),
        ("https://rss.arxiv.org/rss/cs.LG) OR all:x", ()),
    ],
)
def test_a_feed_of_arxivs_names_its_categories(feed: str, named: tuple[str, ...]) -> None:
    assert categories(feed, "https://mirror.example/") == named


def test_a_day_is_asked_for_to_the_next_ones_first_minute_and_an_archive_with_all_its_categories() -> None:
    asked = "(cat:cs.LG OR cat:hep-th OR cat:hep-th.*) AND submittedDate:[202612310000 TO 202701010000]"
    assert search(("cs.LG", "hep-th"), date(2026, 12, 31)) == asked


def test_what_was_submitted_on_a_day_comes_as_papers(upstream: Upstream) -> None:
    upstream.submitted("2607.00001v1", "The evening before", "2026-07-13T23:59:59Z")
    upstream.submitted("2607.00002v3", "Bounds on $a<b>c$", "2026-07-14T17:59:59Z", categories=["cs.LG", "cs.CL"])
    upstream.submitted("2607.00003v1", "The last second", "2026-07-14T23:59:59Z", categories=["stat.ML"])
    upstream.submitted("2607.00004v1", "Another field", "2026-07-14T12:00:00Z", categories=["hep-th"])
    digest = fetch(upstream)
    assert [paper.id for paper in digest.papers] == ["2607.00002", "2607.00003"]
    first = digest.papers[0]
    assert (first.title, first.day, first.sources) == ("Bounds on $a<b>c$", DAY, ("arxiv",))
    assert (first.url, first.categories) == ("https://arxiv.org/abs/2607.00002", ("cs.LG", "cs.CL"))
    assert (first.authors, first.abstract) == (("Ada Lovelace",), "Words about it.")


def test_a_long_day_is_read_page_by_page(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arxiv_listing, "PER_PAGE", 2)
    for number in range(5):
        upstream.submitted(f"2607.0000{number}v1", f"Paper {number}", f"2026-07-14T0{number}:00:00Z")
    assert len(fetch(upstream).papers) == 5
    assert [request.query["start"] for request in upstream.requests] == ["0", "2", "4"]


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (api_page([], total=7), 200, SourceUnreachable),
        (api_page([], total=None), 200, SourceMalformed),
        (b"", 200, SourceMalformed),
        (api_error("malformed query"), 200, SourceStatus),
        (api_error("malformed query"), 400, SourceStatus),
        (b"", 503, SourceStatus),
    ],
)
def test_an_answer_that_is_not_all_of_the_day_is_an_error(
    upstream: Upstream, body: bytes, status: int, error: type[SourceError]
) -> None:
    upstream.feed("/api/query", body, status=status)
    with pytest.raises(error):
        fetch(upstream)


def test_arxivs_own_words_stand_in_the_error(upstream: Upstream) -> None:
    upstream.feed("/api/query", api_error("start must be an integer"), status=400)
    with pytest.raises(SourceStatus, match="start must be an integer"):
        fetch(upstream)
