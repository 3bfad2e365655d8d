"""What a subscription would have posted: promised here, kept by the matcher."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.matching.decide import compile_all, trending_matches
from papers.matching.matcher import Matcher
from papers.matching.topics import DEFAULT_BAR
from papers.model import Match, Paper, Want
from papers.ports import Embedder
from papers.services.backtest import LATEST, backtest, card, preview, with_bar
from papers.services.compiling import Compiler
from papers.services.corpus import Stream
from tests.builders import GENERAL, TODAY, batch, crowd, match, paper, paper_lists, stream, subscription, wants

DAY = timedelta(days=1)
FEED = "https://lab.example/feed.xml"
VOLUMES = st.one_of(st.none(), st.floats(0.1, 5.0))


def delivered(want: Want, bar: float | None, of: Stream, embedder: Embedder) -> list[Match]:
    """What the matcher puts into the inbox of a channel with this one subscription."""
    matcher = Matcher()
    matcher.put(GENERAL, compile_all([subscription(want=want, bar=bar)], embedder))
    found = matcher.match(batch(of)) if want.feed is None else matcher.match_feed(batch(of), want.feed)
    return sorted((one for matches in found.get(GENERAL, {}).values() for one in matches), key=lambda one: one.paper)


@given(wants(), VOLUMES, st.sampled_from([None, FEED]), paper_lists())
def test_a_backtest_promises_exactly_what_the_matcher_delivers_on_the_same_stream(
    embedder: Embedder, want: Want, per_day: float | None, feed: str | None, papers: list[Paper]
) -> None:
    seen = stream(papers, embedder)
    asked = with_bar(subscription(want=replace(want, per_day=per_day, feed=feed)), seen, Compiler(embedder))
    promised = sorted((one for one, _ in backtest(asked, seen, Compiler(embedder)).matches), key=lambda one: one.paper)
    assert promised == delivered(asked.want, asked.bar, seen, embedder)


@given(paper_lists(), st.integers(1, 5))
def test_a_trending_backtest_promises_each_days_most_upvoted(embedder: Embedder, papers: list[Paper], top: int) -> None:
    asked = subscription(query=None, trending=top)
    promised = {one.paper: one for one, _ in backtest(asked, stream(papers, embedder), Compiler(embedder)).matches}
    days = {one.day for one in papers}
    expected: dict[str, Match] = {}
    for day in days:
        expected |= trending_matches(asked, [one for one in papers if one.day == day])
    assert promised == expected


def test_matches_come_newest_first_then_best_then_most_upvoted(embedder: Embedder) -> None:
    papers = [
        paper(1, "Attention", day=TODAY - DAY),
        paper(2, "Something else", abstract="With attention.", day=TODAY, upvotes=9),
        paper(3, "Attention", day=TODAY, upvotes=1),
        paper(4, "Attention", day=TODAY, upvotes=2),
    ]
    tested = backtest(subscription(query="attention"), stream(papers, embedder), Compiler(embedder))
    assert [one.id for _, one in tested.matches] == [papers[row].id for row in (3, 2, 1, 0)]


def test_what_is_older_than_thirty_days_is_not_promised(embedder: Embedder) -> None:
    papers = [paper(1, "Attention"), paper(2, "Attention", day=TODAY - 31 * DAY)]
    shown = preview(subscription(query="attention"), stream(papers, embedder), Compiler(embedder))
    assert (shown.total, shown.archive) == (1, 1)


def test_a_preview_counts_and_shows_the_newest_three(embedder: Embedder) -> None:
    papers = [paper(n, "Attention", day=TODAY - n * DAY) for n in range(5)] + [paper(9, "Robots", day=TODAY - 9 * DAY)]
    shown = preview(subscription(query="attention"), stream(papers, embedder), Compiler(embedder))
    assert (shown.label, shown.total, shown.archive, shown.days) == ("attention", 5, 6, 10)
    assert [one.paper.id for one in shown.latest] == [papers[n].id for n in range(LATEST)]
    assert all(one.reasons[0].words == ("attention",) for one in shown.latest)
    assert shown.warning is None


def test_a_preview_without_papers_says_why(embedder: Embedder) -> None:
    shown = preview(subscription(), stream([], embedder), Compiler(embedder))
    assert (shown.total, shown.archive, shown.days, shown.latest) == (0, 0, 1, ())
    assert "no paper was polled yet" in (shown.warning or "")


def test_a_preview_without_matches_says_that_new_ones_may_come(embedder: Embedder) -> None:
    shown = preview(subscription(query="zebra"), stream([paper(1)], embedder), Compiler(embedder))
    assert "nothing in the papers at hand" in (shown.warning or "")


@pytest.mark.parametrize(("count", "warns"), [(20, False), (21, True)])
def test_a_preview_warns_of_more_than_anybody_reads(
    embedder: Embedder,
    count: int,
    warns: bool,  # noqa: FBT001 - a column
) -> None:
    papers = [paper(n, "Attention") for n in range(count)]
    shown = preview(subscription(query="attention"), stream(papers, embedder), Compiler(embedder))
    assert ("papers a day" in (shown.warning or "")) is warns


def test_a_topic_finds_what_it_is_about(embedder: Embedder) -> None:
    seen = stream(crowd(140), embedder)
    asked = with_bar(
        subscription(query=None, topic="a robot arm that grasps objects", per_day=1.0), seen, Compiler(embedder)
    )
    found = [one.title for _, one in backtest(asked, seen, Compiler(embedder)).matches]
    assert len(found) == 10
    assert all(title.startswith("Grasping with robots") for title in found)


@pytest.mark.parametrize("per_day", [0.5, 1.0, 2.0, 4.0])
def test_the_volume_asked_for_is_about_the_volume_promised(embedder: Embedder, per_day: float) -> None:
    seen = stream(crowd(140), embedder)
    asked = with_bar(subscription(query=None, topic="graph networks", per_day=per_day), seen, Compiler(embedder))
    assert preview(asked, seen, Compiler(embedder)).total == pytest.approx(per_day * 10, abs=2)


def test_however_much_is_asked_for_what_is_further_off_than_the_average_paper_never_comes(embedder: Embedder) -> None:
    seen = stream(crowd(140), embedder)
    asked = with_bar(subscription(query=None, topic="graph networks", per_day=1000.0), seen, Compiler(embedder))
    assert asked.bar == 0.0
    assert 0 < preview(asked, seen, Compiler(embedder)).total < 140


def test_a_query_has_no_bar(embedder: Embedder) -> None:
    assert with_bar(subscription(bar=2.0), stream(crowd(20), embedder), Compiler(embedder)).bar is None


def test_a_topic_without_a_volume_has_the_usual_bar(embedder: Embedder) -> None:
    asked = subscription(query=None, topic="graphs", bar=1.0)
    assert with_bar(asked, stream(crowd(20), embedder), Compiler(embedder)).bar == DEFAULT_BAR


def test_a_volume_without_a_stream_has_the_usual_bar(embedder: Embedder) -> None:
    asked = subscription(query=None, topic="graphs", per_day=3.0)
    assert with_bar(asked, stream([], embedder), Compiler(embedder)).bar == DEFAULT_BAR


def test_a_card_has_the_reasons_of_all_its_matches_and_the_best_score() -> None:
    shown = card(paper(1, ai_summary="It finds this."), [match(paper(1).id, 1, 3.0), match(paper(1).id, 2, 4.0)])
    assert (shown.score, len(shown.reasons), shown.summary) == (4.0, 2, "It finds this.")


def test_a_card_of_a_search_hit_has_neither_reason_nor_score() -> None:
    shown = card(paper(1))
    assert (shown.score, shown.reasons) == (None, ())
