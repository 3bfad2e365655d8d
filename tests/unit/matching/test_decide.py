"""Whether one subscription wants one paper, and why."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from papers.errors import QueryError
from papers.matching.decide import (
    KEYWORD_SCORE,
    TITLE_BONUS,
    Closeness,
    bar_of,
    compile_all,
    decide,
    most_upvoted,
    trending_matches,
)
from papers.matching.topics import DEFAULT_BAR
from papers.model import Match, Paper, Reason, Subscription
from papers.ports import Embedder
from papers.query import analyse, excluded, matches, parse
from tests.builders import Counting, paper, paper_lists, queries, subscription

STREAM = np.linspace(-2, 4, 101).astype(np.float32)
ABOUT_GRAPHS = paper(1, "Attention on graphs", abstract="Kernels are compared in a survey.")


def decided(
    embedder: Embedder, wanted: Subscription, one: Paper = ABOUT_GRAPHS, *, z: float | None = None
) -> Match | None:
    (compiled,) = compile_all([wanted], embedder)
    return decide(
        compiled,
        one,
        analyse(one),
        None if z is None else Closeness(z, STREAM, bar_of(compiled.subscription, STREAM, None)),
    )


def reason(embedder: Embedder, wanted: Subscription, *, z: float | None = None) -> Reason:
    match = decided(embedder, wanted, z=z)
    assert match is not None
    return match.reason


@given(queries(), paper_lists(least=1, most=3))
def test_a_query_alone_decides_as_it_means(embedder: Embedder, query: str, papers: list[Paper]) -> None:
    for one in papers:
        found = decided(embedder, subscription(query=query), one)
        assert (found is not None) is matches(parse(query), analyse(one))


@given(queries(), paper_lists(least=1, most=3))
def test_a_match_says_which_words_hit_and_which_were_excluded(
    embedder: Embedder, query: str, papers: list[Paper]
) -> None:
    for one in papers:
        found = decided(embedder, subscription(query=query), one)
        if found is not None:
            assert found.reason.words or found.reason.without
            assert found.reason.without == excluded(parse(query))


def test_a_match_names_its_paper_its_subscription_and_its_number(embedder: Embedder) -> None:
    wanted = subscription(7, "attention")
    assert decided(embedder, wanted) == Match(
        paper=ABOUT_GRAPHS.id,
        subscription=wanted.id,
        number=7,
        score=KEYWORD_SCORE + TITLE_BONUS,
        reason=Reason(words=("attention",)),
    )


@pytest.mark.parametrize(
    ("query", "score"),
    [
        ("attention", KEYWORD_SCORE + TITLE_BONUS),
        ('"attention on graphs"', KEYWORD_SCORE + TITLE_BONUS),
        ("title:atten*", KEYWORD_SCORE + TITLE_BONUS),
        ("attention OR kernel", KEYWORD_SCORE + TITLE_BONUS),
        ("attention -robots", KEYWORD_SCORE + TITLE_BONUS),
        ("kernel", KEYWORD_SCORE),
        ("kern*", KEYWORD_SCORE),
        ("abstract:kernel", KEYWORD_SCORE),
        ("abstract:kern*", KEYWORD_SCORE),
        ("abstract:kern* OR attention", KEYWORD_SCORE + TITLE_BONUS),
        ("attention kernel", KEYWORD_SCORE),
    ],
)
def test_a_query_that_the_title_alone_fulfils_scores_a_little_more(
    embedder: Embedder, query: str, score: float
) -> None:
    found = decided(embedder, subscription(query=query))
    assert found is not None
    assert found.score == score


@pytest.mark.parametrize(("z", "wanted"), [(2.99, False), (3.0, True), (5.0, True)])
def test_a_topic_wants_what_reaches_its_bar(embedder: Embedder, z: float, wanted: bool) -> None:  # noqa: FBT001 - a column
    topic = subscription(query=None, topic="graphs", bar=3.0)
    assert (decided(embedder, topic, z=z) is not None) is wanted


def test_a_topic_without_a_bar_has_the_usual_one(embedder: Embedder) -> None:
    topic = subscription(query=None, topic="graphs")
    assert decided(embedder, topic, z=DEFAULT_BAR) is not None
    assert decided(embedder, topic, z=DEFAULT_BAR - 0.01) is None


def test_a_bar_of_zero_is_a_bar(embedder: Embedder) -> None:
    assert decided(embedder, subscription(query=None, topic="graphs", bar=0.0), z=0.5) is not None


def test_a_topic_never_wants_what_was_not_compared(embedder: Embedder) -> None:
    assert decided(embedder, subscription(query=None, topic="graphs", bar=-9.0)) is None


@pytest.mark.parametrize(("query", "z"), [("robots", 5.0), ("attention", 1.0), ("robots", 1.0)])
def test_where_query_and_topic_are_asked_for_both_must_hold(embedder: Embedder, query: str, z: float) -> None:
    both = subscription(query=query, topic="graphs", bar=3.0)
    assert decided(embedder, both, z=z) is None
    assert decided(embedder, subscription(query="attention", topic="graphs", bar=3.0), z=5.0) is not None


def test_a_topics_match_is_scored_by_its_z_and_says_its_rank(embedder: Embedder) -> None:
    found = decided(embedder, subscription(query=None, topic="graphs", bar=3.0), z=float(STREAM[-2]))
    assert found is not None
    assert found.score == pytest.approx(float(STREAM[-2]), abs=0.01)
    assert found.reason == Reason(topic="graphs", share=0.02)


def test_the_reason_of_both_holds_both(embedder: Embedder) -> None:
    why = reason(embedder, subscription(query="attention -robots", topic="graphs", bar=3.0), z=9.0)
    assert (why.words, why.without, why.topic, why.share) == (("attention",), ("robots",), "graphs", 0.01)


def test_a_feed_without_more_is_wanted_whole(embedder: Embedder) -> None:
    feed = subscription(query=None, feed="https://lab.example/feed.xml")
    assert reason(embedder, feed) == Reason(feed="https://lab.example/feed.xml")


def test_topics_are_embedded_in_one_batch_each_text_once(embedder: Embedder) -> None:
    counting = Counting(embedder)
    wanted = [subscription(1, None, topic="graphs"), subscription(2), subscription(3, "a OR b", topic="graphs")]
    one, two, three = compile_all([*wanted, subscription(4, None, topic="robots")], counting)[:3]
    assert counting.asked == [["graphs", "robots"]]
    assert (two.topic, one.expr) == (None, None)
    assert one.topic is not None
    assert three.topic is not None
    assert np.array_equal(one.topic.vector, three.topic.vector)


def test_nothing_is_embedded_where_there_is_no_topic(embedder: Embedder) -> None:
    assert compile_all([], embedder) == []
    assert compile_all([subscription()], embedder)[0].topic is None


def test_a_query_that_does_not_parse_is_told(embedder: Embedder) -> None:
    with pytest.raises(QueryError):
        compile_all([subscription(query="(attention")], embedder)


def test_the_most_upvoted_are_ranked_from_one_and_ties_by_id() -> None:
    papers = [paper(1, upvotes=3), paper(2, upvotes=9), paper(3, upvotes=3), paper(4, upvotes=0)]
    assert most_upvoted(papers, 5) == {papers[1].id: 1, papers[0].id: 2, papers[2].id: 3}
    assert most_upvoted(papers, 2) == {papers[1].id: 1, papers[0].id: 2}


def test_a_paper_that_nobody_voted_for_never_trends() -> None:
    assert trending_matches(subscription(query=None, trending=5), [paper(1), paper(2)]) == {}


def test_trending_papers_come_in_the_order_of_their_ranks() -> None:
    papers = [paper(number, upvotes=number) for number in range(1, 8)]
    found = trending_matches(subscription(3, None, trending=5), papers)
    best_first = sorted(found.values(), key=lambda one: -one.score)
    assert [one.paper for one in best_first] == [papers[number].id for number in (6, 5, 4, 3, 2)]
    assert [one.reason for one in best_first] == [Reason(trending=rank) for rank in range(1, 6)]
    assert {(one.number, one.subscription) for one in best_first} == {(3, subscription(3).id)}
