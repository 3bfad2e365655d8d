"""How close papers are to a topic, and where the bar lies."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.matching.bm25 import BM25, Scores
from papers.matching.decide import stems
from papers.matching.topics import (
    COSINE_WEIGHT,
    DEFAULT_BAR,
    FLOOR,
    LEAST_BAR,
    LOWEST_BAR,
    PSEUDO_COUNT,
    STEPS,
    UNRELATED,
    Background,
    Scale,
    Topic,
    bar_for,
    floor_for,
    rounded,
    share,
    text_of,
    told,
    usual_bar,
)
from papers.ports import Embedder
from papers.query import analyse
from tests.builders import crowd, paper, stream

LINE = Topic({}, np.ones(1, np.float32))
"""Without words, and in one dimension: a paper's cosine is its only figure."""

Z = st.lists(st.floats(-3, 6, width=32), min_size=1, max_size=300).map(lambda z: np.array(z, np.float32))


def on_a_line(cosines: Scores) -> Background:
    return Background([[]] * len(cosines), cosines[:, np.newaxis].astype(np.float32))


def worded(topic: str, embedder: Embedder) -> Topic:
    (vector,) = embedder.embed([topic])
    return Topic.of(topic, vector)


def cosine_z(cosines: Scores) -> Scores:
    """The cosine half alone: every paper's words are as close as every other's."""
    return on_a_line(cosines).z(LINE, weight=1e6)


@settings(max_examples=25)
@given(st.floats(-0.5, 0.5), st.floats(0.5, 5.0), st.integers(0, 2**32 - 1))
def test_in_a_large_stream_neither_the_level_nor_the_spread_of_the_cosines_matters(
    shift: float, scale: float, seed: int
) -> None:
    cosines = np.random.default_rng(seed).normal(0.12, 0.08, 5_000).astype(np.float32)
    plain, moved = cosine_z(cosines), cosine_z(cosines * np.float32(scale) + np.float32(shift))
    assert np.abs(plain - moved).max() < 0.1


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_z_has_mean_zero_and_deviation_one_over_a_large_stream(seed: int) -> None:
    z = cosine_z(np.random.default_rng(seed).normal(0.3, 0.02, 10_000).astype(np.float32))
    assert float(z.mean()) == pytest.approx(0, abs=0.01)
    assert float(z.std()) == pytest.approx(1, abs=0.02)


def test_in_a_large_stream_both_halves_are_on_the_same_scale(embedder: Embedder) -> None:
    entries = stream(crowd(700), embedder)
    topic = worded("robots that grasp", embedder)
    words, meaning = entries.background.z(topic, weight=0), entries.background.z(topic, weight=1e6)
    for half in (words, meaning):
        assert float(half.mean()) == pytest.approx(0, abs=0.1)
        assert float(half.std()) == pytest.approx(1, abs=0.1)


def test_z_is_the_weighted_mean_of_both_halves(embedder: Embedder) -> None:
    background, topic = stream(crowd(50), embedder).background, worded("graph networks", embedder)
    words, meaning = background.z(topic, weight=0), background.z(topic, weight=1e6)
    expected = (words + COSINE_WEIGHT * meaning) / (1 + COSINE_WEIGHT)
    assert background.z(topic) == pytest.approx(expected, abs=1e-3)


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=40))
def test_however_small_the_stream_z_stays_finite_and_small(cosines: list[float]) -> None:
    z = cosine_z(np.array(cosines, np.float32))
    assert np.all(np.isfinite(z))
    assert np.abs(z).max() <= (len(cosines) + PSEUDO_COUNT) ** 0.5


def test_the_first_papers_of_a_stream_are_compared_with_those_of_an_ordinary_one(embedder: Embedder) -> None:
    about = paper(1, "Grasping with robots", abstract="A robot arm learns to grasp objects.")
    other = paper(2, "Whispered speech", abstract="Acoustic models of whispers.")
    (near, far) = stream([about, other], embedder).background.z(worded("robots that grasp objects", embedder))
    assert near > 1
    assert far < 0


def test_twins_are_equally_close_and_not_nan() -> None:
    z = cosine_z(np.full(5, 0.4, np.float32))
    assert np.isfinite(z).all()
    assert np.ptp(z) == 0


def test_the_papers_that_a_topic_is_about_come_first(embedder: Embedder) -> None:
    papers = crowd(70)
    z = stream(papers, embedder).background.z(worded("grasping objects with a robot arm", embedder))
    best = [papers[row].title for row in np.argsort(-z)[:10]]
    assert all(title.startswith("Grasping with robots") for title in best)


def test_a_paper_with_the_words_is_closer_than_one_with_the_same_meaning_only(embedder: Embedder) -> None:
    vectors = embedder.embed(["graph networks"] * 2)
    background = Background([["graph", "network"], ["molecul", "chemistri"]], vectors)
    with_words, without = background.z(worded("graph networks", embedder))
    assert with_words > without


