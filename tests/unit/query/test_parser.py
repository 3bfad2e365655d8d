"""What parses, to what, and what is said of the rest: `papers.query.parse`."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.errors import QueryError
from papers.query import And, Expr, Field, Not, Or, Phrase, Prefix, Word, parse
from papers.query.parser import MAX_DEPTH, MAX_LENGTH, MAX_TERMS


def _word(term: str, field: Field = "text") -> Word:
    return Word(field, term, "")


def _phrase(words: str, field: Field = "text") -> Phrase:
    return Phrase(field, tuple(words.split()), "")


_A, _B, _C = _word("a"), _word("b"), _word("c")


@pytest.mark.parametrize(
    ("query", "expr"),
    [
        ("Models", _word("model")),
        ("a b", And((_A, _B))),
        ("a AND b", And((_A, _B))),
        ("a OR b c", Or((_A, And((_B, _C))))),
        ("(a OR b) c", And((Or((_A, _B)), _C))),
        ("a (b c)", And((_A, _B, _C))),
        ("a -b", And((_A, Not(_B)))),
        ("a NOT b", And((_A, Not(_B)))),
        ("-(a OR b)", Not(Or((_A, _B)))),
        ('-"a b"', Not(_phrase("a b"))),
        ("NOT NOT a", Not(Not(_A))),
        ("and or not", And((_word("and"), _word("or"), _word("not")))),
        ("text-to-image", _phrase("text to imag")),
        ("GPT-4", _phrase("gpt 4")),
        ('"survey"', _word("survey")),
        ("diffu*", Prefix("text", "diffu", "")),
        ("Écl*", Prefix("text", "ecl", "")),
        ("title:a", _word("a", "title")),
        ("TITLE:a", _word("a", "title")),
        ("title:(a OR b) c", And((Or((_word("a", "title"), _word("b", "title"))), _C))),
        ('author:"Yann LeCun"', _phrase("yann lecun", "author")),
        ("author:models", _word("models", "author")),
        ("title:OR", _word("or", "title")),
        ("source:https://x.org", _phrase("https x org", "source")),
        ("cat:cs.CL", _word("cs.cl", "cat")),
        ('cat:"Machine  Learning"', _word("machine learning", "cat")),
        ("cat:cs.*", Prefix("cat", "cs.", "")),
        ("-title:a", Not(_word("a", "title"))),
        ("“a b” –c", And((_phrase("a b"), Not(_C)))),  # noqa: RUF001 - as typed on a phone
        ("（a OR b） title：c", And((Or((_A, _B)), _word("c", "title")))),  # noqa: RUF001 - as above
        ("扩散", _phrase("扩 散")),
        (":smile:", _word("smile")),
        ("a(b)c", And((_A, _B, _C))),
    ],
)
def test_a_query_parses_to_its_meaning(query: str, expr: Expr) -> None:
    assert parse(query) == expr


def test_leaves_keep_what_was_typed() -> None:
    assert parse("Text-to-Image").text == "Text-to-Image"  # type: ignore[union-attr] # a phrase
    assert parse("Diffu*").text == "Diffu*"  # type: ignore[union-attr] # a prefix


@pytest.mark.parametrize(
    ("query", "position", "suggestion"),
    [
        ("", 0, None),
        ("  ", 0, None),
        ("(a", 0, "(a)"),
        ("a (", 2, "a"),
        ("a)", 1, "a"),
        (")", 0, None),
        ("()", 0, None),
        ("a ()", 2, "a"),
        ('a "b', 2, 'a "b"'),
        ('a "', 2, "a"),
        ('a ""', 2, "a"),
        ("a OR", 2, "a"),
        ("OR a", 0, "a"),
        ("a AND OR b", 2, "a OR b"),
        ("a OR AND b", 2, "a AND b"),
        ("a NOT", 2, "a"),
        ("(a OR) b", 3, "(a ) b"),
        ("a -", 2, "a"),
        ("a - b", 2, "a -b"),
        ("-", 0, None),
        ("a *", 2, "a"),
        ("*", 0, None),
        ("a*", 0, "a"),
        ("*ab", 0, "ab"),
        ("diff*ion", 4, "diff*"),
        ("ab-cd*", 0, "ab-cd"),
        ("title:", 0, None),
        ("title: a", 6, "title:a"),
        ("title:) a", 0, "a"),
        ("title:-a", 6, "-title:a"),
        ("title:(author:a)", 7, "title:(a)"),
        ("a titel:b", 2, "a title:b"),
        ("ti:b", 0, "title:b"),
        ("au:b", 0, "author:b"),
        ("http://a.b", 0, '"http://a.b"'),
        ("foo:bar", 0, '"foo:bar"'),
        ("a && b", 2, "a AND b"),
        ("a || b", 2, "a OR b"),
        ("a & ", 2, "a"),
        ('titel:(a OR "b', 0, 'title:(a OR "b")'),
        ("x" * (MAX_LENGTH + 1), MAX_LENGTH, None),
        ("ab " * (MAX_TERMS + 1), 3 * MAX_TERMS, None),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), MAX_DEPTH, None),
        ("-" * (MAX_DEPTH + 1) + "a", MAX_DEPTH, None),
    ],
)
def test_a_fault_has_its_place_and_the_nearest_query_that_parses(
    query: str, position: int, suggestion: str | None
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert (caught.value.position, caught.value.suggestion) == (position, suggestion)
    assert caught.value.query == query


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        ("🦜", "write words"),
        ("?!.", "write words"),
        ('""', "write words"),
        ("*", "`quanti*`"),
        ("AND", "`diffusion AND protein`"),
        ("OR", "`mamba OR transformer`"),
        ("AND OR", "`diffusion AND protein`"),
        ("NOT", "`diffusion NOT survey`"),
        ("-", "`diffusion -survey`"),
    ],
)
def test_what_has_nothing_to_look_for_is_told_what_to_change(query: str, advice: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert advice in caught.value.advice


@pytest.mark.parametrize("keyword", ["AND", "OR", "NOT"])
def test_in_quotes_a_keyword_is_a_word_as_its_advice_says(keyword: str) -> None:
    assert parse(f'"{keyword}"') == _word(keyword.lower())


@pytest.mark.parametrize(
    "query",
    ["x" * MAX_LENGTH, "ab " * MAX_TERMS, "(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH, "-" * MAX_DEPTH + "a"],
)
def test_the_caps_themselves_are_allowed(query: str) -> None:
    parse(query)


_pieces = st.sampled_from(
    [
        "a",
        "ab",
        "AND",
        "OR",
        "NOT",
        "(",
        ")",
        "-",
        '"',
        "*",
        ":",
        "title:",
        "cat:",
        "titel:",
        " ",
        "  ",
        "&&",
        "扩",
        "“",
        "…",
    ]
)


@given(st.one_of(st.text(max_size=600), st.lists(_pieces, max_size=60).map("".join)))
def test_whatever_is_typed_either_parses_or_is_explained(query: str) -> None:
    try:
        parse(query)
    except QueryError as error:
        assert 0 <= error.position <= len(query)  # noqa: PT017 - it need not be raised
        if error.suggestion is not None:
            parse(error.suggestion)


@pytest.mark.parametrize("piece", ["(", "-", '"', "NOT ", "a ", "title:", "a*", ")", "\u0301", "扩"])
def test_very_long_queries_are_refused_at_once(piece: str) -> None:
    began = time.process_time()
    with pytest.raises(QueryError):
        parse(piece * 100_000)
    assert time.process_time() - began < 0.1
