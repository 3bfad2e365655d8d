"""Why a paper came to a channel, or did not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.answers.why import WhyRow
from papers.matching.decide import compile_all
from papers.matching.matcher import Matcher
from papers.matching.topics import LEAST_BAR
from papers.model import Channel, Paper, Schedule, Subscription, Want
from papers.ports import Embedder
from papers.services.why import Judge, outcome
from papers.stores.papers import PaperStore
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import GENERAL, crowd, matches, paper, paper_lists, store, stream, subscription, untaught, wants
from tests.conftest import NOW

HOUR = timedelta(hours=1)
FEED = "https://lab.example/feed.xml"
ABOUT = paper(500, "Attention on graphs", abstract="Kernels are compared in a survey.")

NOBODY = PaperStore(Server("redis://127.0.0.1:1"))
"""An archive that is never asked: only subscriptions to a feed and to what trends need one."""


def judged(embedder: Embedder, wanted: Subscription, one: Paper = ABOUT, *, archive: PaperStore = NOBODY) -> WhyRow:
    return Judge(archive, stream([one, *crowd(100)], embedder), untaught(embedder)).row(wanted, one)


def test_of_a_query_it_says_what_hit_what_is_missing_and_what_blocks(embedder: Embedder) -> None:
    row = judged(embedder, subscription(4, "attention robots -survey"))
    assert (row.number, row.label, row.wanted) == (4, "attention robots -survey", False)
    assert (row.hit, row.missed, row.blocked) == (("attention",), ("robots",), ("survey",))
    assert (row.z, row.bar, row.share, row.note) == (None, None, None, None)


def test_of_a_topic_it_says_how_close_and_how_close_it_had_to_be(embedder: Embedder) -> None:
    near = judged(embedder, subscription(query=None, topic="attention on graphs", bar=1.5))
    far = judged(embedder, subscription(query=None, topic="whispered speech", bar=1.5))
    assert near.wanted
    assert not far.wanted
    assert near.bar == far.bar == 1.5
    assert (near.z or 0) > 1.5 > (far.z or 9)
    assert 0 < (near.share or 0) < 0.1 < (far.share or 0) <= 1


def test_a_topic_without_a_bar_is_shown_the_usual_one(embedder: Embedder) -> None:
    assert judged(embedder, subscription(query=None, topic="graphs")).bar == LEAST_BAR


def test_where_query_and_topic_are_asked_for_the_row_shows_both(embedder: Embedder) -> None:
    row = judged(embedder, subscription(query="zebra", topic="attention on graphs", bar=1.0))
    assert not row.wanted
    assert row.missed == ("zebra",)
    assert (row.z or 0) > 1


@given(wants(), st.sampled_from([0.0, 1.0, 2.0]), paper_lists(least=1))
def test_it_says_wanted_exactly_where_the_matcher_matches(
    embedder: Embedder, want: Want, bar: float, papers: list[Paper]
) -> None:
    asked = subscription(want=want, bar=bar)
    seen = stream(papers, embedder)
    matcher = Matcher()
    matcher.put(GENERAL, compile_all([asked], embedder))
    matched = {one.paper for one in matches(matcher, seen, [asked]).get(GENERAL, [])}
    judge = Judge(NOBODY, seen, untaught(embedder))
    assert {one.id for one in papers if judge.row(asked, one).wanted} == matched


def test_of_the_most_upvoted_it_says_the_rank(stores: Stores, embedder: Embedder) -> None:
    papers = [paper(n, f"Paper number {n}", upvotes=n) for n in range(4)]
    store(stores.papers, *papers)
    judge = Judge(stores.papers, stream(papers, embedder), untaught(embedder))
    rows = [judge.row(subscription(query=None, trending=2), one) for one in papers]
    assert [(row.wanted, row.note) for row in rows] == [
        (False, "not voted for on 2026-03-11"),
        (False, "#3 of 2026-03-11 by upvotes"),
        (True, "#2 of 2026-03-11 by upvotes"),
        (True, "#1 of 2026-03-11 by upvotes"),
    ]


def test_a_feed_subscription_wants_what_came_by_that_feed(embedder: Embedder, stores: Stores) -> None:
    store(stores.papers, ABOUT)
    store(stores.papers, ABOUT, scope=FEED)
    row = judged(embedder, subscription(query="attention", feed=FEED), archive=stores.papers)
    assert (row.wanted, row.note, row.hit) == (True, None, ("attention",))


@pytest.mark.parametrize("scope", ["*", "https://lab.example/feed.xml.old", "https://lab.example/", "lab.example"])
def test_a_feed_subscription_does_not_want_what_came_from_elsewhere_not_even_from_the_same_site(
    embedder: Embedder, stores: Stores, scope: str
) -> None:
    neighbour = paper(500, ABOUT.title, sources=("lab.example",))
    store(stores.papers, neighbour, scope=scope)
    row = judged(embedder, subscription(query="attention", feed=FEED), neighbour, archive=stores.papers)
    assert (row.wanted, row.note, row.hit) == (False, "it did not come from lab.example/feed.xml", ("attention",))


WANTING = (WhyRow(1, "attention", wanted=True),)
UNWANTING = (WhyRow(1, "attention", wanted=False),)
DAILY = Channel(GENERAL, Schedule("daily", "09:00", "Europe/Berlin"))


@pytest.mark.parametrize(
    ("channel", "rows", "posted", "waits", "said"),
    [
        (DAILY, WANTING, True, False, "posted here today, Wed 11 Mar at 08:00 (Europe/Berlin)"),
        (DAILY, (), True, True, "posted here today, Wed 11 Mar at 08:00 (Europe/Berlin)"),
        (DAILY, WANTING, False, True, "it comes with the next post, tomorrow, Thu 12 Mar at 09:00 (Europe/Berlin)"),
        (Channel(GENERAL), WANTING, False, True, "it comes with the next post"),
        (Channel(GENERAL, paused=True), WANTING, False, True, "it waits here until `resume`"),
        (DAILY, WANTING, False, False, "not posted here: it had come before the subscription that wants it"),
        (DAILY, UNWANTING, False, False, "not posted here: no subscription wants it"),
        (DAILY, (), False, False, "not posted here: there is no subscription"),
    ],
)
def test_the_outcome_is_one_sentence(
    channel: Channel,
    rows: tuple[WhyRow, ...],
    posted: bool,  # noqa: FBT001 - a column
    waits: bool,  # noqa: FBT001 - a column
    said: str,
) -> None:
    brought = NOW - HOUR if posted else None
    assert outcome(channel, rows, brought=brought, waits=waits, now=NOW) == said