@given(Z, st.floats(0.1, 40), st.floats(1, 40))
def test_the_bar_lets_about_the_volume_through_that_was_asked_for(
    z: Scores, per_day: float, stream_per_day: float
) -> None:
    bar = bar_for(z, per_day, stream_per_day)
    wanted = min(per_day / stream_per_day, 1) * len(z)
    strictly, at_least = int((z > np.float32(bar)).sum()), int((z >= np.float32(bar)).sum())
    if bar == LOWEST_BAR:
        assert strictly <= wanted + 1
    else:
        assert strictly - 1 <= wanted <= at_least + 1


@given(Z, st.floats(0.1, 40), st.floats(0.1, 40))
def test_who_asks_for_more_gets_no_less(z: Scores, one: float, other: float) -> None:
    fewer, more = sorted([one, other])
    assert bar_for(z, fewer, 10) >= bar_for(z, more, 10) >= LOWEST_BAR


def test_where_there_is_no_stream_the_bar_is_the_usual_one() -> None:
    assert bar_for(np.empty(0, np.float32), 3, 10) == DEFAULT_BAR
    assert bar_for(np.ones(3, np.float32), 3, 0) == DEFAULT_BAR


@given(Z, st.floats(-5, 10))
def test_a_share_lies_above_zero_and_at_most_at_one(z: Scores, score: float) -> None:
    assert 0 < share(z, score) <= 1


def test_a_share_is_the_part_of_the_stream_that_is_at_least_as_close() -> None:
    z = np.arange(100, dtype=np.float32)
    assert [share(z, score) for score in (99.0, 98.0, 50.0, 0.0, -1.0)] == [0.01, 0.02, 0.5, 1.0, 1.0]
    assert share(z, 1000.0) == 0.01
    assert share(np.empty(0, np.float32), 3.0) == 1.0


def test_title_and_abstract_are_embedded() -> None:
    assert text_of(paper(title="A title", abstract="What it found.")) == "A title. What it found."
    assert text_of(paper(title="A title")) == "A title"


def test_the_lexical_half_counts_stems_of_title_and_abstract() -> None:
    document = analyse(paper(title="Grasping robots", abstract="Robots grasped."))
    assert stems(document) == ["grasp", "robot", "robot", "grasp"]
    assert BM25([stems(document)]).scores(Counter(["robot"]))[0] > 0


def closeness(*z: float) -> Scores:
    return np.array(z, np.float32)


def test_the_usual_bar_is_three_where_a_hundredth_of_the_stream_reaches_it() -> None:
    assert usual_bar(closeness(*[0.0] * 97, 3.5, 4.0, 5.0)) == DEFAULT_BAR


def test_the_usual_bar_comes_down_to_a_hundredth_of_a_stream_that_is_all_of_one_kind() -> None:
    stream = closeness(*np.linspace(0.0, 2.5, 1001))
    assert usual_bar(stream) == pytest.approx(2.475, abs=0.001)
    assert int((stream >= usual_bar(stream)).sum()) == 11


def test_the_usual_bar_never_comes_lower_than_two() -> None:
    assert usual_bar(closeness(*[UNRELATED] * 50, 1.0)) == LEAST_BAR
    assert usual_bar(closeness()) == DEFAULT_BAR


@pytest.mark.parametrize(("asked", "has_floor"), [(None, True), (2.0, True), (2.1, False), (50.0, False)])
def test_who_asks_for_more_than_a_fiftieth_of_a_stream_wants_the_nearest_however_far(
    asked: float | None,
    has_floor: bool,  # noqa: FBT001 - a column
) -> None:
    assert (floor_for(asked, 100.0) == FLOOR) is has_floor
    assert (floor_for(asked, None) == FLOOR) is (asked is None)


def test_a_paper_of_another_meaning_is_no_match_whatever_words_it_says() -> None:
    scale = Scale((0.0, 1.0), (0.0, 1.0))
    lexical, cosine = closeness(30.0, 30.0, 0.0), closeness(FLOOR, FLOOR - 0.01, 9.0)
    assert scale.closeness(lexical, cosine).tolist() == pytest.approx([15.75, UNRELATED, 4.5])
    assert scale.closeness(lexical, cosine, floor=-np.inf)[1] == pytest.approx(scale.z(lexical, cosine)[1])


@given(st.integers(0, 10**6), st.integers(1, 8))
def test_rounding_a_vector_twice_is_rounding_it_once(seed: int, count: int) -> None:
    vectors = np.random.default_rng(seed).standard_normal((count, 16)).astype(np.float32)
    assert np.allclose(rounded(rounded(vectors)), rounded(vectors), atol=1e-6)
    assert np.abs(rounded(vectors) - vectors).max() <= np.abs(vectors).max() / STEPS / 2 + 1e-6
    assert not rounded(np.zeros((1, 16), np.float32)).any()


def test_a_paper_without_a_vector_yet_says_nothing_of_what_cosines_mean() -> None:
    vectors = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 0.0]], np.float32)
    topic = Topic({}, np.array([1.0, 0.0], np.float32))
    words: list[list[str]] = [["a"], ["b"], ["c"]]
    assert Background(words, vectors).scale(topic).cosine == Background(words[:2], vectors[:2]).scale(topic).cosine


@pytest.mark.parametrize(("part", "said"), [(0.001, 0.001), (0.0011, 0.002), (0.1, 0.1), (0.11, None), (1.0, None)])
def test_a_share_is_told_rounded_up(part: float, said: float | None) -> None:
    assert told(part) == said
