"""Stored QUERYs as one Boolean circuit, evaluated for a batch of papers at a time.

Every query is an AND of rows. Where an operand is itself an OR, a NOT or an AND within those, it becomes a gate with a
row of its own, shared by all queries that have it; so nothing is multiplied out and no query needs a cap of its own.
One machine operation settles a gate or a query for 64 papers.

The AND is anchored at its rarest row. Only queries whose anchor some paper of the batch has are looked at; a query
without a row that a paper could lead to (`-survey`) is anchored at ALWAYS.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np

from papers.matching.keywords_codes import CodeMap
from papers.matching.keywords_rows import ALWAYS, NEVER, Bits, Numbers, Rows, column, some
from papers.query import And, Expr, Leaf, Not, Or

IMPOSSIBLE = 0
"""The number of the expression that no paper matches."""

_Operator = Literal["not", "and", "or"]
_GateKey = tuple[_Operator, tuple[int, ...]]


class _Table:
    """Rows' numbers in columns of the same width, and what each line of them makes."""

    def __init__(self, width: int) -> None:
        self.columns = [array("i") for _ in range(width)]
        self.makes = array("i")

    def append(self, operands: tuple[int, ...], makes: int) -> int:
        for numbers, operand in zip(self.columns, operands, strict=True):
            numbers.append(operand)
        self.makes.append(makes)
        return len(self.makes) - 1

    def line(self, index: int) -> tuple[int, ...]:
        return tuple(numbers[index] for numbers in self.columns)


class Circuit:
    """Gates over `rows`; `leaf_row` gives the row of a leaf."""

    def __init__(self, rows: Rows, leaf_row: Callable[[Leaf], int]) -> None:
        self._rows = rows
        self._leaf_row = leaf_row
        self._gates: dict[_GateKey, int] = {}
        self._layers: dict[tuple[int, _Operator, int], _Table] = {}
        self._known = CodeMap()  # hash of an expression's rows -> its number
        self._ands: dict[int, _Table] = {}
        self._lines = array("i")
        self._widths = bytearray()
        self._store((NEVER,))  # is IMPOSSIBLE

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, expr: Expr) -> int:
        """The number of `expr`; the same for all that mean the same AND of the same rows."""
        operands = expr.operands if isinstance(expr, And) else (expr,)
        rows = self._anchored({self._row(operand) for operand in operands})
        code = hash(rows)
        number = self._known.get(code)
        if number >= 0 and self._operands(number) == rows:
            return number
        new = self._store(rows)
        if number < 0:  # else two expressions have one hash, and this one is not shared
            self._known.put(code, new)
        return new

    def _store(self, rows: tuple[int, ...]) -> int:
        number = len(self._lines)
        table = self._ands.setdefault(len(rows), _Table(len(rows)))
        self._lines.append(table.append(rows, number))
        self._widths.append(len(rows))
        return number

    def _operands(self, number: int) -> tuple[int, ...]:
        return self._ands[self._widths[number]].line(self._lines[number])

    def _anchored(self, rows: set[int]) -> tuple[int, ...]:
        """`rows` in order, but the anchor first."""
        share, idle = self._rows.share, self._rows.idle
        anchor = min((row for row in rows if not idle[row]), key=lambda row: (share[row], row), default=ALWAYS)
        return (anchor, *sorted(rows - {anchor}))

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
        key = (operator, tuple(sorted(operands)))
        row = self._gates.get(key)
        if row is None:
            level = 1 + max(self._rows.level[operand] for operand in operands)
            row = self._gates[key] = self._new_row(operator, operands, level)
            table = self._layers.setdefault((level, operator, len(operands)), _Table(len(operands)))
            table.append(key[1], row)
        return row

    def _new_row(self, operator: _Operator, operands: set[int], level: int) -> int:
        shares = [self._rows.share[row] for row in operands]
        idles = [bool(self._rows.idle[row]) for row in operands]
        match operator:
            case "not":
                return self._rows.new(1 - shares[0], idle=not idles[0], level=level)
            case "and":
                return self._rows.new(min(shares), idle=all(idles), level=level)
            case "or":
                return self._rows.new(min(1.0, sum(shares)), idle=any(idles), level=level)

    def settle(self, bits: Bits) -> None:
        """Fill in the gates' bits; those of the leaves and of ALWAYS are there."""
        for (_, operator, _), table in sorted(self._layers.items(), key=lambda layer: layer[0]):
            first, *others = map(column, table.columns)
            settled = bits.take(first, axis=0)
            for numbers in others:
                combine = np.bitwise_and if operator == "and" else np.bitwise_or
                combine(settled, bits.take(numbers, axis=0), out=settled)
            if operator == "not":
                settled = ~settled & bits[ALWAYS]
            bits[column(table.makes)] = settled

    def hold(self, bits: Bits) -> Iterator[tuple[Numbers, Bits]]:
        """Expressions that hold for some paper, each once, and for which papers."""
        live = some(bits)
        for table in self._ands.values():
            anchor, *others = map(column, table.columns)
            lines = np.flatnonzero(live.take(anchor))
            held = bits.take(anchor.take(lines), axis=0)
            for numbers in others:
                held &= bits.take(numbers.take(lines), axis=0)
            hits = np.flatnonzero(some(held))
            yield column(table.makes).take(lines.take(hits)), held.take(hits, axis=0)
