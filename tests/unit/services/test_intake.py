"""How a digest gets into the archive: one card a paper, however many tell of it, at whatever moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.embedded import EmbeddedValkey
from papers.errors import StoreError
from papers.identity import paper_id
from papers.model import Digest, Paper
from papers.services.intake import ROUNDS, Entry, Saved, take_in
from papers.stores.papers import COMMON, PaperStore
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import TODAY, paper, store
from tests.conftest import NOW

HOUR = timedelta(hours=1)
FEED = "https://lab.example/feed.xml"

TITLE = "Attention on graphs of molecules"
HUGGING_FACE = paper(1, TITLE, authors=("Ada Lovelace", "Donald Knuth"), upvotes=5, organization="Deep Lab")
ARXIV = replace(
    HUGGING_FACE, sources=("arxiv",), upvotes=0, organization=None, categories=("cs.LG",), abstract="We attend."
)
BLOG = paper(1, TITLE, id=paper_id(guid="https://lab.example/17"), sources=("lab.example",), authors=("D. Knuth",))
"""A telling that does not name the arXiv id."""


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


def only(stores: Stores) -> Paper:
    """The archive's one paper."""
    (one,) = stores.papers.recent(10)
    return stores.papers.get([one])[one]


def unmatched(stores: Stores) -> list[tuple[str, str]]:
    return [(arrival.paper, arrival.scope) for arrival in stores.papers.unmatched(100)]


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


def test_two_entries_of_one_digest_may_be_one_known_paper(stores: Stores) -> None:
    store(stores.papers, HUGGING_FACE)
    again = replace(HUGGING_FACE, upvotes=8)
    assert store(stores.papers, again, BLOG) == Saved(known=(HUGGING_FACE.id,))
    assert (only(stores).upvotes, only(stores).sources) == (8, ("huggingface", "lab.example"))


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


def test_a_revision_of_a_paper_never_met_is_stored_and_not_matched(stores: Stores) -> None:
    revised = replace(ARXIV, day=None)
    assert store(stores.papers, revised, paper(2)).new == (paper(2).id, revised.id)
    assert unmatched(stores) == [(paper(2).id, COMMON)]
    assert stores.papers.find(revised.id) == replace(revised, first_seen=NOW)


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


TELLINGS = st.sampled_from(
    [
        HUGGING_FACE,
        ARXIV,
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
