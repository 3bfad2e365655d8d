"""The parts of stored QUERYs as one Boolean circuit, evaluated for a batch of papers at a time.

Every query is an AND of rows. Where an operand is itself a NOT, an OR or an AND within those, it becomes a gate with a
row of its own, shared by all queries that have it; so nothing is multiplied out, and no query is too nested to index.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from papers.matching.keywords_rows import ALWAYS, Bits, Rows, Table
from papers.query import And, Expr, Leaf, Not, Or

_Operator = Literal["not", "and", "or"]


class Circuit:
    """Gates over `rows`; `leaf_row` gives the row of a leaf."""

    def __init__(self, rows: Rows, leaf_row: Callable[[Leaf], int]) -> None:
        self._rows = rows
        self._leaf_row = leaf_row
        self._gates: dict[_Operator, dict[tuple[int, ...], int]] = {"not": {}, "and": {}, "or": {}}
        self._layers: dict[tuple[int, _Operator, int], Table] = {}

    def operands(self, expr: Expr) -> tuple[int, ...]:
        """The rows whose AND is `expr`, the anchor first: the rarest. A paper without it need not be looked at."""
        conjuncts = expr.operands if isinstance(expr, And) else (expr,)
        rows = set(map(self._row, conjuncts))
        anchor = min(rows, key=self._rows.share.__getitem__)
        return (anchor, *(rows - {anchor}))

    def _row(self, expr: Expr) -> int:
        match expr:
            case Not(Not(operand)):
                return self._row(operand)
            case Not(operand):
                return self._gate("not", {self._row(operand)})
            case And(operands):
                return self._gate("and", set(map(self._row, operands)))
            case Or(operands):
                return self._gate("or", set(map(self._row, operands)))
            case _:
                return self._leaf_row(expr)

    def _gate(self, operator: _Operator, operands: set[int]) -> int:
        if operator != "not" and len(operands) == 1:
            return operands.pop()
        gates = self._gates[operator]
        inputs = tuple(sorted(operands))
        row = gates.get(inputs)
        if row is None:
            level = 1 + max(self._rows.level[operand] for operand in operands)
            row = gates[inputs] = self._new_row(operator, operands, level)
            self._layers.setdefault((level, operator, len(inputs)), Table(len(inputs))).append(inputs, row)
        return row

    def _new_row(self, operator: _Operator, operands: set[int], level: int) -> int:
        shares = [self._rows.share[row] for row in operands]
        match operator:
            case "not":
                return self._rows.new(1 - shares[0], level=level)
            case "and":
                return self._rows.new(min(shares), level=level)
            case "or":
                return self._rows.new(min(1.0, sum(shares)), level=level)

    def settle(self, bits: Bits) -> None:
        """Fill in the gates' bits, lower levels first; those of the leaves and of ALWAYS are there."""
        for (_, operator, _), table in sorted(self._layers.items(), key=lambda layer: layer[0]):
            first, *others = table.columns()
            settled = bits.take(first, axis=0)
            combine = np.bitwise_and if operator == "and" else np.bitwise_or
            for numbers in others:
                combine(settled, bits.take(numbers, axis=0), out=settled)
            if operator == "not":
                settled ^= bits[ALWAYS]
            bits[table.makes()] = settled
