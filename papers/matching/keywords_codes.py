"""A growing map from 64-bit codes to small numbers, for tables of a million entries.

A dict spends about 130 bytes on such an entry; this spends 12: two sorted columns, and a dict for the newest few.
Entries are never removed or changed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_RECENT = 4096
_ABSENT = -1


class CodeMap:
    """Codes (signed 64-bit) to numbers (0 … 2³¹-1)."""

    def __init__(self) -> None:
        self._codes: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._numbers: npt.NDArray[np.int32] = np.empty(0, np.int32)
        self._recent: dict[int, int] = {}

    def get(self, code: int) -> int:
        """The number of `code`, -1 if it has none."""
        number = self._recent.get(code)
        if number is not None:
            return number
        place = int(self._codes.searchsorted(code))
        if place < len(self._codes) and self._codes[place] == code:
            return int(self._numbers[place])
        return _ABSENT

    def put(self, code: int, number: int) -> None:
        """Add a code that is not there yet."""
        self._recent[code] = number
        if len(self._recent) > _RECENT + len(self._codes) // 8:  # so that merging costs O(log n) an entry
            self._merge()

    def get_many(self, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """The number of each code, -1 where it has none."""
        self._merge()
        if not len(self._codes):
            return np.full(len(codes), _ABSENT, np.int32)
        places = self._codes.searchsorted(codes)
        np.minimum(places, len(self._codes) - 1, out=places)
        return np.where(self._codes.take(places) == codes, self._numbers.take(places), np.int32(_ABSENT))

    def _merge(self) -> None:
        if not self._recent:
            return
        codes = np.fromiter(self._recent.keys(), np.int64, len(self._recent))
        numbers = np.fromiter(self._recent.values(), np.int32, len(self._recent))
        order = codes.argsort()
        places = self._codes.searchsorted(codes[order])
        self._codes = np.insert(self._codes, places, codes[order])
        self._numbers = np.insert(self._numbers, places, numbers[order])
        self._recent.clear()
