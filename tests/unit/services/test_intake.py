"""How papers get into the archive: one card a paper, however many tell of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from papers.identity import paper_id
from papers.model import Paper
from papers.services.intake import Saved
from papers.stores.papers import COMMON
from papers.wiring import Stores
from tests.builders import TODAY, paper, store
from tests.conftest import NOW
from tests.unit.services.tellings import ARXIV, BLOG, FEED, HUGGING_FACE, TITLE, only, unmatched

HOUR = timedelta(hours=1)


def test_a_new_paper_is_stored_and_waits_to_be_matched(stores: Stores) -> None:
    assert store(stores.papers, HUGGING_FACE) == Saved(new=(HUGGING_FACE.id,))
    assert only(stores) == replace(HUGGING_FACE, first_seen=NOW)
    assert unmatched(stores) == [(HUGGING_FACE.id, COMMON)]


def test_the_same_digest_again_changes_nothing(stores: Stores) -> None:
    store(stores.papers, HUGGING_FACE)
    before = only(stores)
    stores.papers.matched(stores.papers.unmatched(10))
    assert store(stores.papers, HUGGING_FACE, now=NOW + HOUR) == Saved(known=(HUGGING_FACE.id,))
    assert (only(stores), unmatched(stores)) == (before, [])


def test_a_paper_of_three_sources_is_one_card_and_arrives_once(stores: Stores) -> None:
    blog = replace(HUGGING_FACE, sources=("lab.example",), upvotes=0, organization=None)
    for telling in (HUGGING_FACE, ARXIV, blog):
        store(stores.papers, telling)
    card = only(stores)
    assert card.sources == ("huggingface", "arxiv", "lab.example")
    assert (card.upvotes, card.organization, card.abstract, card.categories) == (
        5,
        "Deep Lab",
        "We attend.",
        ("cs.LG",),
    )
    assert unmatched(stores) == [(HUGGING_FACE.id, COMMON)]


def test_two_versions_are_one_paper(stores: Stores) -> None:
    first, second = (
        replace(
            ARXIV, id=paper_id(guid=f"oai:arXiv.org:2603.00001v{version}"), abstract="We attend" + " more" * version
        )
        for version in (1, 2)
    )
    store(stores.papers, first)
    assert store(stores.papers, second) == Saved(known=("2603.00001",))
    assert only(stores).abstract == "We attend more more"


def test_a_feed_that_does_not_name_the_id_is_recognised_by_its_title(stores: Stores) -> None:
    store(stores.papers, HUGGING_FACE)
    assert store(stores.papers, BLOG) == Saved(known=(HUGGING_FACE.id,))
    assert only(stores).sources == ("huggingface", "lab.example")
    assert stores.papers.find(BLOG.id) == only(stores)


def test_a_feed_that_was_first_keeps_the_card_and_the_id_finds_it(stores: Stores) -> None:
    store(stores.papers, BLOG)
    assert store(stores.papers, HUGGING_FACE) == Saved(known=(BLOG.id,))
    card = only(stores)
    assert (card.id, card.sources, card.upvotes) == (BLOG.id, ("lab.example", "huggingface"), 5)
    assert stores.papers.find(HUGGING_FACE.id) == card


def test_once_recognised_a_paper_is_known_by_its_other_id_whatever_its_title_becomes(stores: Stores) -> None:
    store(stores.papers, HUGGING_FACE)
    store(stores.papers, BLOG)
    store(stores.papers, replace(BLOG, title="A new name for what we did"))
    assert only(stores).title == TITLE


@pytest.mark.parametrize(
    "other",
    [
        replace(BLOG, authors=("Grace Hopper",)),
        replace(HUGGING_FACE, id="2603.00002"),
        replace(BLOG, title="Attention on graphs of proteins"),
    ],
)
def test_what_only_looks_alike_stays_two_papers(stores: Stores, other: Paper) -> None:
    store(stores.papers, HUGGING_FACE)
    assert store(stores.papers, other).new == (other.id,)
    assert stores.papers.count() == 2


def test_a_paper_arrives_once_in_each_scope(stores: Stores) -> None:
    assert store(stores.papers, HUGGING_FACE).new
    assert store(stores.papers, HUGGING_FACE, scope=FEED).new
    assert not store(stores.papers, HUGGING_FACE, scope=FEED).new
    assert sorted(unmatched(stores)) == [(HUGGING_FACE.id, COMMON), (HUGGING_FACE.id, FEED)]


def test_a_baseline_is_stored_and_never_matched(stores: Stores) -> None:
    assert store(stores.papers, BLOG, scope=FEED, announce=False).new == (BLOG.id,)
    assert store(stores.papers, BLOG, scope=FEED).known == (BLOG.id,)
    assert unmatched(stores) == []


def test_a_feeds_papers_do_not_join_the_archive(stores: Stores) -> None:
    store(stores.papers, BLOG, scope=FEED)
    assert stores.papers.count() == 0
    assert stores.papers.find(BLOG.id) is not None


def test_the_first_sight_of_a_paper_stays(stores: Stores) -> None:
    store(stores.papers, HUGGING_FACE)
    store(stores.papers, replace(HUGGING_FACE, upvotes=9), now=NOW + HOUR)
    assert (only(stores).first_seen, only(stores).upvotes) == (NOW, 9)


def test_a_large_digest_is_stored_whole(stores: Stores) -> None:
    many = [paper(n, f"Paper number {n}") for n in range(450)]
    assert len(store(stores.papers, *many).new) == 450
    assert (stores.papers.count(), len(stores.papers.of_day(TODAY))) == (450, 450)


def test_an_empty_digest_is_nothing(stores: Stores) -> None:
    assert store(stores.papers) == Saved()
