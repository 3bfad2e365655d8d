"""How papers get into the archive while others store into it, at whatever moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.embedded import EmbeddedValkey
from papers.errors import StoreError
from papers.model import Digest, Paper
from papers.services.intake import ROUNDS, Entry, Saved, take_in
from papers.stores.papers import COMMON, PaperStore
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import TODAY, paper, store
from tests.conftest import NOW
from tests.unit.services.tellings import ARXIV, BLOG, HUGGING_FACE, only, unmatched


class Raced(PaperStore):
    """An archive that somebody else stores into between our reading and our saving."""

    def __init__(self, server: Server, *meanwhile: Callable[[], object]) -> None:
        super().__init__(server)
        self._meanwhile = list(meanwhile)

    def save(self, entries: Sequence[Entry], *, scope: str, announce: bool, now: datetime) -> Saved:
        """Saves after the next of the others did."""
        if self._meanwhile:
            self._meanwhile.pop(0)()
        return super().save(entries, scope=scope, announce=announce, now=now)


def test_of_two_pollers_that_both_meet_a_new_paper_neither_telling_is_lost(stores: Stores) -> None:
    raced = Raced(stores.server, lambda: store(stores.papers, ARXIV))
    assert store(raced, HUGGING_FACE) == Saved(known=(HUGGING_FACE.id,))
    card = only(stores)
    assert set(card.sources) == {"huggingface", "arxiv"}
    assert (card.upvotes, card.organization, card.abstract, card.categories) == (
        5,
        "Deep Lab",
        "We attend.",
        ("cs.LG",),
    )
    assert unmatched(stores) == [(HUGGING_FACE.id, COMMON)]


def test_of_two_pollers_that_both_meet_a_known_paper_neither_telling_is_lost(stores: Stores) -> None:
    store(stores.papers, HUGGING_FACE)
    raced = Raced(stores.server, lambda: store(stores.papers, ARXIV))
    store(raced, replace(HUGGING_FACE, code_url="https://github.com/a/b"))
    assert set(only(stores).sources) == {"huggingface", "arxiv"}
    assert (only(stores).code_url, only(stores).abstract) == ("https://github.com/a/b", "We attend.")


def test_what_was_read_before_the_race_does_not_come_back_in_place_of_what_is_newer(stores: Stores) -> None:
    store(stores.papers, HUGGING_FACE)
    raced = Raced(stores.server, lambda: store(stores.papers, replace(HUGGING_FACE, upvotes=9)))
    store(raced, ARXIV)
    assert (only(stores).upvotes, only(stores).sources) == (9, ("huggingface", "arxiv"))


def test_a_telling_that_was_recognised_by_its_title_still_is_after_a_race(stores: Stores) -> None:
    store(stores.papers, HUGGING_FACE)
    raced = Raced(stores.server, lambda: store(stores.papers, replace(HUGGING_FACE, upvotes=9)))
    assert store(raced, BLOG) == Saved(known=(HUGGING_FACE.id,))
    assert stores.papers.find(BLOG.id) == only(stores)
    assert only(stores).sources == ("huggingface", "lab.example")


def test_only_what_was_changed_meanwhile_is_stored_again(stores: Stores) -> None:
    others = [paper(n, f"Paper number {n}") for n in range(2, 5)]
    raced = Raced(stores.server, lambda: store(stores.papers, ARXIV))
    saved = store(raced, others[0], HUGGING_FACE, *others[1:])
    assert saved == Saved(new=tuple(one.id for one in others), known=(HUGGING_FACE.id,))
    assert stores.papers.count() == 4


def test_a_poller_that_is_always_too_late_gives_up_with_an_error(stores: Stores) -> None:
    upvotes = iter(range(1, ROUNDS + 1))
    raced = Raced(stores.server, *[lambda: store(stores.papers, replace(ARXIV, code_stars=next(upvotes)))] * ROUNDS)
    with pytest.raises(StoreError, match="again and again"):
        store(raced, HUGGING_FACE)
    assert only(stores).sources == ("arxiv",)


def test_a_poller_that_is_too_late_but_once_gets_through(stores: Stores) -> None:
    stars = iter(range(1, ROUNDS))
    others = [lambda: store(stores.papers, replace(ARXIV, code_stars=next(stars)))] * (ROUNDS - 1)
    store(Raced(stores.server, *others), HUGGING_FACE)
    assert set(only(stores).sources) == {"huggingface", "arxiv"}


@pytest.mark.parametrize("ours", [(BLOG,), (BLOG, HUGGING_FACE), (HUGGING_FACE, BLOG)])
def test_one_work_that_two_pollers_meet_under_two_ids_is_one_card(stores: Stores, ours: tuple[Paper, ...]) -> None:
    raced = Raced(stores.server, lambda: store(stores.papers, ARXIV))
    assert store(raced, *ours) == Saved(known=(ARXIV.id,))
    card = only(stores)
    assert set(card.sources) == {"arxiv", *(one.sources[0] for one in ours)}
    assert card.upvotes == max(one.upvotes for one in ours)
    assert stores.papers.find(BLOG.id) == card
    assert unmatched(stores) == [(ARXIV.id, COMMON)]


def test_two_works_of_one_title_that_race_stay_two(stores: Stores) -> None:
    other = replace(ARXIV, id="2603.00002")
    raced = Raced(stores.server, lambda: store(stores.papers, other))
    assert store(raced, HUGGING_FACE) == Saved(new=(HUGGING_FACE.id,))
    assert {paper for paper, _ in unmatched(stores)} == {HUGGING_FACE.id, other.id}


TELLINGS = st.sampled_from(
    [
        HUGGING_FACE,
        ARXIV,
        BLOG,
        replace(ARXIV, sources=("lab.example",)),
        replace(HUGGING_FACE, code_url="https://c.example/"),
    ]
)


@settings(max_examples=30)
@given(st.lists(st.tuples(TELLINGS, st.lists(TELLINGS, max_size=2)), min_size=1, max_size=4))
def test_in_whatever_order_pollers_race_one_card_holds_what_all_of_them_told(
    valkey: EmbeddedValkey, rounds: list[tuple[Paper, list[Paper]]]
) -> None:
    server = Server(valkey.url)
    server.call("FLUSHALL")
    stores = Stores(server)
    for telling, meanwhile in rounds:
        others = [lambda other=other: store(stores.papers, other) for other in meanwhile]
        take_in(Raced(server, *others), Digest("any", TODAY, (telling,), ""), scope=COMMON, announce=True, now=NOW)
    told = [one for telling, meanwhile in rounds for one in (telling, *meanwhile)]
    card = only(stores)
    assert set(card.sources) == {source for one in told for source in one.sources}
    assert card.upvotes == max(one.upvotes for one in told)
    assert set(card.categories) == {name for one in told for name in one.categories}
    assert unmatched(stores) == [(card.id, COMMON)]
    server.close()
