from __future__ import annotations

from hypothesis import given

from papers.model import Paper
from papers.query import Expr, analyse, matches
from papers.search.excluding import excludes, negated
from tests.unit.query.strategies import exprs, papers

NOTHING = analyse(Paper(id="", title=""))


@given(exprs(12), papers())
def test_a_negation_holds_where_the_query_does_not(expr: Expr, paper: Paper) -> None:
    assert matches(negated(expr), analyse(paper)) is not matches(expr, analyse(paper))


@given(exprs(12))
def test_what_excludes_is_what_holds_for_a_paper_without_words(expr: Expr) -> None:
    assert excludes(expr) is matches(expr, NOTHING)


@given(exprs(12))
def test_the_negation_of_what_excludes_does_not_exclude(expr: Expr) -> None:
    assert excludes(negated(expr)) is not excludes(expr)
