"""What `subscribe` understands: words, meaning, the day's most upvoted, feeds, and what goes together."""

from __future__ import annotations

import pytest

from bot.wants import read_want
from papers.errors import QueryError, UsageError
from papers.model import Want


def want(text: str) -> Want:
    return read_want(text, lambda better: f"/papers subscribe {better}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("diffusion -survey", Want(query="diffusion -survey")),
        ("about: efficient LLM inference", Want(topic="efficient LLM inference")),
        ("ABOUT:robots ~3/day", Want(topic="robots", per_day=3.0)),
        ("about: robots ~0.5/day", Want(topic="robots", per_day=0.5)),
        ("about: ~7/week robots that walk", Want(topic="robots that walk", per_day=1.0)),
        ("diffusion ~2/day about: robots", Want(query="diffusion", topic="robots", per_day=2.0)),
        ('"what about: this"', Want(query='"what about: this"')),
        ('about: 19" displays ~3/day', Want(topic='19" displays', per_day=3.0)),
        ("about: models of ~70B", Want(topic="models of ~70B")),
        ("about: reasoning ~3", Want(topic="reasoning", per_day=3.0)),
        ("about: reasoning 3/day", Want(topic="reasoning", per_day=3.0)),
        ("about: reasoning ~2.5", Want(topic="reasoning", per_day=2.5)),
        ("about: reasoning 7/week", Want(topic="reasoning", per_day=1.0)),
        ("about: reasoning ~3 per day", Want(topic="reasoning", per_day=3.0)),
        ("about: reasoning ~7 a week", Want(topic="reasoning", per_day=1.0)),
        ("diffusion ~3 about: reasoning", Want(query="diffusion", topic="reasoning", per_day=3.0)),
        ("about: reasoning in ~3 steps", Want(topic="reasoning in ~3 steps")),
        ("about: vitamin D 3 per day", Want(topic="vitamin D 3 per day")),
        ("about: corpora of ~300", Want(topic="corpora of ~300")),
        ("about: ratios of 1/2", Want(topic="ratios of 1/2")),
        ("about: ~1/10 of the compute, see ~/data ~3/day", Want(topic="~1/10 of the compute, see ~/data", per_day=3.0)),
        ("about: 论文", Want(topic="论文")),
        ("trending", Want(trending=5)),
        ("Trending TOP:50", Want(trending=50)),
        ("trending models", Want(query="trending models")),
        ("trending about: robots", Want(query="trending", topic="robots")),
        ("https://lab.org/feed.xml", Want(feed="https://lab.org/feed.xml")),
        ("<http://lab.org/feed.xml> agents", Want(feed="http://lab.org/feed.xml", query="agents")),
        (
            "HTTPS://lab.org/f agents about: tools ~1/day",
            Want(feed="HTTPS://lab.org/f", query="agents", topic="tools", per_day=1.0),
        ),
    ],
)
def test_every_form_of_subscribe_is_understood(text: str, expected: Want) -> None:
    assert want(text) == expected


def test_a_topic_of_the_longest_length_is_taken() -> None:
    assert want(f"about: {'a' * 2_000}").topic == "a" * 2_000


def test_a_query_that_does_not_parse_tells_its_place_in_the_query_alone() -> None:
    with pytest.raises(QueryError) as caught:
        want("(diffusion about: robots ~3/day")
    error = caught.value
    assert error.query == "(diffusion"
    assert 0 <= error.position <= len(error.query)
    assert error.suggestion == "/papers subscribe (diffusion) about: robots ~3/day"


@pytest.mark.parametrize("topic", ["", "!!! ???", "\N{ROBOT FACE}\N{ROBOT FACE}", "…"])
def test_a_topic_without_a_letter_is_asked_for_words(topic: str) -> None:
    with pytest.raises(UsageError, match="a few words") as caught:
        want(f"about: {topic} ~3/day")
    assert "about: efficient LLM inference" in caught.value.advice


@pytest.mark.parametrize("prose", ["We draw molecules and graphs with little compute. " * 5, "molecules " * 33])
def test_an_abstract_that_was_taken_for_a_query_is_suggested_as_a_topic(prose: str) -> None:
    with pytest.raises(QueryError) as caught:
        want(prose.strip())
    assert caught.value.suggestion == f"/papers subscribe about: {prose.strip()}"
    assert want(caught.value.suggestion.removeprefix("/papers subscribe ")).topic == prose.strip()


@pytest.mark.parametrize(
    ("text", "message", "left"),
    [
        ("diffusion has:code", "has: narrows a search", "diffusion"),
        ("since:30d diffusion Before:2026-11-01", "since: narrows a search", "diffusion"),
        ("diffusion -has:code", "has: narrows a search", "diffusion"),
        ("diffusion sort:top", "sort: orders a search", "diffusion"),
        ("https://lab.org/f page:2 about: robots ~3/day", "page: turns", "https://lab.org/f about: robots ~3/day"),
    ],
)
def test_what_goes_with_a_search_is_left_out_of_the_line_suggested(text: str, message: str, left: str) -> None:
    with pytest.raises(UsageError, match=f"^{message}.*; a subscription does not take it$") as caught:
        want(text)
    assert caught.value.suggestion == f"/papers subscribe {left}"


@pytest.mark.parametrize("text", ["has:code", "diffusion has: code"])
def test_nothing_is_suggested_where_nothing_or_half_of_it_would_be_left(text: str) -> None:
    with pytest.raises(UsageError, match=r"^has: narrows a search") as caught:
        want(text)
    assert caught.value.suggestion is None


def test_what_looks_like_a_search_option_in_quotes_or_in_free_text_is_kept() -> None:
    assert want('"has:code"') == Want(query='"has:code"')
    assert want("about: what has:code means") == Want(topic="what has:code means")
