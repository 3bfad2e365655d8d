"""A directory of its own for each process that searches: `search/0`, `search/1` and so on beside the other data.

The first that nobody holds is taken, with what it has. A lock on a file in it (flock) ends with its process, however
that ends; two processes never share one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from papers.search.damage import Unwritable

MOST = 64
"""Processes that search on one machine."""

LOCK = "lock"


@contextmanager
def left_free(folder: Path) -> Iterator[bool]:
    """Whether no process holds that directory; none can take it meanwhile. Raises OSError."""
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _is_locked(lock)
    finally:
        os.close(lock)


class Place:
    """A directory that this process holds until `close`."""

    def __init__(self, home: Path) -> None:
        """Take the first free directory. Raises Unwritable."""
        try:
            self.folder, self._lock = _taken(home)
        except OSError as error:
            raise Unwritable(f"{home}: {error.strerror}") from error

    def clear(self) -> None:
        """Remove what lies in it, but the lock. Raises Unwritable."""
        try:
            for path in self.folder.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
                elif path.name != LOCK:
                    path.unlink()
        except OSError as error:
            raise Unwritable(f"{self.folder}: {error.strerror}") from error

    def close(self) -> None:
        """Let it be somebody else's."""
        os.close(self._lock)


def _taken(home: Path) -> tuple[Path, int]:
    for number in range(MOST):
        folder = home / f"{number}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        if _is_locked(lock):
            return folder, lock
        os.close(lock)
    raise Unwritable(f"{MOST} processes search here already")


def _is_locked(lock: int) -> bool:
    """Lock it for this process; False if another one has it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
