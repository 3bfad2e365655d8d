"""All subscriptions at once, against the naive loop over each of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.matching.decide import compile_all, decide
from papers.matching.matcher import Batch, Matcher, Matches
from papers.model import Destination, Match, Paper, Subscription, Want
from papers.ports import Embedder
from tests.builders import GENERAL, batch, paper, paper_lists, stream, subscription, wants
from tests.conftest import NOW

OTHER = Destination("slack", "T1", "C1")
FEED = "https://lab.example/feed.xml"
HOUR = timedelta(hours=1)

PAPERS = [paper(1, "Attention on graphs"), paper(2, "Robots with kernels"), paper(3, "A survey of attention")]


@st.composite
def subscriptions(draw: st.DrawFn, where: Destination = GENERAL) -> list[Subscription]:
    """Up to six of a channel, their bars low enough that topics match something."""
    asked = draw(st.lists(wants(), max_size=6))
    return [
        subscription(number, want=want, destination=where, bar=draw(st.sampled_from([0.0, 1.0, 2.0])))
        for number, want in enumerate(asked, start=1)
    ]


def put(matcher: Matcher, embedder: Embedder, *wanted: Subscription, where: Destination = GENERAL) -> None:
    matcher.put(where, compile_all(wanted, embedder))


def flat(found: Matches) -> list[tuple[Destination, Match]]:
    """Every match with its channel, in one order."""
    pairs = [(where, match) for where, papers in found.items() for matches in papers.values() for match in matches]
    return sorted(pairs, key=lambda pair: (str(pair[0]), pair[1].paper, pair[1].number))


def one_by_one(wanted: list[Subscription], papers: Batch, embedder: Embedder) -> list[tuple[Destination, Match]]:
    """The same, by asking `decide` of each pair."""
    found: list[tuple[Destination, Match]] = []
    for compiled in compile_all(wanted, embedder):
        for one, document in zip(papers.papers, papers.documents, strict=True):
            closeness = papers.closeness(compiled, one)
            match = decide(compiled, one, document, closeness)
            found += [(compiled.subscription.destination, match)] if match else []
    return sorted(found, key=lambda pair: (str(pair[0]), pair[1].paper, pair[1].number))


@given(subscriptions(), subscriptions(OTHER), paper_lists())
def test_all_at_once_is_each_one_by_one(
    embedder: Embedder, here: list[Subscription], there: list[Subscription], papers: list[Paper]
) -> None:
    matcher = Matcher()
    put(matcher, embedder, *here)
    put(matcher, embedder, *there, where=OTHER)
    whole = batch(stream(papers, embedder))
    assert flat(matcher.match(whole)) == one_by_one(here + there, whole, embedder)


@settings(max_examples=50)
@given(st.lists(subscriptions(), min_size=1, max_size=3), paper_lists(least=1))
def test_what_was_put_last_is_what_counts(
    embedder: Embedder, rounds: list[list[Subscription]], papers: list[Paper]
) -> None:
    matcher = Matcher()
    for wanted in rounds:
        put(matcher, embedder, *wanted)
    whole = batch(stream(papers, embedder))
    assert len(matcher) == len(rounds[-1])
    assert flat(matcher.match(whole)) == one_by_one(rounds[-1], whole, embedder)


@settings(max_examples=40)
@given(subscriptions(), paper_lists())
def test_removing_everything_leaves_nothing(
    embedder: Embedder, wanted: list[Subscription], papers: list[Paper]
) -> None:
    matcher = Matcher()
    put(matcher, embedder, *wanted, subscription(8, None, trending=5), subscription(9, None, feed=FEED))
    put(matcher, embedder)
    whole = batch(stream(papers, embedder))
    assert (len(matcher), list(matcher.trending)) == (0, [])
    assert matcher.match(whole) == {}
    assert matcher.match_feed(whole, FEED) == {}


def test_one_channels_subscriptions_are_put_without_touching_anothers(embedder: Embedder) -> None:
    matcher = Matcher()
    put(matcher, embedder, subscription(1, "attention"))
    put(matcher, embedder, subscription(1, "robots", destination=OTHER), where=OTHER)
    put(matcher, embedder)
    found = matcher.match(batch(stream(PAPERS, embedder)))
    assert {where: sorted(papers) for where, papers in found.items()} == {OTHER: [PAPERS[1].id]}


def test_a_subscription_may_become_one_of_another_kind(embedder: Embedder) -> None:
    matcher = Matcher()
    whole = batch(stream(PAPERS, embedder))
    for want in (Want("attention"), Want(topic="attention"), Want(trending=3), Want(feed=FEED), Want("robots")):
        put(matcher, embedder, subscription(1, want=want, bar=-9.0))
        assert len(matcher) == 1
    assert list(matcher.match(whole)[GENERAL]) == [PAPERS[1].id]
    assert (matcher.match_feed(whole, FEED), list(matcher.trending)) == ({}, [])


@pytest.mark.parametrize("asked", [{"query": "attention"}, {"query": None, "topic": "attention", "bar": -9.0}])
@pytest.mark.parametrize(("late", "wanted"), [(-HOUR, False), (timedelta(0), True), (HOUR, True)])
def test_a_subscription_gets_what_arrives_after_it_was_made(
    embedder: Embedder,
    asked: dict[str, Any],
    late: timedelta,
    wanted: bool,  # noqa: FBT001 - a column
) -> None:
    matcher = Matcher()
    put(matcher, embedder, subscription(1, created_at=NOW, **asked))
    papers = batch(stream(PAPERS[:1], embedder), arrived=NOW + late)
    assert (GENERAL in matcher.match(papers)) is wanted


def test_a_feed_subscription_gets_its_feed_and_nothing_of_the_common_stream(embedder: Embedder) -> None:
    matcher = Matcher()
    put(matcher, embedder, subscription(1, "attention", feed=FEED), subscription(2, "attention"))
    whole = batch(stream(PAPERS, embedder))
    common = [match for _, match in flat(matcher.match(whole))]
    feed = [match for _, match in flat(matcher.match_feed(whole, FEED))]
    assert {match.number for match in common} == {2}
    assert [(match.number, match.paper) for match in feed] == [(1, PAPERS[0].id), (1, PAPERS[2].id)]
    assert all(match.reason.feed == FEED for match in feed)


def test_a_feeds_papers_are_not_for_subscriptions_to_another_feed(embedder: Embedder) -> None:
    matcher = Matcher()
    put(matcher, embedder, subscription(1, None, feed=FEED))
    assert matcher.match_feed(batch(stream(PAPERS, embedder)), "https://other.example/feed.xml") == {}


def test_an_entry_that_paperboy_knew_from_elsewhere_is_still_new_in_its_feed(embedder: Embedder) -> None:
    matcher = Matcher()
    put(matcher, embedder, subscription(1, None, feed=FEED, created_at=NOW))
    known = stream([replace(PAPERS[0], first_seen=NOW - HOUR)], embedder)
    assert list(matcher.match_feed(batch(known, arrived=NOW), FEED)[GENERAL]) == [PAPERS[0].id]
    assert matcher.match_feed(batch(known, arrived=NOW - HOUR), FEED) == {}


def test_trending_subscriptions_match_no_batch_and_are_listed(embedder: Embedder) -> None:
    matcher = Matcher()
    trending = subscription(1, None, trending=5)
    put(matcher, embedder, trending)
    assert matcher.match(batch(stream([replace(PAPERS[0], upvotes=99)], embedder))) == {}
    assert list(matcher.trending) == [trending]


def test_two_subscriptions_of_one_channel_match_one_paper_twice(embedder: Embedder) -> None:
    matcher = Matcher()
    put(matcher, embedder, subscription(1, "attention"), subscription(2, "graph"))
    found = matcher.match(batch(stream(PAPERS, embedder)))[GENERAL]
    assert [match.number for match in found[PAPERS[0].id]] == [1, 2]


def test_a_batch_is_compared_with_its_stream_not_with_itself(embedder: Embedder) -> None:
    matcher = Matcher()
    put(matcher, embedder, subscription(1, None, topic="attention on graphs", bar=1.0))
    whole = stream([*PAPERS, *(paper(n, "Whispered speech") for n in range(4, 60))], embedder)
    part = replace(batch(whole), papers=PAPERS[:1], documents=[whole.entries[0].document])
    (match,) = matcher.match(part)[GENERAL][PAPERS[0].id]
    assert match.reason.share == round(1 / 59, 4)
