"""The sample digest has the shapes of what it stands in for, whichever day it is dated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.model import Paper
from papers.sample import Item, arxiv_feed, categories, days
from papers.sources.huggingface_json import parse_item

FRIDAY = date(2026, 11, 20)
LISTED = days(FRIDAY)
ITEMS = [item for items in LISTED.values() for item in items]

some_day = st.dates(date(2023, 5, 4), date(2099, 12, 31))
each_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["paper"]["id"])

REQUIRED = {
    "paper": dict,
    "publishedAt": str,
    "title": str,
    "summary": str,
    "numComments": int,
    "submittedBy": dict,
    "isAuthorParticipating": bool,
}
OPTIONAL = {"thumbnail": str, "organization": dict}
PAPER_REQUIRED = {
    "id": str,
    "authors": list,
    "publishedAt": str,
    "submittedOnDailyAt": str,
    "title": str,
    "summary": str,
    "upvotes": int,
    "discussionId": str,
}
PAPER_OPTIONAL = {"ai_summary": str, "ai_keywords": list, "githubRepo": str, "githubStars": int, "projectPage": str}


def ids(items: list[Item]) -> list[str]:
    return [item["paper"]["id"] for item in items]


def shape(value: dict[str, Any], optional: Mapping[str, type]) -> dict[str, type]:
    """The types of `value`'s fields, without the optional ones that are as they should be."""
    return {name: type(held) for name, held in value.items() if optional.get(name) is not type(held)}


def share(field: str) -> float:
    return sum(field in item or field in item["paper"] for item in ITEMS) / len(ITEMS)


def test_it_has_at_least_sixty_papers_over_six_days_of_ten_to_fourteen() -> None:
    assert len(ITEMS) >= 60
    assert len(LISTED) == 6
    assert all(10 <= len(items) <= 14 for items in LISTED.values())


def test_no_paper_comes_twice() -> None:
    assert len(set(ids(ITEMS))) == len(ITEMS)


@each_item
def test_an_item_is_nested_as_hugging_face_nests_it(item: Item) -> None:
    assert shape(item, OPTIONAL) == REQUIRED
    assert shape(item["paper"], PAPER_OPTIONAL) == PAPER_REQUIRED
    assert (item["title"], item["summary"]) == (item["paper"]["title"], item["paper"]["summary"])
    assert all(set(author) == {"_id", "name", "hidden"} for author in item["paper"]["authors"])
    assert set(item.get("organization", {"name": "", "fullname": ""})) == {"name", "fullname"}
    assert ("ai_summary" in item["paper"]) == ("ai_keywords" in item["paper"])
    assert ("githubRepo" in item["paper"]) == ("githubStars" in item["paper"])


@each_item
def test_an_item_reads_well(item: Item) -> None:
    paper = item["paper"]
    assert re.fullmatch(r"\d{4}\.\d{4,5}", paper["id"])
    assert 40 <= len(paper["summary"].split()) <= 130
    assert 1 <= paper["upvotes"] <= 320
    assert 1 <= len(paper["authors"]) <= 8
    texts = [paper["title"], paper["summary"], paper.get("ai_summary", "x"), *(a["name"] for a in paper["authors"])]
    assert all(text and text == " ".join(text.split()) and "{{" not in text for text in texts)


def test_some_items_lack_what_is_optional() -> None:
    assert 0.4 <= share("organization") <= 0.6
    assert 0.3 <= share("githubRepo") <= 0.5
    assert 0.4 <= share("ai_summary") <= 0.6
    assert 0.7 <= share("thumbnail") < 1
    assert 0 < share("projectPage") <= 0.2


def test_titles_bring_accents_quotes_ampersands_colons_and_mathematics() -> None:
    titles = " ".join(item["title"] for item in ITEMS)
    assert all(mark in titles for mark in ("é", '"', "&", ":", "$O(n)$", "?", "!"))


@each_item
def test_hugging_faces_parser_takes_every_item(item: Item) -> None:
    assert isinstance(parse_item(item), Paper)


@given(some_day)
def test_days_are_the_last_weekdays_up_to_the_one_given(newest: date) -> None:
    dated = list(days(newest))
    span = [newest - timedelta(days=n) for n in range((newest - dated[-1]).days + 1)]
    assert dated == [day for day in span if day.isoweekday() <= 5]


def test_timestamps_are_midnight_of_the_items_day() -> None:
    for day, items in LISTED.items():
        stamp = f"{day}T00:00:00.000Z"
        for item in items:
            assert {item["publishedAt"], item["paper"]["publishedAt"], item["paper"]["submittedOnDailyAt"]} == {stamp}


def test_categories_are_known_for_every_paper_and_agree_with_arxivs_feed() -> None:
    known = categories()
    assert set(known) == set(ids(ITEMS))
    entries = {entry.link.rpartition("/")[2]: entry for entry in feedparser.parse(arxiv_feed(FRIDAY)).entries}
    shared = known.keys() & entries.keys()
    assert len(shared) == 6
    assert {name: known[name] for name in shared} == {
        name: tuple(tag.term for tag in entries[name].tags) for name in shared
    }


@given(some_day)
def test_the_arxiv_feed_is_well_formed_and_dated_new_york_midnight_of_a_weekday(day: date) -> None:
    feed = feedparser.parse(arxiv_feed(day))
    assert not feed.bozo
    assert len(feed.entries) == 14
    weekday = day - timedelta(days=max(0, day.isoweekday() - 5))
    expected = re.compile(rf"{weekday:%a, %d %b %Y} 00:00:00 -0[45]00")
    assert all(expected.fullmatch(entry.published) for entry in (*feed.entries, feed.feed))


def test_an_arxiv_item_has_arxivs_shape() -> None:
    for entry in feedparser.parse(arxiv_feed(FRIDAY)).entries:
        name = entry.link.removeprefix("https://arxiv.org/abs/")
        version = re.fullmatch(rf"oai:arXiv\.org:{re.escape(name)}(v\d)", entry.id)
        assert version
        opening = f"arXiv:{name}{version[1]} Announce Type: {entry.arxiv_announce_type} \nAbstract: "
        assert entry.summary.startswith(opening)
        assert len(entry.summary.removeprefix(opening).split()) >= 40
        assert entry.author


def test_the_arxiv_feed_has_every_announce_type_and_a_second_version() -> None:
    entries = feedparser.parse(arxiv_feed(FRIDAY)).entries
    assert {entry.arxiv_announce_type for entry in entries} == {"new", "cross", "replace", "replace-cross"}
    assert "oai:arXiv.org:1710.10903v2" in {entry.id for entry in entries}


@pytest.mark.parametrize(
    ("category", "count"), [("cs.CL", 4), ("q-bio", 3), ("q-bio.BM", 1), ("q-bio.BM+cs.CL", 5), ("hep-th", 0), ("c", 0)]
)
def test_a_categorys_feed_has_only_its_items(category: str, count: int) -> None:
    feed = feedparser.parse(arxiv_feed(FRIDAY, category))
    assert (feed.bozo, len(feed.entries)) == (False, count)
    assert feed.feed.title == f"{category} updates on arXiv.org"


@given(st.text("<>&;\"' cs.LG+", min_size=1))
def test_no_category_breaks_the_feeds_markup(category: str) -> None:
    assert not feedparser.parse(arxiv_feed(FRIDAY, category)).bozo
