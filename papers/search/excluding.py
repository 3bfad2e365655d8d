"""QUERYs that hold for most papers, since all they do is to exclude some: what they exclude is asked for instead."""

from __future__ import annotations

from papers.query import And, Expr, Not, Or


def excludes(expr: Expr) -> bool:
    """Whether `expr` holds for whatever has none of some words: `-survey`, `-a -b`, `a OR -b`."""
    match expr:
        case Not(operand):
            return not excludes(operand)
        case And(operands):
            return all(map(excludes, operands))
        case Or(operands):
            return any(map(excludes, operands))
        case _:
            return False


def negated(expr: Expr) -> Expr:
    """What holds where `expr` does not, by De Morgan: the negation of one that excludes does not exclude."""
    match expr:
        case Not(operand):
            return operand
        case And(operands):
            return Or(tuple(map(negated, operands)))
        case Or(operands):
            return And(tuple(map(negated, operands)))
        case _:
            return Not(expr)
