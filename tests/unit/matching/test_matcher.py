"""All subscriptions at once, against the naive loop over each of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.matching.decide import Closeness, bar_of, compile_all, decide
from papers.matching.matcher import Matcher
from papers.model import Destination, Match, Paper, Subscription, Want
from papers.ports import Embedder
from papers.services.corpus import Stream
from tests.builders import GENERAL, batch, crowd, matches, paper, paper_lists, stream, subscription, wants
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


def one_by_one(wanted: list[Subscription], of: Stream, embedder: Embedder) -> dict[Destination, list[Match]]:
    """The same, by asking `decide` of each pair."""
    found: dict[Destination, list[Match]] = {}
    for compiled in compile_all(wanted, embedder):
        stream = of.background.closeness(compiled.topic) if compiled.topic and of.entries else None
        for row, entry in enumerate(of.entries):
            bar = bar_of(compiled.subscription, stream, of.per_day) if stream is not None else 0.0
            closeness = Closeness(float(stream[row]), stream, bar) if stream is not None else None
            match = decide(compiled, entry.paper, entry.document, closeness)
            if match:
                found.setdefault(compiled.subscription.destination, []).append(match)
    return {where: sorted(found[where], key=lambda one: (one.paper, one.number)) for where in found}


@given(subscriptions(), subscriptions(OTHER), paper_lists())
def test_all_at_once_is_each_one_by_one(
    embedder: Embedder, here: list[Subscription], there: list[Subscription], papers: list[Paper]
) -> None:
    matcher = Matcher()
    put(matcher, embedder, *here)
    put(matcher, embedder, *there, where=OTHER)
    whole = stream(papers, embedder)
    assert matches(matcher, whole, here + there) == one_by_one(here + there, whole, embedder)


@settings(max_examples=50)
@given(st.lists(subscriptions(), min_size=1, max_size=3), paper_lists(least=1))
def test_what_was_put_last_is_what_counts(
    embedder: Embedder, rounds: list[list[Subscription]], papers: list[Paper]
) -> None:
    matcher = Matcher()
    for wanted in rounds:
        put(matcher, embedder, *wanted)
    whole = stream(papers, embedder)
    assert len(matcher) == len(rounds[-1])
    assert matches(matcher, whole, rounds[-1]) == one_by_one(rounds[-1], whole, embedder)


@settings(max_examples=40)
@given(subscriptions(), paper_lists())
def test_removing_everything_leaves_nothing(
    embedder: Embedder, wanted: list[Subscription], papers: list[Paper]
) -> None:
    matcher = Matcher()
    put(matcher, embedder, *wanted, subscription(8, None, trending=5), subscription(9, None, feed=FEED))
    put(matcher, embedder)
    whole = stream(papers, embedder)
    assert (len(matcher), list(matcher.trending)) == (0, [])
    assert matches(matcher, whole, wanted) == matches(matcher, whole, wanted, feed=FEED) == {}


def test_one_channels_subscriptions_are_put_without_touching_anothers(embedder: Embedder) -> None:
    matcher, other = Matcher(), subscription(1, "robots", destination=OTHER)
    put(matcher, embedder, subscription(1, "attention"))
    put(matcher, embedder, other, where=OTHER)
    put(matcher, embedder)
    found = matches(matcher, stream(PAPERS, embedder), [other])
    assert {where: [one.paper for one in own] for where, own in found.items()} == {OTHER: [PAPERS[1].id]}


def test_a_subscription_may_become_one_of_another_kind(embedder: Embedder) -> None:
    matcher = Matcher()
    whole = stream(PAPERS, embedder)
    for want in (Want("attention"), Want(topic="attention"), Want(trending=3), Want(feed=FEED), Want("robots")):
        put(matcher, embedder, subscription(1, want=want, bar=-9.0))
        assert len(matcher) == 1
    assert [one.paper for one in matches(matcher, whole, [subscription(1, "robots")])[GENERAL]] == [PAPERS[1].id]
    assert (matches(matcher, whole, [], feed=FEED), list(matcher.trending)) == ({}, [])


@pytest.mark.parametrize("asked", [{"query": "attention"}, {"query": None, "topic": "attention on graphs", "bar": 0.1}])
@pytest.mark.parametrize(("late", "wanted"), [(-HOUR, False), (timedelta(0), True), (HOUR, True)])
def test_a_subscription_gets_what_arrives_after_it_was_made(
    embedder: Embedder,
    asked: dict[str, Any],
    late: timedelta,
    wanted: bool,  # noqa: FBT001 - a column
) -> None:
    matcher, asking = Matcher(), subscription(1, created_at=NOW, **asked)
    put(matcher, embedder, asking)
    assert (GENERAL in matches(matcher, stream(PAPERS, embedder), [asking], arrived=NOW + late)) is wanted


def test_a_feed_subscription_gets_its_feed_and_nothing_of_the_common_stream(embedder: Embedder) -> None:
    matcher, whole = Matcher(), stream(PAPERS, embedder)
    wanted = [subscription(1, "attention", feed=FEED), subscription(2, "attention")]
    put(matcher, embedder, *wanted)
    common, feed = matches(matcher, whole, wanted)[GENERAL], matches(matcher, whole, wanted, feed=FEED)[GENERAL]
    assert {match.number for match in common} == {2}
    assert [(match.number, match.paper) for match in feed] == [(1, PAPERS[0].id), (1, PAPERS[2].id)]
    assert all(match.reason.feed == FEED for match in feed)


def test_a_feeds_papers_are_not_for_subscriptions_to_another_feed(embedder: Embedder) -> None:
    matcher, asking = Matcher(), subscription(1, None, feed=FEED)
    put(matcher, embedder, asking)
    assert matches(matcher, stream(PAPERS, embedder), [asking], feed="https://other.example/feed.xml") == {}


def test_an_entry_that_paperboy_knew_from_elsewhere_is_still_new_in_its_feed(embedder: Embedder) -> None:
    matcher, asking = Matcher(), subscription(1, None, feed=FEED, created_at=NOW)
    put(matcher, embedder, asking)
    known = stream([replace(PAPERS[0], first_seen=NOW - HOUR)], embedder)
    assert [one.paper for one in matches(matcher, known, [asking], feed=FEED, arrived=NOW)[GENERAL]] == [PAPERS[0].id]
    assert matches(matcher, known, [asking], feed=FEED, arrived=NOW - HOUR) == {}


def test_trending_subscriptions_match_no_batch_and_are_listed(embedder: Embedder) -> None:
    matcher = Matcher()
    trending = subscription(1, None, trending=5)
    put(matcher, embedder, trending)
    assert matches(matcher, stream([replace(PAPERS[0], upvotes=99)], embedder), [trending]) == {}
    assert list(matcher.trending) == [trending]


def test_two_subscriptions_of_one_channel_match_one_paper_twice(embedder: Embedder) -> None:
    matcher, wanted = Matcher(), [subscription(1, "attention"), subscription(2, "graph")]
    put(matcher, embedder, *wanted)
    found = matches(matcher, stream(PAPERS, embedder), wanted)[GENERAL]
    assert [match.number for match in found if match.paper == PAPERS[0].id] == [1, 2]


def test_a_batch_is_compared_with_the_stream_that_it_was_calibrated_on(embedder: Embedder) -> None:
    matcher, whole = Matcher(), stream([*PAPERS, *crowd(60)], embedder)
    put(matcher, embedder, subscription(1, None, topic="attention on graphs", bar=1.0))
    matcher.calibrate(whole.background, whole.per_day)
    ((_, found),) = matcher.match(batch(stream(PAPERS[:1], embedder)))
    assert [hit.share for hit in found[PAPERS[0].id]] == [0.02]


def test_what_was_found_is_as_close_whichever_papers_are_matched_beside_it(embedder: Embedder) -> None:
    matcher, whole = Matcher(), stream([*PAPERS, *crowd(60)], embedder)
    put(matcher, embedder, subscription(1, None, topic="attention on graphs", bar=1.0))
    matcher.calibrate(whole.background, whole.per_day)
    ((_, alone),) = matcher.match(batch(stream(PAPERS[:1], embedder)))
    ((_, among),) = matcher.match(batch(whole))
    assert among[PAPERS[0].id] == alone[PAPERS[0].id]
