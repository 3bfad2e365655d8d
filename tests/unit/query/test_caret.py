"""How a fault is shown: `papers.query.explain_error`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.errors import QueryError
from papers.query import explain_error, parse


def _shown(query: str) -> list[str]:
    with pytest.raises(QueryError) as caught:
        parse(query)
    return explain_error(caught.value).split("\n")


def test_the_reason_the_place_and_the_suggestion_are_lines() -> None:
    assert _shown("graph titel:x") == [
        "there is no field titel:",
        "graph titel:x",
        "      ^",
        "Did you mean: graph title:x",
    ]


def test_wide_characters_take_two_columns_before_the_caret() -> None:
    assert _shown("扩散 OR")[2] == "     ^"


def test_control_characters_do_not_break_the_lines() -> None:
    assert _shown("a\nb\x1b OR")[1:3] == ["a b  OR", "     ^"]


def test_of_a_long_query_the_place_is_shown() -> None:
    line, caret = _shown("word " * 25 + ") " + "word " * 60)[1:3]
    assert line[caret.index("^")] == ")"
    assert len(line) <= 74


def test_an_empty_query_has_no_place() -> None:
    assert _shown(" ") == ["the query is empty"]


@given(st.text(min_size=1, max_size=300), st.data())
def test_the_caret_stands_under_the_fault(query: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(query)))
    lines = explain_error(QueryError("no", query=query, position=position)).split("\n")
    assert len(lines) == (3 if query.strip() else 1)
