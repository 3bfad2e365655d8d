"""Directories for what a test's process keeps on disk, and another user to look at them."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

NOBODY = 65534
"""The user of that name."""


def scratch() -> Path:
    """A new directory, in memory where that is possible, that is removed when this process ends."""
    memory = Path("/dev/shm")  # noqa: S108 - a directory of its own is made there
    folder = Path(mkdtemp(prefix="paperboy-", dir=memory if memory.is_dir() else None))
    atexit.register(rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def unprivileged() -> Iterator[None]:
    """As a user without root's rights, so that permissions hold; whoever runs tests without them stays who they are."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)
