"""Columns on disk: a file each, one item a row, that only grow at their end.

They are read through a map, so that the system may forget what nobody asks for. They are written by plain writes: on a
full disk those fail with an error, where writing through a map would end the process. Nothing is synced: what a crash
of the machine leaves half written does not have the right checksum, and the index is built anew.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from papers.search.damage import Damaged

PART = 1 << 24
"""Bytes that are checked at a time."""

Kind = TypeVar("Kind", bound=np.generic)


class Make(Protocol):
    """Makes the column of that name."""

    def __call__(self, name: str, kind: np.dtype[Kind], width: int, /) -> Column[Kind]:
        """Of items of `width` values each."""


class Column(Generic[Kind]):
    """Items of one type, each of `width` values. One writer; what was read stays readable beside it.

    Attributes:
        path: its file.
        size: items.
    """

    def __init__(self, path: Path, kind: np.dtype[Kind], width: int = 1) -> None:
        self.path = path
        self.size = 0
        self._kind = kind
        self._width = width
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._check = 0
        self._view: npt.NDArray[Kind] | None = None

    @property
    def check(self) -> int:
        """A checksum of what was appended."""
        return self._check

    @property
    def _item(self) -> int:
        return self._kind.itemsize * self._width

    def cut(self, size: int, check: int | None) -> None:
        """Let it have its first `size` items. Raises Damaged if they are not there, or have another checksum."""
        if os.fstat(self._file).st_size < size * self._item:
            raise Damaged(f"{self.path.name} is shorter than it should be")
        os.ftruncate(self._file, size * self._item)
        self.size, self._view = size, None
        if check is not None:
            for start in range(0, size * self._item, PART):
                self._check = zlib.crc32(os.pread(self._file, PART, start), self._check)
            if self._check != check:
                raise Damaged(f"{self.path.name} is not what was written")

    def append(self, items: npt.NDArray[Any]) -> None:
        """Add items at the end. Raises OSError, nothing being added then."""
        data = np.ascontiguousarray(items, self._kind).tobytes()
        _write(self._file, data, self.size * self._item)
        self._check = zlib.crc32(data, self._check)
        self.size += len(data) // self._item
        self._view = None

    def put(self, row: int, item: Any) -> None:
        """Change one item, in a column whose checksum nobody asks for. Raises OSError."""
        _write(self._file, np.asarray(item, self._kind).tobytes(), row * self._item)

    def read(self) -> npt.NDArray[Kind]:
        """All items, of shape (size,), or (size, width) where that is not 1. Later ones are not in it."""
        if self._view is None:
            self._view = self._mapped()
        return self._view

    def _mapped(self) -> npt.NDArray[Kind]:
        shape = (self.size,) if self._width == 1 else (self.size, self._width)
        if not self.size:  # there is no map of nothing
            return np.empty(shape, self._kind)
        with self.path.open("rb") as file:
            return np.asarray(np.memmap(file, self._kind, "r", 0, shape))

    def close(self) -> None:
        """Close the file; what was read stays readable."""
        os.close(self._file)


def _write(file: int, data: bytes, place: int) -> None:
    left = memoryview(data)
    while left:
        written = os.pwrite(file, left, place)
        left, place = left[written:], place + written
