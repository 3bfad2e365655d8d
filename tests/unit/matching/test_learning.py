"""What votes make of a topic: it comes nearer to what was liked, and never turns away from its own text."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.lesson import Learned, Lesson, Word, topic_mark
from papers.matching.bm25 import BM25
from papers.matching.learning import (
    BOUNDS,
    DISLIKED_WORDS,
    LESSON_WORDS,
    LIKED_WORDS,
    learned,
    moved,
    telling_words,
)
from papers.matching.topics import Topic
from papers.text import fold, stem
from tests.builders import lesson

Vector = npt.NDArray[np.float32]
DIM = 16
TEXT = "efficient inference of language models"


def unit(*parts: float) -> Vector:
    vector = np.zeros(DIM, np.float32)
    vector[: len(parts)] = parts
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector


TOPIC = Topic.of(TEXT, unit(1.0))
LIKED = lesson("1", up=1, words={"quantiz": Word(0.8, "quantization"), "cach": Word(0.6, "cache")})
DISLIKED = lesson("2", down=1, words={"survey": Word(1.0, "survey")})


def cosine(one: Vector, other: Vector) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


def test_a_topic_comes_nearer_to_what_was_liked_and_leaves_what_was_not() -> None:
    after = moved(TOPIC, [(LIKED, unit(0.0, 1.0)), (DISLIKED, unit(0.0, 0.0, 1.0))])
    assert cosine(after.vector, unit(0.0, 1.0)) > 0.1
    assert cosine(after.vector, unit(0.0, 0.0, 1.0)) < 0
    assert after.terms["quantiz"] > after.terms["cach"] > 0 > after.terms["survey"]
    assert np.linalg.norm(after.vector) == pytest.approx(1.0, abs=0.01)


def test_without_votes_or_with_even_ones_a_topic_is_as_it_was_typed() -> None:
    assert moved(TOPIC, []) is TOPIC
    assert moved(TOPIC, [(replace(LIKED, down=1), unit(0.0, 1.0))]) is TOPIC


def test_one_vote_moves_a_topic_less_than_three_that_agree() -> None:
    towards = unit(0.5, 1.0)
    one = moved(TOPIC, [(LIKED, towards)])
    three = moved(TOPIC, [(replace(LIKED, paper=str(number)), towards) for number in range(3)])
    assert cosine(TOPIC.vector, towards) < cosine(one.vector, towards) < cosine(three.vector, towards)
    assert 0 < one.terms["quantiz"] < three.terms["quantiz"]


def test_how_many_liked_a_paper_does_not_move_a_topic_further() -> None:
    towards = unit(0.5, 1.0)
    crowd = moved(TOPIC, [(replace(LIKED, up=9, down=2), towards)])
    assert dict(crowd.terms) == dict(moved(TOPIC, [(LIKED, towards)]).terms)


def test_a_paper_whose_vector_is_not_known_teaches_by_its_words_alone() -> None:
    after = moved(TOPIC, [(LIKED, None)])
    assert np.array_equal(after.vector, TOPIC.vector)
    assert after.terms["quantiz"] > 0


def test_the_topics_own_words_gain_by_votes_and_never_lose() -> None:
    said = {"infer": Word(1.0, "inference")}
    assert moved(TOPIC, [(replace(LIKED, words=said), None)]).terms["infer"] > TOPIC.terms["infer"]
    assert moved(TOPIC, [(replace(DISLIKED, words=said), None)]).terms["infer"] == TOPIC.terms["infer"]


def test_a_topic_without_a_known_word_learns_words_and_no_meaning() -> None:
    mute = Topic.of("zzz", unit())
    after = moved(mute, [(LIKED, unit(1.0))])
    assert not after.vector.any()
    assert after.terms["quantiz"] > 0


def vectors() -> st.SearchStrategy[Vector]:
    parts = st.lists(st.integers(-9, 9), min_size=DIM, max_size=DIM)
    return parts.map(lambda each: unit(*each))


def lessons() -> st.SearchStrategy[tuple[Lesson, Vector | None]]:
    terms = st.sampled_from([*stem(fold(TEXT)), *(f"w{number}" for number in range(60))])
    words = st.dictionaries(terms, st.floats(0.01, 1).map(lambda weight: Word(weight, "word")), max_size=LESSON_WORDS)
    counts = st.integers(0, 3)
    made = st.builds(lambda words, up, down: replace(LIKED, words=words, up=up, down=down), words, counts, counts)
    return st.tuples(made, st.none() | vectors())


@given(vectors().filter(np.any), st.lists(lessons(), max_size=12))
@settings(max_examples=200)
def test_whoever_votes_a_topic_never_turns_away_from_its_own_text(own: Vector, taught: list) -> None:  # type: ignore[type-arg] # pairs, as above
    topic = Topic.of(TEXT, own)
    after = moved(topic, taught)
    assert cosine(after.vector, topic.vector) >= BOUNDS.cosine - 0.01  # steps are rounded
    assert all(after.terms[term] >= weight for term, weight in topic.terms.items())
    changed = {term: weight - topic.terms.get(term, 0) for term, weight in after.terms.items()}
    assert sum(map(abs, changed.values())) <= BOUNDS.share * sum(topic.terms.values()) + 1e-6
    assert sum(weight > 0 for weight in changed.values()) <= LIKED_WORDS
    assert sum(weight < 0 for weight in changed.values()) <= DISLIKED_WORDS


CROWD = BM25([stem(fold(f"we show the results of paper {'kernels' if n % 2 else 'robots'}")) for n in range(40)]).like


def test_the_telling_words_of_a_paper_are_those_that_few_others_have_as_it_spells_them() -> None:
    said = "We show GPTQ, the quantization of LLMs. Quantization, quantized: results of LLMs, and one more!"
    found = telling_words(said, CROWD)
    assert {term: word.shown for term, word in found.items()} == {
        "quantiz": "quantization",
        "llms": "LLMs",
        "gptq": "GPTQ",
        "and": "and",
        "one": "one",
        "more": "more",
    }
    assert found["quantiz"].weight > found["llms"].weight > found["gptq"].weight
    assert sum(word.weight**2 for word in found.values()) == pytest.approx(1.0, abs=0.01)


def test_a_paper_has_few_telling_words_and_none_in_a_stream_too_small_to_tell() -> None:
    long = " ".join(f"word{number}" for number in range(100))
    assert len(telling_words(long, CROWD)) == LESSON_WORDS
    assert telling_words(long, BM25([stem(fold(long))] * 3).like) == {}
    assert telling_words("…!", CROWD) == telling_words("", CROWD) == {}


def test_what_was_learned_is_told_in_the_papers_words_without_the_topics_own() -> None:
    own = replace(LIKED, paper="3", up=2, words={"infer": Word(1.0, "inference"), "cach": Word(0.1, "caches")})
    assert learned(TEXT, [LIKED, DISLIKED, own]) == Learned(4, ("quantization", "caches"), ("survey",))
    assert learned(TEXT, []) is learned(TEXT, [replace(LIKED, down=1)]) is None


def test_a_rewritten_topic_is_another_one() -> None:
    assert topic_mark(3, "robots") == topic_mark(3, "robots")
    assert len({topic_mark(3, "robots"), topic_mark(4, "robots"), topic_mark(3, "robot arms")}) == 3


def test_bare_numbers_teach_nothing_not_even_those_of_lessons_that_were_kept() -> None:
    assert list(telling_words("10,000 GPUs of 2026", CROWD)) == ["gpus"]
    kept = lesson("3", down=1, words={"000": Word(0.9, "000"), "gpt4": Word(0.1, "GPT4")})
    assert learned(TEXT, [kept]) == Learned(1, (), ("GPT4",))
