"""What a subscription would have posted: promised here, kept by the matcher."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.matching.decide import compile_all, trending_matches
from papers.matching.matcher import Matcher
from papers.matching.topics import DEFAULT_BAR, usual_bar
from papers.model import Match, Paper, Want
from papers.ports import Embedder
from papers.services.backtest import LATEST, backtest, preview, with_bar
from papers.services.cards import card
from papers.services.corpus import Stream
from papers.services.library import Lookback, Ruler
from papers.services.lookback import StreamLookback
from tests.builders import (
    GENERAL,
    TODAY,
    crowd,
    match,
    matches,
    paper,
    paper_lists,
    stream,
    subscription,
    untaught,
    wants,
)
from tests.shelves import Shelves

DAY = timedelta(days=1)
ALL = 1000
FEED = "https://lab.example/feed.xml"
VOLUMES = st.one_of(st.none(), st.floats(0.1, 5.0))


Look = Callable[[Iterable[Paper]], tuple[Stream, Lookback]]
"""Of papers, makes the stream that bars follow and the lookback that wants are tried on."""


@pytest.fixture(scope="module", params=["in memory", "in the index"])
def look(request: pytest.FixtureRequest, embedder: Embedder, shelves: Shelves) -> Look:
    """Both ways to look back keep the same promises."""

    def made(papers: Iterable[Paper]) -> tuple[Stream, Lookback]:
        seen = stream(papers, embedder)
        if request.param == "in memory":
            return seen, StreamLookback(seen, embedder.weight)
        reader = shelves.reader(entry.paper for entry in seen.entries)
        return seen, reader.lookback(Ruler(seen.background, embedder.weight), seen.per_day)

    return made


def delivered(want: Want, bar: float | None, of: Stream, embedder: Embedder) -> list[Match]:
    """What a channel with this one subscription is brought by the matcher."""
    matcher, asking = Matcher(), subscription(want=want, bar=bar)
    matcher.put(GENERAL, compile_all([asking], embedder))
    return matches(matcher, of, [asking], feed=want.feed).get(GENERAL, [])


@given(wants(), st.tuples(VOLUMES, st.sampled_from([None, FEED])), paper_lists())
def test_a_backtest_promises_exactly_what_the_matcher_delivers_on_the_same_stream(
    embedder: Embedder, look: Look, want: Want, asks: tuple[float | None, str | None], papers: list[Paper]
) -> None:
    of, seen = look(papers)
    per_day, feed = asks
    asked = with_bar(subscription(want=replace(want, per_day=per_day, feed=feed)), of, untaught(embedder))
    tested = backtest(asked, seen, untaught(embedder), ALL)
    promised = sorted((one for one, _ in tested.matches), key=lambda one: one.paper)
    assert promised == delivered(asked.want, asked.bar, of, embedder)
    assert tested.total == len(promised)


@given(paper_lists(), st.integers(1, 5))
def test_a_trending_backtest_promises_each_days_most_upvoted(
    embedder: Embedder, look: Look, papers: list[Paper], top: int
) -> None:
    asked = subscription(query=None, trending=top)
    _, seen = look(papers)
    promised = {one.paper: one for one, _ in backtest(asked, seen, untaught(embedder), ALL).matches}
    days = {one.day for one in papers}
    expected: dict[str, Match] = {}
    for day in days:
        expected |= trending_matches(asked, [one for one in papers if one.day == day])
    assert promised == expected


def test_matches_come_newest_first_then_best_then_most_upvoted(embedder: Embedder, look: Look) -> None:
    papers = [
        paper(1, "Attention", day=TODAY - DAY),
        paper(2, "Something else", abstract="With attention.", day=TODAY, upvotes=9),
        paper(3, "Attention", day=TODAY, upvotes=1),
        paper(4, "Attention", day=TODAY, upvotes=2),
    ]
    tested = backtest(subscription(query="attention"), look(papers)[1], untaught(embedder), ALL)
    assert [one.id for _, one in tested.matches] == [papers[row].id for row in (3, 2, 1, 0)]


def test_what_is_older_than_thirty_days_is_not_promised(embedder: Embedder, look: Look) -> None:
    papers = [paper(1, "Attention"), paper(2, "Attention", day=TODAY - 31 * DAY)]
    shown = preview(subscription(query="attention"), look(papers)[1], untaught(embedder), TODAY)
    assert (shown.total, shown.archive) == (1, 1)


@pytest.mark.parametrize(
    ("days", "ago", "named"),
    [(1, 0, False), (1, 1, True), (8, 1, False), (8, 2, True), (30, 4, False), (30, 5, True), (30, 900, True)],
)
def test_a_window_that_ended_before_now_is_not_called_the_last_days(
    embedder: Embedder, look: Look, days: int, ago: int, *, named: bool
) -> None:
    newest = TODAY - ago * DAY
    papers = [paper(1, day=newest), paper(2, day=newest - (days - 1) * DAY)]
    shown = preview(subscription(query="attention"), look(papers)[1], untaught(embedder), TODAY)
    assert (shown.total, shown.days, shown.until) == (2, days, newest if named else None)


@pytest.mark.parametrize(
    ("want", "warns"),
    [
        (Want(query="the of"), True),
        (Want(topic="what is it"), True),
        (Want(query="the", topic="the of"), True),
        (Want(query="the", topic="robots"), False),
        (Want(query="-the"), False),
        (Want(trending=5), False),
    ],
)
def test_what_says_nothing_of_a_subject_warns(embedder: Embedder, look: Look, want: Want, *, warns: bool) -> None:
    papers = [paper(n, "The robots of attention") for n in range(3)]
    shown = preview(
        with_bar(subscription(want=want), look(papers)[0], untaught(embedder)),
        look(papers)[1],
        untaught(embedder),
        TODAY,
    )
    assert (shown.warning == "that says nothing of a subject: add a word that does") is warns


def test_a_preview_counts_and_shows_the_newest_three(embedder: Embedder, look: Look) -> None:
    papers = [paper(n, "Attention", day=TODAY - n * DAY) for n in range(5)] + [paper(9, "Robots", day=TODAY - 9 * DAY)]
    shown = preview(subscription(query="attention"), look(papers)[1], untaught(embedder), TODAY)
    assert (shown.label, shown.total, shown.archive, shown.days) == ("attention", 5, 6, 10)
    assert [one.paper.id for one in shown.latest] == [papers[n].id for n in range(LATEST)]
    assert all(one.reasons[0].words == ("attention",) for one in shown.latest)
    assert shown.warning is None


def test_a_preview_without_papers_says_why(embedder: Embedder, look: Look) -> None:
    shown = preview(subscription(), look([])[1], untaught(embedder), TODAY)
    assert (shown.total, shown.archive, shown.days, shown.latest) == (0, 0, 1, ())
    assert "no paper was polled yet" in (shown.warning or "")


def test_a_preview_without_matches_says_that_new_ones_may_come(embedder: Embedder, look: Look) -> None:
    shown = preview(subscription(query="zebra"), look([paper(1)])[1], untaught(embedder), TODAY)
    assert "nothing in the papers at hand" in (shown.warning or "")


@pytest.mark.parametrize(("count", "warns"), [(20, False), (21, True)])
def test_a_preview_warns_of_more_than_anybody_reads(
    embedder: Embedder,
    look: Look,
    count: int,
    warns: bool,  # noqa: FBT001 - a column
) -> None:
    papers = [paper(n, "Attention") for n in range(count)]
    shown = preview(subscription(query="attention"), look(papers)[1], untaught(embedder), TODAY)
    assert ("papers a day" in (shown.warning or "")) is warns


def test_a_topic_finds_what_it_is_about(embedder: Embedder, look: Look) -> None:
    of, seen = look(crowd(140))
    asked = with_bar(
        subscription(query=None, topic="a robot arm that grasps objects", per_day=1.0), of, untaught(embedder)
    )
    found = [one.title for _, one in backtest(asked, seen, untaught(embedder), ALL).matches]
    assert len(found) == 10
    assert all(title.startswith("Grasping with robots") for title in found)


@pytest.mark.parametrize("per_day", [0.5, 1.0, 2.0, 4.0])
def test_the_volume_asked_for_is_about_the_volume_promised(embedder: Embedder, look: Look, per_day: float) -> None:
    of, seen = look(crowd(140))
    asked = with_bar(subscription(query=None, topic="graph networks", per_day=per_day), of, untaught(embedder))
    assert preview(asked, seen, untaught(embedder), TODAY).total == pytest.approx(per_day * 10, abs=2)


def test_however_much_is_asked_for_what_is_further_off_than_the_average_paper_never_comes(
    embedder: Embedder, look: Look
) -> None:
    of, seen = look(crowd(140))
    asked = with_bar(subscription(query=None, topic="graph networks", per_day=1000.0), of, untaught(embedder))
    assert asked.bar == 0.0
    assert 0 < preview(asked, seen, untaught(embedder), TODAY).total < 140


def test_a_query_has_no_bar(embedder: Embedder) -> None:
    assert with_bar(subscription(bar=2.0), stream(crowd(20), embedder), untaught(embedder)).bar is None


def test_a_topic_without_a_volume_has_the_usual_bar(embedder: Embedder) -> None:
    asked = subscription(query=None, topic="graphs", bar=1.0)
    seen = stream(crowd(20), embedder)
    (topic,) = [compiled.topic for compiled in compile_all([asked], embedder)]
    assert topic is not None
    assert with_bar(asked, seen, untaught(embedder)).bar == usual_bar(seen.background.closeness(topic))


def test_a_volume_without_a_stream_has_the_usual_bar(embedder: Embedder) -> None:
    asked = subscription(query=None, topic="graphs", per_day=3.0)
    assert with_bar(asked, stream([], embedder), untaught(embedder)).bar == DEFAULT_BAR


def test_a_card_has_the_reasons_of_all_its_matches_and_the_best_score() -> None:
    shown = card(paper(1, ai_summary="It finds this."), [match(paper(1).id, 1, 3.0), match(paper(1).id, 2, 4.0)])
    assert (shown.score, len(shown.reasons), shown.summary) == (4.0, 2, "It finds this.")


def test_a_card_of_a_search_hit_has_neither_reason_nor_score() -> None:
    shown = card(paper(1))
    assert (shown.score, shown.reasons) == (None, ())
