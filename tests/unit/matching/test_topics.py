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
    LOWEST_BAR,
    PSEUDO_COUNT,
    Background,
    Topic,
    bar_for,
    share,
    text_of,
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
