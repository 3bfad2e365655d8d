"""One spelling for queries that ask the same: `papers.query.canonical`."""

import pytest
from hypothesis import given

from papers.model import Paper
from papers.query import Expr, analyse, canonical, matches, parse
from tests.unit.query.strategies import exprs, papers


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a b", "B   A"),
        ("a OR b", "b OR a OR A"),
        ("a b a", "a AND b"),
        ("(a OR a) b", "a b"),
        ("((a b) OR (b a)) c", "c b a"),
        ("--a", "a"),
        ("NOT a", "-a"),
        ("text-to-image", '"Text to  IMAGE"'),
        ("title:(a b)", "title:b title:a"),
        ("Schrödinger", "schrodinger"),
        ("cat:CS.cl", "cat:cs.CL"),
        ('"a"', "a"),
        ("PyTorch™", "pytorchtm"),  # which is how every text with that sign reads
        ("x0㌍", '"x0 カ ロ リ ー"'),
    ],
)
def test_spacing_order_case_and_duplicates_do_not_matter(one: str, other: str) -> None:
    assert canonical(parse(one)) == canonical(parse(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a b", "a OR b"),
        ("-a", "a"),
        ("a", "title:a"),
        ("ab", "ab*"),
        ("a b", '"a b"'),
        ("cat:cs", "cat:cs.*"),
        ("-(a b)", "-a b"),
    ],
)
def test_different_questions_have_different_spellings(one: str, other: str) -> None:
    assert canonical(parse(one)) != canonical(parse(other))


def _reparsed(expr: Expr) -> Expr:
    spelt = canonical(expr)
    return parse(spelt, limit=len(spelt))


@given(exprs(32))
def test_the_spelling_parses_and_spells_itself(expr: Expr) -> None:
    assert canonical(_reparsed(expr)) == canonical(expr)


@given(exprs(), papers())
def test_the_spelling_means_the_same(expr: Expr, paper: Paper) -> None:
    document = analyse(paper)
    assert matches(_reparsed(expr), document) == matches(expr, document)
