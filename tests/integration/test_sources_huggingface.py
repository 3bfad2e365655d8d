"""The Daily Papers, fetched: `papers.sources.huggingface`."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from papers.errors import SourceError, SourceLimited, SourceMalformed, SourceStatus, SourceTooLarge, SourceUnreachable
from papers.model import Digest
from papers.sources.http import Fetcher
from papers.sources.huggingface import MAX_PAGES, Cursor, HuggingFace
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream

NOW = datetime(2026, 7, 15, 3, 0, tzinfo=UTC)
MONDAY, TUESDAY, WEDNESDAY = date(2026, 7, 13), date(2026, 7, 14), date(2026, 7, 15)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


@pytest.fixture
def source(upstream: Upstream) -> HuggingFace:
    return HuggingFace(Fetcher(allow_private=True, max_seconds=4), upstream.url + "/", "hf_x", lambda: NOW)


def rows(day: date, number: int, **values: object) -> list[dict[str, Any]]:
    return [item(f"26{day:%m}.{day:%d}{i:03}", f"Paper {i} of {day}", **values) for i in range(number)]


def brought(digest: Digest | None) -> Digest:
    assert digest is not None
    return digest


def days(digest: Digest) -> dict[date | None, int]:
    found = [paper.day for paper in digest.papers]
    return {day: found.count(day) for day in found}


def test_the_first_fetch_brings_the_newest_day_only(upstream: Upstream, source: HuggingFace) -> None:
    upstream.day(MONDAY, rows(MONDAY, 3))
    upstream.day(TUESDAY, rows(TUESDAY, 4))
    digest = brought(source.fetch(None))
    assert (digest.source, digest.day, days(digest)) == ("huggingface", TUESDAY, {TUESDAY: 4})
    assert upstream.requests[0].headers["authorization"] == "Bearer hf_x"


def test_the_second_fetch_does_not_bring_the_days_before_the_first(upstream: Upstream, source: HuggingFace) -> None:
    upstream.day(MONDAY, rows(MONDAY, 3))
    upstream.day(TUESDAY, rows(TUESDAY, 4))
    first = brought(source.fetch(None))
    upstream.day(TUESDAY, rows(TUESDAY, 5))
    assert days(brought(source.fetch(first.cursor))) == {TUESDAY: 5}


def test_nothing_changed_is_none_and_a_changed_figure_is_not(upstream: Upstream, source: HuggingFace) -> None:
    upstream.day(TUESDAY, rows(TUESDAY, 3, upvotes=1))
    cursor = brought(source.fetch(None)).cursor
    assert source.fetch(cursor) is None
    upstream.day(TUESDAY, rows(TUESDAY, 3, upvotes=2))
    assert brought(source.fetch(cursor)).papers[0].upvotes == 2


def test_additions_to_yesterday_and_a_new_day_come_together(upstream: Upstream, source: HuggingFace) -> None:
    upstream.day(MONDAY, rows(MONDAY, 3))
    first = brought(source.fetch(None))
    upstream.day(MONDAY, rows(MONDAY, 4))
    upstream.day(TUESDAY, rows(TUESDAY, 2))
    assert days(brought(source.fetch(first.cursor))) == {TUESDAY: 2, MONDAY: 4}


def test_an_outage_of_days_is_caught_up_with_page_by_page(upstream: Upstream, source: HuggingFace) -> None:
    start = date(2026, 7, 6)
    upstream.day(start, rows(start, 5))
    first = brought(source.fetch(None))
    for day in range(7, 15):
        upstream.day(date(2026, 7, day), rows(date(2026, 7, day), 40))
    digest = brought(source.fetch(first.cursor))
    assert len(digest.papers) == 8 * 40 + 5
    assert [request.query.get("p") for request in upstream.requests] == [None, None, "1", "2", "3"]


def test_reading_stops_with_the_page_that_ends_before_the_floor(upstream: Upstream, source: HuggingFace) -> None:
    for day in range(1, 15):
        upstream.day(date(2026, 7, day), rows(date(2026, 7, day), 60))
    assert days(brought(source.fetch(None))) == {TUESDAY: 60}
    assert len(upstream.requests) == 1


def test_a_paper_listed_again_is_news_of_today_though_an_older_day_lists_it_too(
    upstream: Upstream, source: HuggingFace
) -> None:
    upstream.day(MONDAY, [item("2607.00001", "Listed Twice")])
    upstream.day(TUESDAY, [item("2607.00001v2", "Listed Twice"), item("2607.00002", "Once")])
    assert days(brought(source.fetch(None))) == {TUESDAY: 2}


def test_a_day_that_has_not_come_does_not_hide_the_real_ones(upstream: Upstream, source: HuggingFace) -> None:
    upstream.day("9999-12-31", [item("2607.99999", "From the Future")])
    upstream.day(TUESDAY, rows(TUESDAY, 2))
    digest = brought(source.fetch(None))
    assert (digest.day, days(digest)) == (TUESDAY, {None: 1, TUESDAY: 2})


def test_bad_rows_are_skipped_and_the_rest_goes_on(upstream: Upstream, source: HuggingFace) -> None:
    upstream.day(TUESDAY, [None, {"paper": {"id": "2607.1"}}, item("", "No Id"), *rows(TUESDAY, 2), 7, {"paper": []}])
    digest = brought(source.fetch(None))
    assert len(digest.papers) == 2
    assert len(digest.skipped) == 5


def test_an_empty_listing_is_an_empty_digest_and_the_next_fetch_is_again_the_first(
    upstream: Upstream, source: HuggingFace
) -> None:
    empty = brought(source.fetch(None))
    assert (empty.papers, empty.day) == ((), None)
    upstream.day(MONDAY, rows(MONDAY, 3))
    upstream.day(TUESDAY, rows(TUESDAY, 4))
    assert days(brought(source.fetch(empty.cursor))) == {TUESDAY: 4}


def test_older_days_take_turns_in_being_read_again_and_none_from_before_the_first_fetch(
    upstream: Upstream, source: HuggingFace
) -> None:
    for day in range(6, 10):
        upstream.day(date(2026, 7, day), rows(date(2026, 7, day), 2))
    cursor = brought(source.fetch(None)).cursor
    for day in range(10, 15):
        upstream.day(date(2026, 7, day), rows(date(2026, 7, day), 2))
    cursor = brought(source.fetch(cursor)).cursor
    asked = len(upstream.requests)
    for number in range(6):
        upstream.day(date(2026, 7, 10), rows(date(2026, 7, 10), 3, upvotes=number))
        digest = brought(source.fetch(cursor))
        cursor = digest.cursor
        older = {paper.day for paper in digest.papers if paper.id in digest.revisions}
        assert older == {date(2026, 7, 12 - number % 4)}
        assert {paper.day for paper in digest.papers} - older == {MONDAY, TUESDAY}
        if older == {date(2026, 7, 10)}:
            again = [paper for paper in digest.papers if paper.id in digest.revisions]
            assert [paper.upvotes for paper in again] == [number] * 3
    assert [one.query.get("date") for one in upstream.requests[asked:] if "date" in one.query] == [
        f"2026-07-{day:02}" for day in (12, 11, 10, 9, 12, 11)
    ]


def test_only_a_month_is_read_again() -> None:
    held = Cursor(TUESDAY, date(2026, 1, 1), "", again=date(2026, 6, 16))
    assert held.next_again == date(2026, 6, 15)
    assert replace(held, again=date(2026, 6, 15)).next_again == date(2026, 7, 12)
    assert replace(held, again=None).next_again == date(2026, 7, 12)
    assert replace(held, since=MONDAY).next_again is None
    assert Cursor.load(held.dump()) == held


def test_an_older_day_that_cannot_be_read_is_told_of_and_holds_up_nothing(
    upstream: Upstream, source: HuggingFace
) -> None:
    upstream.day(MONDAY, rows(MONDAY, 2))
    held = Cursor(TUESDAY, date(2026, 7, 1), "")
    upstream.day(TUESDAY, [*rows(TUESDAY, 2), None])
    upstream.fail("500", day=held.next_again)
    digest = brought(source.fetch(held.dump()))
    assert days(digest) == {TUESDAY: 2, MONDAY: 2}
    assert [one.where for one in digest.skipped][-1] == "the listing of 2026-07-12"
    moved = Cursor.load(digest.cursor)
    assert moved is not None
    assert moved.next_again == date(2026, 7, 11)


def test_one_day_is_fetched_whole_and_moves_no_cursor(upstream: Upstream, source: HuggingFace) -> None:
    upstream.day(MONDAY, rows(MONDAY, 230))
    upstream.day(TUESDAY, rows(TUESDAY, 4))
    digest = source.fetch_day(MONDAY)
    assert (digest.day, len(digest.papers), digest.cursor) == (MONDAY, 230, "")
    assert [request.query.get("p") for request in upstream.requests] == [None, "1", "2"]
    assert source.fetch_day(WEDNESDAY).papers == ()


def test_a_day_that_is_asked_for_by_its_date_is_its_papers_day(upstream: Upstream, source: HuggingFace) -> None:
    published = "2023-05-01T17:59:59.000Z"
    early = item("2305.00001", "An early paper", publishedAt=published)
    upstream.day(MONDAY, [{**early, "publishedAt": published}])
    del early["paper"]["submittedOnDailyAt"]
    assert [paper.day for paper in source.fetch_day(MONDAY).papers] == [MONDAY]


def test_a_request_that_is_refused_says_why(upstream: Upstream, source: HuggingFace) -> None:
    upstream.fail("400")
    with pytest.raises(SourceStatus, match="as asked") as caught:
        source.fetch_day(MONDAY)
    assert caught.value.status == 400


def test_pages_that_never_end_are_left_at_the_limit_and_it_is_said(upstream: Upstream, source: HuggingFace) -> None:
    upstream.day(TUESDAY, rows(TUESDAY, 100 * MAX_PAGES + 1))
    digest = brought(source.fetch(None))
    assert len(upstream.requests) == MAX_PAGES
    assert "further pages" in digest.skipped[-1].reason


def test_a_page_that_names_itself_as_the_next_is_read_once_more_at_most(
    upstream: Upstream, source: HuggingFace
) -> None:
    body = json.dumps([item("2607.00001", "A Paper")]).encode()
    upstream.feed("/api/daily_papers", body, headers={"Link": '<?p=1>; rel="next"'})
    assert len(source.fetch_day(TUESDAY).papers) == 1
    assert len(upstream.requests) == 2


def test_a_link_to_another_host_is_followed_on_our_own(upstream: Upstream, source: HuggingFace) -> None:
    with Upstream() as stranger:
        upstream.calls_itself = stranger.url
        upstream.day(TUESDAY, rows(TUESDAY, 101))
        assert len(source.fetch_day(TUESDAY).papers) == 101
        assert stranger.connections == 0


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("429", SourceLimited),
        ("500", SourceStatus),
        ("slow", SourceUnreachable),
        ("cut", SourceUnreachable),
        ("html", SourceMalformed),
        ("empty", SourceMalformed),
        ("huge", SourceTooLarge),
        ("gzipbomb", SourceTooLarge),
    ],
)
def test_a_fault_on_any_page_is_an_error_and_brings_nothing(
    upstream: Upstream, source: HuggingFace, kind: str, error: type[SourceError]
) -> None:
    upstream.day(TUESDAY, rows(TUESDAY, 101))
    upstream.fail(kind)
    with pytest.raises(error):
        source.fetch(None)
    assert len(brought(source.fetch(None)).papers) == 101


@pytest.mark.parametrize("cursor", ["", "nonsense", "[]", "{}", '{"day": "2026-02-30", "print": ""}'])
def test_an_illegible_cursor_counts_as_never_fetched(upstream: Upstream, source: HuggingFace, cursor: str) -> None:
    upstream.day(MONDAY, rows(MONDAY, 3))
    upstream.day(TUESDAY, rows(TUESDAY, 4))
    assert days(brought(source.fetch(cursor))) == {TUESDAY: 4}
