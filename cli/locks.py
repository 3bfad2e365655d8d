"""Locks on files (flock): they end with the last process that holds them, however that ends."""

from __future__ import annotations

import fcntl
import os
import stat
from pathlib import Path

from papers.errors import StoreUnavailable, StoreUnsafe

ALONE = fcntl.LOCK_EX | fcntl.LOCK_NB
TOGETHER = fcntl.LOCK_SH
"""Waits while somebody has the file alone."""


def locked(path: Path, how: int) -> int | None:
    """A file descriptor that holds a lock on the file, or None if somebody else's lock is in the way.

    Raises StoreUnavailable where the file cannot be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        advice = f"have {path.parent} belong to who runs this (chown -R), or set PAPERBOY_DATA to a directory of yours"
        raise StoreUnavailable(f"{path} cannot be written: {error.strerror}", advice=advice) from error
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def left_alone(descriptor: int) -> bool:
    """Whether a lock that is held together could be turned into one that is held alone."""
    try:
        fcntl.flock(descriptor, ALONE)
    except BlockingIOError:
        return False
    return True


def make_ours(folder: Path) -> None:
    """Make a folder; StoreUnsafe for one that others can write to: they could put a server of theirs there."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        status = folder.lstat()
    except OSError as error:
        advice = "set PAPERBOY_DATA to a directory that you may write to"
        raise StoreUnavailable(f"{folder} cannot be made: {error.strerror}", advice=advice) from error
    if status.st_uid != os.getuid():
        advice = "have it belong to who runs this (chown -R), or set another PAPERBOY_DATA"
        raise StoreUnsafe(f"{folder} belongs to another user", advice=advice)
    if not stat.S_ISDIR(status.st_mode) or status.st_mode & 0o022:
        raise StoreUnsafe(f"{folder} is not ours alone", advice=f"chmod 700 {folder}, or set another PAPERBOY_DATA")
