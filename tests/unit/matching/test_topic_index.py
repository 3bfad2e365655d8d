"""Many topics at once mean exactly what `Scale.closeness` and `bar_for` say of one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.matching import topic_block
from papers.matching.bm25 import BM25
from papers.matching.topic_index import TopicIndex
from papers.matching.topics import DEFAULT_BAR, SHARES, Background, Topic, bar_for, floor_for, share, told
from papers.ports import Vectors

DIM = 8
NEAR = 0.01
"""A z so close to a bar that rounding decides."""

WORDS = [f"w{number}" for number in range(30)]
Documents = list[list[str]]


def unit(dice: np.random.Generator, count: int) -> Vectors:
    vectors = dice.standard_normal((count, DIM)).astype(np.float32) + np.float32(0.4)
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


def texts(dice: np.random.Generator, count: int, length: int) -> Documents:
    return [dice.choice(WORDS, size=int(dice.integers(0, length))).tolist() for _ in range(count)]


def topics(dice: np.random.Generator, count: int) -> list[Topic]:
    """Of no word up to a dozen, some of them unwanted, as votes make them."""
    return [
        Topic({word: float(dice.choice([1, 1, 2, 0.3, -0.5])) for word in words}, vector)
        for words, vector in zip(texts(dice, count, 12), unit(dice, count), strict=True)
    ]


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(0, 60), st.integers(1, 40), st.sampled_from([None, 0.1, 3.0, 200.0]))
def test_every_pair_that_reaches_its_bar_is_found_and_no_other(
    seed: int, known: int, new: int, per_day: float | None
) -> None:
    dice = np.random.default_rng(seed)
    background = Background(texts(dice, known, 25), unit(dice, known))
    stored, documents, vectors = topics(dice, 25), texts(dice, new, 25), unit(dice, new)
    index: TopicIndex[int] = TopicIndex(DIM)
    for number, topic in enumerate(stored):
        index.add(number, topic, bar=1.9, per_day=per_day)
    index.calibrate(background, per_day=10.0)
    closest = index.match(documents, vectors)
    found = {
        (paper, closest.keys[topic]): (z, part)
        for paper, topic, z, part in zip(closest.papers, closest.topics, closest.z, closest.share, strict=True)
    }
    assert len(found) == len(closest.z)
    for number, topic in enumerate(stored):
        floor, scale = floor_for(per_day, 10.0), background.scale(topic)
        stream = background.closeness(topic, floor=floor)
        bar = 1.9 if per_day is None else bar_for(stream, per_day, 10.0)
        lexical, cosine = BM25(documents, like=background.words.like).scores(topic.terms), vectors @ topic.vector
        close = scale.closeness(lexical, cosine, floor=floor)
        meaning = (cosine - scale.cosine[0]) / scale.cosine[1]
        for paper, z in enumerate(close.tolist()):
            if abs(z - bar) < NEAR or abs(meaning[paper] - floor) < NEAR:
                continue
            assert ((paper, number) in found) == (z >= bar)
            if z >= bar:
                closeness, part = found[paper, number]
                assert closeness == pytest.approx(z, abs=1e-3)
                assert (*SHARES, None)[part] == told(share(stream, z)) or near_a_share(stream, z)


def near_a_share(stream: npt.NDArray[np.float32], z: float) -> bool:
    """Whether rounding decides which share it is."""
    return bool((np.abs(stream - z) < 2e-3).any())


def build(stored: Sequence[Topic], background: Background) -> TopicIndex[int]:
    index: TopicIndex[int] = TopicIndex(DIM)
    for number, topic in enumerate(stored):
        index.add(number, topic, bar=1.0)
    index.calibrate(background, per_day=None)
    return index


def pairs(index: TopicIndex[int], documents: Documents, vectors: Vectors) -> set[tuple[int, int | None]]:
    closest = index.match(documents, vectors)
    return {(int(paper), closest.keys[topic]) for paper, topic in zip(closest.papers, closest.topics, strict=True)}


@pytest.fixture
def dice() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.fixture
def background(dice: np.random.Generator) -> Background:
    return Background(texts(dice, 80, 25), unit(dice, 80))


def test_blocks_and_batches_make_no_difference(
    dice: np.random.Generator, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, documents, vectors = topics(dice, 50), texts(dice, 30, 25), unit(dice, 30)
    whole = pairs(build(stored, background), documents, vectors)
    monkeypatch.setattr(topic_block, "SIZE", 7)
    monkeypatch.setattr("papers.matching.topic_index.BATCH", 4)
    assert pairs(build(stored, background), documents, vectors) == whole
    assert len(whole) > 10


def test_a_topic_that_was_removed_or_replaced_matches_no_more(
    dice: np.random.Generator, background: Background
) -> None:
    stored, documents, vectors = topics(dice, 40), texts(dice, 30, 25), unit(dice, 30)
    index = build(stored, background)
    before = pairs(index, documents, vectors)
    for number in range(20):
        index.remove(number)
    index.add(39, stored[0], bar=1.0)
    index.calibrate(background, per_day=None)
    expected = {(paper, key) for paper, key in before if key is not None and 20 <= key < 39}
    expected |= {(paper, 39) for paper, key in before if key == 0}
    assert pairs(index, documents, vectors) == expected
    assert len(index) == 20
    assert 0 not in index


def test_another_background_calibrates_every_topic_anew(dice: np.random.Generator, background: Background) -> None:
    stored, documents, vectors = topics(dice, 40), texts(dice, 30, 25), unit(dice, 30)
    other = Background(texts(dice, 80, 6), unit(dice, 80))
    index = build(stored, background)
    before = pairs(index, documents, vectors)
    index.calibrate(other, per_day=None)
    assert pairs(index, documents, vectors) == pairs(build(stored, other), documents, vectors) != before


def test_a_topic_without_a_known_word_matches_nothing(background: Background, dice: np.random.Generator) -> None:
    nothing = Topic({}, np.zeros(DIM, np.float32))
    assert pairs(build([nothing], background), texts(dice, 30, 25), unit(dice, 30)) == set()


def test_nothing_is_close_to_anything_before_there_is_a_stream() -> None:
    with pytest.raises(ValueError, match="stream"):
        TopicIndex[int](DIM).match([["w1"]], np.zeros((1, DIM), np.float32))


def test_a_topic_takes_less_than_the_520_bytes_that_it_may(dice: np.random.Generator) -> None:
    index: TopicIndex[int] = TopicIndex(256)
    vector = dice.standard_normal(256).astype(np.float32)
    for number in range(topic_block.SIZE):
        index.add(number, Topic(dict.fromkeys(WORDS[:8], 1.0), vector), bar=DEFAULT_BAR)
    assert index.nbytes / len(index) < 520
