"""Rows of the Daily Papers: `papers.sources.huggingface_json`."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.errors import SourceMalformed
from papers.model import Paper, Skipped
from papers.sources.huggingface_json import complaint, items, next_query, parse_item

ROW: dict[str, Any] = {
    "paper": {
        "id": "2607.21557",
        "authors": [{"_id": "1", "name": "Jane Doe", "hidden": False}, {"name": "  "}, "John Roe", {"name": 7}, None],
        "publishedAt": "2026-07-11T17:59:59.000Z",
        "submittedOnDailyAt": "2026-07-14T00:00:00.000Z",
        "title": "A \u202eTitle\n of two lines",
        "summary": "What it\nfound.",
        "upvotes": 12,
        "ai_summary": "In a sentence.",
        "githubRepo": "https://github.com/a/b",
        "githubStars": 5,
        "withdrawnAt": None,
    },
    "publishedAt": "2026-07-11T17:59:59.000Z",
    "title": "Outer title",
    "thumbnail": "https://cdn.example/2607.21557.png",
    "organization": {"name": "acme", "fullname": "Acme Labs"},
}


def row(**paper: object) -> dict[str, Any]:
    return {**ROW, "paper": {**ROW["paper"], **paper}}


def parsed(**values: object) -> Paper:
    paper = parse_item(row(**values))
    assert isinstance(paper, Paper)
    return paper


def test_a_full_row_becomes_a_paper_with_all_it_says() -> None:
    assert parse_item(ROW) == Paper(
        id="2607.21557",
        title="A Title of two lines",
        abstract="What it found.",
        authors=("Jane Doe", "John Roe"),
        url="https://huggingface.co/papers/2607.21557",
        sources=("huggingface",),
        day=date(2026, 7, 14),
        published=datetime(2026, 7, 11, 17, 59, 59, tzinfo=UTC),
        organization="Acme Labs",
        upvotes=12,
        code_url="https://github.com/a/b",
        code_stars=5,
        thumbnail="https://cdn.example/2607.21557.png",
        ai_summary="In a sentence.",
    )


def test_an_id_and_a_title_are_enough() -> None:
    bare = parse_item({"paper": {"id": "2607.21557", "title": "T"}}, "https://mirror.example")
    assert bare == Paper("2607.21557", "T", url="https://mirror.example/papers/2607.21557", sources=("huggingface",))


def test_the_outer_title_serves_where_the_inner_is_missing() -> None:
    assert parsed(title=None).title == "Outer title"


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({}, "no id"),
        ({"paper": None}, "no id"),
        ({"paper": {"title": "T"}}, "no id"),
        ({"paper": {"id": 2607.21557, "title": "T"}}, "no id"),
        ({"paper": {"id": "", "title": "T"}}, "no id"),
        ({"paper": {"id": "2607.21557"}}, "no title"),
        ({"paper": {"id": "2607.21557", "title": " \u202e "}}, "no title"),
        (row(withdrawnAt="2026-07-14T00:00:00.000Z"), "withdrawn"),
        (None, "no id"),
        ([], "no id"),
        ("paper", "no id"),
    ],
)
def test_a_row_without_id_or_title_is_skipped_with_the_reason(item: object, reason: str) -> None:
    skipped = parse_item(item)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == reason


def test_a_version_does_not_make_another_paper() -> None:
    assert parsed(id="2607.21557v2").id == parsed().id
    assert parsed(id="2607.21557v2").url == parsed().url


def test_an_id_that_is_none_of_arxivs_can_neither_climb_paths_nor_collide() -> None:
    strange = parsed(id="../../settings")
    assert strange.id.startswith("x")
    assert strange.url == "https://huggingface.co/papers/..%2F..%2Fsettings"


@pytest.mark.parametrize("day", ["2026-02-30T00:00:00Z", "soon", 20260714, None, {}])
def test_a_day_that_does_not_exist_gives_way_to_the_publication(day: object) -> None:
    assert parsed(submittedOnDailyAt=day).day == date(2026, 7, 11)


def test_links_are_web_addresses_or_nothing() -> None:
    assert parsed(githubRepo="javascript:alert(1)").code_url is None
    assert parse_item({**ROW, "thumbnail": "file:///etc/passwd"}) == parse_item({**ROW, "thumbnail": None})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
keys = sorted({*ROW, *ROW["paper"]})
hostile_objects = st.dictionaries(st.sampled_from(keys), json_values)
hostile_rows = st.builds(
    lambda outer, inner, name, title: {**outer, "paper": {**inner, "id": name, "title": title}},
    hostile_objects,
    hostile_objects,
    st.text(min_size=1) | json_values,
    st.text(min_size=1) | json_values,
)


@given(json_values | hostile_objects | hostile_rows)
def test_whatever_json_a_row_is_it_becomes_a_paper_or_is_skipped(item: object) -> None:
    result = parse_item(item)
    assert isinstance(result, Paper | Skipped)
    if isinstance(result, Paper):
        assert result.title
        assert result.upvotes >= 0
        repr(result).encode()


def test_a_page_is_a_list_of_rows_whatever_they_are() -> None:
    assert items(b'[1, {"a": NaN}]')[0] == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html>",
        b'{"error": "x"}',
        b"null",
        b"[1",
        b"\xff\xfe",
        b"[" * 500_000,
        b"[" + b"9" * 9000 + b"]",
    ],
)
def test_a_page_that_is_no_json_list_is_malformed(body: bytes) -> None:
    with pytest.raises(SourceMalformed):
        items(body)


@pytest.mark.parametrize(
    ("link", "query"),
    [
        ('<https://hf.co/api/daily_papers?p=1&limit=100>; rel="next"', "p=1&limit=100"),
        ('</api/daily_papers?p=0>; rel="prev", </api/daily_papers?p=2>; rel="next"', "p=2"),
        ("</api/daily_papers?p=1#x>; title=a; rel=next", "p=1"),
        ('<https://hf.co/api/daily_papers>; rel="next"', None),
        ('<https://hf.co/api/daily_papers?p=1>; rel="last"', None),
        ("", None),
        (";;,,<>", None),
    ],
)
def test_the_next_page_is_a_query(link: str, query: str | None) -> None:
    assert next_query(link) == query


def test_an_error_says_what_it_says() -> None:
    assert complaint(json.dumps({"error": "Invalid date"}).encode()) == "Invalid date"
    assert complaint(b"<html>") == complaint(b'{"error": 3}') == complaint(b"[]") == "no reason given"
