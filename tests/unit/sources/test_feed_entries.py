"""Entries of a feed as papers: `papers.sources.feed.paper_of`, and its cursor."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.model import Paper, Skipped
from papers.sources.feed import is_revision, paper_of
from papers.sources.feed_cursor import Cursor, wait
from papers.sources.parser import Entry

TODAY = date(2026, 7, 14)
ARXIV = Entry(
    id="oai:arXiv.org:2607.21557v1",
    link="https://arxiv.org/abs/2607.21557",
    title="On $p<q$ bounds",
    summary="arXiv:2607.21557v1 Announce Type: new \nAbstract: We bound\n  it.",
    authors=("Jane Doe, John Roe",),
    categories=("cs.LG", "stat.ML"),
    announce="new",
    published="2026-07-14T04:00:00+00:00",
)
POST = Entry("", "", "A post", "", (), (), "", None)


def read(entry: Entry, source: str = "blog.org") -> Paper:
    paper = paper_of(entry, source, "blog.org", TODAY)
    assert isinstance(paper, Paper)
    return paper


def test_an_arxiv_entry_loses_its_preamble_and_its_authors_are_parted() -> None:
    assert read(ARXIV, "arxiv") == Paper(
        id="2607.21557",
        title="On $p<q$ bounds",
        abstract="We bound it.",
        authors=("Jane Doe", "John Roe"),
        url="https://arxiv.org/abs/2607.21557",
        sources=("arxiv",),
        day=TODAY,
        published=datetime(2026, 7, 14, 4, tzinfo=UTC),
        categories=("cs.LG", "stat.ML"),
    )


@pytest.mark.parametrize("announce", ["replace", "replace-cross"])
def test_a_replacement_is_the_same_paper_and_claims_no_day(announce: str) -> None:
    second = read(replace(ARXIV, id="oai:arXiv.org:2607.21557v2", announce=announce), "arxiv")
    assert second == replace(read(ARXIV, "arxiv"), day=None, published=None)


@pytest.mark.parametrize(
    ("announce", "again"),
    [("new", False), ("cross", False), ("", False), ("replace", True), ("replace-cross", True)],
)
def test_only_a_replacement_is_a_revision(announce: str, again: bool) -> None:  # noqa: FBT001 - a column
    assert is_revision(replace(ARXIV, announce=announce)) is again
    assert (read(replace(ARXIV, announce=announce)).day is None) is again


def test_a_title_is_enough() -> None:
    paper = read(POST)
    assert paper == Paper(paper.id, "A post", sources=("blog.org",))


def test_an_entry_without_title_is_skipped_under_what_names_it() -> None:
    assert paper_of(replace(POST, title=" ", id="g1"), "s", "s", TODAY) == Skipped("g1", "no title")
    assert isinstance(paper_of(replace(POST, title=""), "s", "s", TODAY), Skipped)


def test_a_guid_that_is_an_address_serves_as_link_and_a_script_does_not() -> None:
    assert read(replace(POST, id="https://blog.org/1")).url == "https://blog.org/1"
    assert read(replace(POST, link="javascript:alert(1)")).url == ""


def test_a_date_to_come_is_not_believed() -> None:
    paper = read(replace(POST, published="2099-01-01T00:00:00+00:00"))
    assert (paper.day, paper.published) == (None, None)


def test_other_feeds_may_write_abstract_and_commas_as_they_like() -> None:
    post = read(replace(POST, summary="Abstract: none", authors=("Doe, Jane",)))
    assert (post.abstract, post.authors) == ("Abstract: none", ("Doe, Jane",))


@given(st.text(), st.text(), st.text(), st.text(), st.none() | st.text())
def test_any_entry_becomes_a_paper_or_is_skipped(
    name: str, title: str, link: str, announce: str, published: str | None
) -> None:
    entry = Entry(name, link, title, title, (title,), (title,), announce, published)
    assert isinstance(paper_of(entry, "blog.org", "blog.org", TODAY), Paper | Skipped)


@given(st.none() | st.text(), st.none() | st.text(), st.text(), st.floats(0, 86_400))
def test_a_cursor_survives_its_spelling(etag: str | None, modified: str | None, print_: str, seconds: float) -> None:
    cursor = Cursor(etag, modified, print_, seconds)
    assert Cursor.load(cursor.dump()) == cursor
    assert wait(cursor.dump()) == seconds


@pytest.mark.parametrize("text", [None, "", "null", "[]", "{}", '{"etag": 1}', "nonsense"])
def test_an_illegible_cursor_is_none(text: str | None) -> None:
    assert Cursor.load(text) == Cursor()
    assert wait(text) == 0
