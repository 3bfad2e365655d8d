"""How one digest gets into the archive: entries that are the same work, and revisions, which are no news."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from papers.identity import paper_id
from papers.model import Paper
from papers.services.intake import Saved
from papers.stores.papers import COMMON
from papers.wiring import Stores
from tests.builders import paper, store
from tests.conftest import NOW
from tests.unit.services.tellings import ARXIV, BLOG, FEED, HUGGING_FACE, only, unmatched

MIRROR = replace(BLOG, id=paper_id(guid="https://mirror.example/4"), sources=("mirror.example",), authors=())
TELLINGS = (HUGGING_FACE, BLOG, MIRROR)


def test_two_entries_of_one_digest_may_be_one_known_paper(stores: Stores) -> None:
    store(stores.papers, HUGGING_FACE)
    again = replace(HUGGING_FACE, upvotes=8)
    assert store(stores.papers, again, BLOG) == Saved(known=(HUGGING_FACE.id,))
    assert (only(stores).upvotes, only(stores).sources) == (8, ("huggingface", "lab.example"))


@pytest.mark.parametrize("tellings", [*permutations(TELLINGS)])
def test_unknown_entries_of_one_digest_that_are_the_same_work_become_one(
    stores: Stores, tellings: tuple[Paper, ...]
) -> None:
    first = tellings[0].id
    assert store(stores.papers, *tellings) == Saved(new=(first,))
    card = only(stores)
    assert (card.id, card.upvotes, set(card.authors)) == (first, 5, set(HUGGING_FACE.authors))
    assert set(card.sources) == {"huggingface", "lab.example", "mirror.example"}
    assert unmatched(stores) == [(first, COMMON)]


@pytest.mark.parametrize("known", [(), TELLINGS[:1], TELLINGS[1:2], TELLINGS[2:]])
def test_a_paper_is_found_by_every_id_that_a_digest_gave_it(stores: Stores, known: tuple[Paper, ...]) -> None:
    store(stores.papers, *known)
    store(stores.papers, *TELLINGS)
    assert [stores.papers.find(one.id) for one in TELLINGS] == [only(stores)] * 3
    store(stores.papers, *(replace(one, title="A new name for what we did") for one in TELLINGS[::-1]))
    assert stores.papers.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(BLOG, authors=("Grace Hopper",)),
        replace(HUGGING_FACE, id="2603.00002"),
        replace(BLOG, title="Attention on graphs of proteins"),
    ],
)
def test_entries_of_one_digest_that_only_look_alike_stay_two(stores: Stores, other: Paper) -> None:
    assert store(stores.papers, HUGGING_FACE, other).new == (HUGGING_FACE.id, other.id)


def test_works_of_one_title_stay_as_many_as_they_are(stores: Stores) -> None:
    several = [replace(ARXIV, id=f"2603.{number:05}") for number in range(1, 5)]
    assert set(store(stores.papers, *several).new) == {one.id for one in several}


def test_a_title_that_every_week_has_makes_no_two_entries_one(stores: Stores) -> None:
    weeks = [replace(BLOG, id=paper_id(guid=f"https://lab.example/{n}"), title="Weekly update") for n in range(3)]
    assert store(stores.papers, *weeks).new == tuple(one.id for one in weeks)


@pytest.mark.parametrize("scope", [COMMON, FEED])
def test_a_revision_of_a_paper_never_met_is_stored_and_not_matched(stores: Stores, scope: str) -> None:
    revised = replace(ARXIV, day=None)
    saved = store(stores.papers, revised, paper(2), scope=scope, revisions={revised.id})
    assert set(saved.new) == {paper(2).id, revised.id}
    assert unmatched(stores) == [(paper(2).id, scope)]
    assert stores.papers.find(revised.id) == replace(revised, first_seen=NOW)


def test_a_revision_of_a_known_paper_is_told_of_it(stores: Stores) -> None:
    store(stores.papers, HUGGING_FACE, ARXIV)
    revised = replace(ARXIV, day=None, abstract="We attend, and prove it.")
    assert store(stores.papers, revised, revisions={revised.id}) == Saved(known=(revised.id,))
    assert (only(stores).abstract, only(stores).day) == (revised.abstract, ARXIV.day)
    assert unmatched(stores) == [(HUGGING_FACE.id, COMMON)]


def test_a_revision_does_not_hide_a_paper_that_still_waits_to_be_matched(stores: Stores) -> None:
    store(stores.papers, ARXIV)
    store(stores.papers, replace(ARXIV, day=None), revisions={ARXIV.id})
    assert unmatched(stores) == [(ARXIV.id, COMMON)]


def test_a_paper_without_a_date_is_news_unless_its_source_says_otherwise(stores: Stores) -> None:
    undated = replace(ARXIV, day=None)
    store(stores.papers, undated)
    assert unmatched(stores) == [(undated.id, COMMON)]
