"""Rows: what may be true or false of a paper, numbered.

A row is a word, a phrase, a prefix (see `keywords_lexicon`) or something made of other rows by NOT, AND and OR (see
`keywords_circuit`). A batch of papers is a bit a paper in each row, so that one machine operation serves 64 of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint64]
"""Shape (rows, words): bit d % 64 of entry [r, d // 64] is set if row r is true of paper d of the batch."""

Flags = npt.NDArray[np.bool_]

Numbers = npt.NDArray[np.int32]
"""Row, expression or paper numbers."""

NEVER = 0
"""The row that no paper has: words that no query asks for."""

ALWAYS = 1
"""The row that every paper has: what NOT takes away from."""


class Rows:
    """What is known of each row besides its bits, appended as rows are made.

    Attributes:
        share: an estimate of the share of papers that have the row.
        level: 0 for leaves; a gate's is one more than that of its highest operand.
    """

    def __init__(self) -> None:
        self.share = array("f", [0.0, 1.0])
        self.level = bytearray([0, 0])

    def __len__(self) -> int:
        return len(self.share)

    def new(self, share: float, *, level: int = 0) -> int:
        """A new row's number."""
        self.share.append(share)
        self.level.append(level)
        return len(self.share) - 1


class Table:
    """Lines of row numbers, all of the same width, and the number that each line makes; kept in growing columns."""

    def __init__(self, width: int) -> None:
        self._columns = [array("i") for _ in range(width)]
        self._makes = array("i")
        self._cleared: list[int] = []

    def append(self, rows: Sequence[int], makes: int) -> int:
        """Add a line; the place it got."""
        if self._cleared:
            line = self._cleared.pop()
        else:
            line = len(self._makes)
            for numbers in (*self._columns, self._makes):
                numbers.append(NEVER)
        for numbers, row in zip(self._columns, rows, strict=True):
            numbers[line] = row
        self._makes[line] = makes
        return line

    def clear(self, line: int) -> None:
        """Make `line` one that never holds, and free for another."""
        self._columns[0][line] = NEVER
        self._cleared.append(line)

    def columns(self) -> list[Numbers]:
        """Views of the columns; drop them before the table grows again."""
        return [np.frombuffer(numbers, np.int32) for numbers in self._columns]

    def makes(self) -> Numbers:
        """A view, as above."""
        return np.frombuffer(self._makes, np.int32)


def some(bits: Bits) -> Flags:
    """Which rows are true of any paper; shape (rows,)."""
    union = bits[:, 0]
    for word in range(1, bits.shape[1]):  # many times as fast as a reduction along so short an axis
        union = union | bits[:, word]
    return np.not_equal(union, 0)
