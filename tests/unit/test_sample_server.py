"""The sample's server answers as Hugging Face and arXiv do, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.sample import Item, arxiv_feed, days
from papers.sample.server import Reply, _Server, reply, serving

FRIDAY = date(2026, 11, 20)
LISTED = days(FRIDAY)
ITEMS = [item for items in LISTED.values() for item in items]
BASE = "http://127.0.0.1:1"

some_day = st.dates(date(2023, 5, 4), date(2099, 12, 31))


def ids(items: list[Item]) -> list[str]:
    return [item["paper"]["id"] for item in items]


def upvotes(items: list[Item]) -> list[int]:
    return [item["paper"]["upvotes"] for item in items]


def listing(**query: str | int) -> Reply:
    return reply(f"/api/daily_papers?{urlencode(query)}", BASE, LISTED)


def rows(**query: str | int) -> list[Item]:
    answer = listing(**query)
    assert answer.status == 200
    found: list[Item] = json.loads(answer.body)
    return found


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serving(FRIDAY) as url:
        yield url


@pytest.fixture
def client(base: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=base, trust_env=False) as opened:
        yield opened


def test_a_dated_listing_is_that_day_most_upvoted_first() -> None:
    for day, items in LISTED.items():
        found = rows(date=str(day))
        assert sorted(ids(found)) == sorted(ids(items))
        assert upvotes(found) == sorted(upvotes(items), reverse=True)


def test_weeks_and_months_are_listed_by_the_days_in_them() -> None:
    assert {item["publishedAt"][:10] for item in rows(week="2026-W47", limit=100)} == {
        f"2026-11-{day}" for day in (16, 17, 18, 19, 20)
    }
    assert len(rows(month="2026-11", limit=100)) == len(ITEMS)
    assert rows(month="2026-10") == []


def test_trending_is_ordered_by_upvotes_across_days() -> None:
    found = upvotes(rows(sort="trending", limit=100))
    assert found == sorted(upvotes(ITEMS), reverse=True)


def test_a_day_without_papers_is_an_empty_list() -> None:
    assert rows(date="2026-11-21") == []


@pytest.mark.parametrize(
    "query",
    [
        {"date": "yesterday"},
        {"date": ""},
        {"date": "2026-02-30"},
        {"date": "2026-1-2"},
        {"date": "20261120"},
        {"week": "2026-47"},
        {"week": "2026-W54"},
        {"month": "2026-13"},
        {"sort": "upvotes"},
        {"p": "-1"},
        {"p": "one"},
        {"p": "9" * 5000},
        {"limit": "0"},
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(query: dict[str, str]) -> None:
    answer = listing(**query)
    assert (answer.status, answer.following) == (400, None)
    assert json.loads(answer.body) == {"error": f"Invalid {next(iter(query))}"}


def test_a_page_has_fifty_items_unless_asked_and_a_hundred_at_most() -> None:
    assert len(rows()) == 50
    twice = {day - timedelta(days=7 * week): items for week in (0, 1) for day, items in LISTED.items()}
    answer = reply("/api/daily_papers?limit=1000", BASE, twice)
    assert len(json.loads(answer.body)) == 100


def test_a_page_after_the_last_is_empty() -> None:
    assert rows(p=2) == []


@given(some_day, st.integers(1, 100), st.sampled_from(["publishedAt", "trending"]))
def test_pages_joined_are_the_whole_listing(newest: date, limit: int, sort: str) -> None:
    listed = days(newest)
    target: str | None = f"{BASE}/api/daily_papers?limit={limit}&sort={sort}"
    found: list[Item] = []
    while target:
        answer = reply(target.removeprefix(BASE), BASE, listed)
        page = json.loads(answer.body)
        assert page
        found += page
        target = answer.following
    assert sorted(ids(found)) == sorted(ids(ITEMS))


def test_the_server_pages_through_every_day_by_its_links(client: httpx2.Client) -> None:
    found: list[Item] = []
    url = "/api/daily_papers?limit=20"
    while url:
        answer = client.get(url)
        found += answer.json()
        url = answer.links.get("next", {}).get("url", "")
    assert len(ids(found)) == len(ITEMS)
    assert set(ids(found)) == set(ids(ITEMS))
    dates = [item["publishedAt"] for item in found]
    assert dates == sorted(dates, reverse=True)


def test_the_server_answers_as_hugging_face_and_arxiv_do(client: httpx2.Client) -> None:
    assert client.get("/api/daily_papers", params={"date": "2026-11-20"}).json() == rows(date="2026-11-20")
    refused = client.get("/api/daily_papers", params={"date": "2026-11-31"})
    assert (refused.status_code, refused.json()) == (400, {"error": "Invalid date"})
    assert client.get("/rss/cs.CL+q-bio").content == arxiv_feed(FRIDAY, "cs.CL+q-bio")
    assert client.get("/rss/cs.CL").headers["content-type"].startswith("application/rss+xml")
    assert client.get("/papers").status_code == 404


def test_the_server_says_nothing_and_is_gone_after_its_context(capfd: pytest.CaptureFixture[str]) -> None:
    with serving(FRIDAY) as base:
        assert httpx2.get(f"{base}/nothing", trust_env=False).status_code == 404
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(base, trust_env=False)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("error", "told"), [(ConnectionResetError, 0), (KeyError, 1)])
def test_a_client_that_hangs_up_is_not_news_but_a_defect_is(
    error: type[Exception], told: int, capfd: pytest.CaptureFixture[str]
) -> None:
    with _Server(LISTED) as server:
        try:
            raise error  # noqa: TRY301 - the server asks which exception is being handled
        except error:
            server.handle_error(None, ("127.0.0.1", 1))
    assert capfd.readouterr().err.count("Exception occurred") == told
