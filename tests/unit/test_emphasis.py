"""Which words of a text are emphasised."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.emphasis import MOST, held, marks, parts
from papers.model import Paper
from papers.query import analyse, explain, parse
from papers.summary import found_card, snippet
from papers.text import fold, spans

ODD = st.sampled_from([*"aéßﬁがかｶﾞ\u3099각각\u0301\u200d\u200b\u00ad深কা্²①İ¼Å", " ", "-", "A", "1", "\ud800"])
TEXTS = st.text() | st.lists(ODD).map("".join)
QUERIES = st.lists(st.sampled_from(["diffusion", "flow matching", "quant*", "深度", "title:graph", "author:lee", "é"]))


def marked(text: str, *words: str) -> str:
    """The text with brackets around what is emphasised."""
    return "".join(f"[{part}]" if is_strong else part for part, is_strong in parts(text, words))


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Diffusing images by diffusion.", ["diffusion"], "[Diffusing] images by [diffusion]."),
        ("Flow-matching, and flow of matching.", ["flow matching"], "[Flow-matching], and flow of matching."),
        ("Matching flows flow.", ["flow", "matching"], "[Matching flows flow]."),
        ("Quantised and quantum caches", ["quant*"], "[Quantised] and [quantum] caches"),
        ("re-searching the research", ["search"], "re-[searching] the research"),
        ("Naïve Bayes, NAIVE", ["naive"], "[Naïve] Bayes, [NAIVE]"),
        ("nai\u0308ve", ["naive"], "[nai\u0308ve]"),
        ("我们研究深度学习。", ["深度"], "我们研究[深度]学习。"),
        ("שלום עולם", ["עולם"], "שלום [עולם]"),
        ("a dif\u00adfusion b", ["diffusion"], "a [dif\u00adfusion] b"),
        ("C++ and C", ["C"], "[C]++ and [C]"),
        ("Graphs by Lee", ["title:graph", "author:lee"], "[Graphs] by Lee"),
        ("nothing here", [], "nothing here"),
        ("", ["x"], ""),
    ],
)
def test_words_are_emphasised_in_any_inflection_and_phrases_as_a_whole(text: str, words: list[str], shown: str) -> None:
    assert marked(text, *words) == shown


@given(TEXTS)
def test_spans_are_the_tokens_in_their_places(text: str) -> None:
    found = spans(text)
    assert [token for token, _, _ in found] == fold(text)
    places = [place for _, begin, end in found for place in (begin, end)]
    assert all(begin < end for _, begin, end in found)
    assert [begin for _, begin, _ in found] == sorted(begin for _, begin, _ in found)
    assert all(0 <= place <= len(text) for place in places)


@given(TEXTS, QUERIES)
def test_the_parts_are_the_text_and_neighbours_differ(text: str, words: list[str]) -> None:
    found = parts(text, words)
    assert "".join(part for part, _ in found) == text
    assert all(part for part, _ in found)
    assert all(one[1] != other[1] for one, other in pairwise(found))
    assert sum(is_strong for _, is_strong in found) <= MOST


@given(st.lists(st.sampled_from(["diffusion", "flow", "matching", "of", "graphs", "quantum"]), min_size=1))
def test_a_word_that_a_query_hit_is_emphasised_and_no_other(words: list[str]) -> None:
    paper = Paper("1", "T", " ".join(words))
    for query in ("diffuse", '"flow matching"', "quant*", "graph OR flow", "title:flow"):
        hit = explain(parse(query), analyse(paper)).hit
        assert bool(marks(paper.abstract, hit)) == bool(hit)
        assert held(paper.abstract, hit) == set(hit)


ABSTRACT = (
    "We present a method. It reads long documents with attention. "
    "Latency falls by half on mobile phones. Quantisation of caches makes latency fall further."
)


def test_a_search_hit_shows_the_sentences_that_hold_its_words() -> None:
    paper = Paper("1", "T", ABSTRACT, generated=("It reads long documents.", "some-model"))
    assert found_card(paper, ["documents"]).summary == "It reads long documents."
    assert found_card(paper, ["documents"]).by == "some-model"
    found = found_card(paper, ["quantised", "phones"])
    assert found.summary == "Latency falls by half on mobile phones. Quantisation of caches makes latency fall further."
    assert found.by == ""
    assert found_card(paper, []).summary == "It reads long documents."
    assert found_card(paper, ["title:t"]).summary == "It reads long documents."


def test_a_snippet_of_a_long_sentence_begins_shortly_before_its_word() -> None:
    paper = Paper("1", "T", "Many words " * 60 + "lead to quantisation " + "and on " * 60)
    shown = snippet(paper, ["quantise"], 240)
    assert shown.startswith("…")
    assert "quantisation" in shown
    assert len(shown) <= 240
    assert shown.endswith("…")


@given(TEXTS, QUERIES, st.integers(30, 240))
def test_a_snippet_keeps_to_its_limit(text: str, words: list[str], limit: int) -> None:
    assert len(snippet(Paper("1", "T", text), words, limit)) <= limit
