"""The archive in Redis: what is stored, what arrives, and who was faster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from papers.errors import StoreError
from papers.model import Digest
from papers.services.intake import ROUNDS, Entry, Saved, take_in
from papers.stores.papers import BATCH, PaperStore
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import TODAY, paper, store
from tests.conftest import NOW

FEED = "https://example.org/feed"
LATER = NOW + timedelta(hours=1)
TITLE = "Attention on graphs of every size"


class Hurried(PaperStore):
    """An archive that somebody else writes to, each time just before we do."""

    def __init__(self, server: Server, times: int) -> None:
        super().__init__(server)
        self._times = times
        self._others = PaperStore(server)

    def save(self, entries: Sequence[Entry], *, scope: str, announce: bool, now: datetime) -> Saved:
        if self._times > 0:
            self._times -= 1
            store(self._others, paper(1, organization=f"Lab {self._times}"))
        return super().save(entries, scope=scope, announce=announce, now=now)


def arrivals(stores: Stores) -> list[tuple[str, str]]:
    return [(arrival.paper, arrival.scope) for arrival in stores.papers.unmatched(9)]


def test_a_new_paper_is_stored_and_waits_to_be_matched(stores: Stores) -> None:
    assert store(stores.papers, paper(1)) == Saved(new=("2603.00001",))
    assert stores.papers.find("2603.00001") == replace(paper(1), first_seen=NOW)
    assert arrivals(stores) == [("2603.00001", "*")]
    assert (stores.papers.count(), stores.papers.days(), stores.papers.recent(9)) == (1, [TODAY], ["2603.00001"])


def test_a_paper_that_comes_again_is_known_and_its_figures_are_renewed(stores: Stores) -> None:
    store(stores.papers, paper(1, upvotes=1))
    stores.papers.matched(stores.papers.unmatched(9))
    assert store(stores.papers, paper(1, upvotes=5), now=LATER) == Saved(known=("2603.00001",))
    assert stores.papers.find("2603.00001") == replace(paper(1, upvotes=5), first_seen=NOW)
    assert stores.papers.unmatched(9) == []


def test_a_conflict_is_answered_changed_and_nothing_is_overwritten(stores: Stores) -> None:
    stale = Entry(replace(paper(1, upvotes=1), first_seen=NOW), before=None, title_key=None)
    store(stores.papers, paper(1, upvotes=9))
    saved = stores.papers.save([stale], scope="*", announce=True, now=LATER)
    assert saved == Saved(changed=("2603.00001",))
    assert stores.papers.get(["2603.00001"])["2603.00001"].upvotes == 9


def test_only_the_paper_in_conflict_is_left_out(stores: Stores) -> None:
    store(stores.papers, paper(1))
    entries = [Entry(paper(number), before=None, title_key=None) for number in (1, 2)]
    assert stores.papers.save(entries, scope="*", announce=True, now=NOW) == Saved(
        new=("2603.00002",), changed=("2603.00001",)
    )


def test_two_pollers_of_one_paper_lose_neither_telling(stores: Stores) -> None:
    hurried = Hurried(stores.server, times=2)
    saved = store(hurried, paper(1, abstract="What we tell."))
    assert saved == Saved(known=("2603.00001",))
    found = stores.papers.find("2603.00001")
    assert found is not None
    assert (found.abstract, found.organization) == ("What we tell.", "Lab 0")
    assert set(arrivals(stores)) == {("2603.00001", "*")}  # once for each telling


def test_a_paper_that_changes_for_ever_is_given_up_with_a_named_error(stores: Stores) -> None:
    with pytest.raises(StoreError, match="again and again"):
        store(Hurried(stores.server, times=ROUNDS + 1), paper(1))


def test_the_same_work_under_another_id_becomes_an_alias(stores: Stores) -> None:
    store(stores.papers, paper(1, TITLE))
    told = paper(1, TITLE, id="x" + "0" * 15, sources=("example.org",))
    assert store(stores.papers, told) == Saved(known=("2603.00001",))
    assert stores.papers.canonical([told.id, "2603.00009"]) == ["2603.00001", "2603.00009"]
    found = stores.papers.find(told.id)
    assert found is not None
    assert (found.id, found.sources) == ("2603.00001", ("huggingface", "example.org"))
    assert stores.papers.count() == 1


def test_one_digest_that_tells_of_a_work_twice_stores_it_once(stores: Stores) -> None:
    twin = paper(1, TITLE, id="x" + "0" * 15)
    store(stores.papers, paper(1, TITLE))
    take_in(stores.papers, Digest("d", TODAY, (paper(1, TITLE), twin), ""), scope="*", announce=True, now=LATER)
    assert stores.papers.count() == 1


def test_a_feeds_baseline_is_stored_but_never_matched_nor_in_the_archive(stores: Stores) -> None:
    store(stores.papers, paper(1), scope=FEED, announce=False)
    assert (stores.papers.unmatched(9), stores.papers.recent(9), stores.papers.days()) == ([], [], [])
    assert stores.papers.find("2603.00001") is not None


def test_a_paper_arrives_once_in_each_scope(stores: Stores) -> None:
    store(stores.papers, paper(1), scope=FEED, announce=False)
    assert store(stores.papers, paper(1), scope=FEED) == Saved(known=("2603.00001",))
    assert store(stores.papers, paper(1)) == Saved(new=("2603.00001",))
    assert arrivals(stores) == [("2603.00001", "*")]


def test_more_papers_than_a_script_takes_at_once_are_all_stored(stores: Stores) -> None:
    many = [paper(number) for number in range(BATCH + 5)]
    assert len(store(stores.papers, *many).new) == BATCH + 5
    assert len(stores.papers.unmatched(1000)) == BATCH + 5


def test_arrivals_are_forgotten_one_by_one(stores: Stores) -> None:
    store(stores.papers, paper(1), paper(2))
    first, second = stores.papers.unmatched(9)
    stores.papers.matched([first])
    assert stores.papers.unmatched(9) == [second]
    stores.papers.matched([])
    assert stores.papers.unmatched(9) == [second]


def test_a_day_lists_its_papers_by_upvotes_and_days_come_newest_first(stores: Stores) -> None:
    before = TODAY - timedelta(days=1)
    store(stores.papers, paper(1, upvotes=1), paper(2, upvotes=7), paper(3, day=before))
    assert [one.id for one in stores.papers.of_day(TODAY)] == ["2603.00002", "2603.00001"]
    assert stores.papers.days() == [TODAY, before]
    assert stores.papers.recent(9)[-1] == "2603.00003"
    assert stores.papers.recent(9, since=NOW - timedelta(hours=9)) == ["2603.00002", "2603.00001"]


def test_a_paper_without_a_day_stands_where_it_was_first_seen(stores: Stores) -> None:
    store(stores.papers, paper(1, day=None), paper(2))
    assert stores.papers.recent(9) == ["2603.00001", "2603.00002"]
    assert [one.id for one in stores.papers.of_day(TODAY)] == ["2603.00002"]


def test_asking_for_nothing_asks_the_server_nothing(stores: Stores) -> None:
    assert (stores.papers.get([]), stores.papers.canonical([]), stores.papers.by_title([])) == ({}, [], [])
    assert stores.papers.find("2603.99999") is None
