"""Directories for what a test's process keeps on disk."""

from __future__ import annotations

import atexit
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp


def scratch() -> Path:
    """A new directory, in memory where that is possible, that is removed when this process ends."""
    memory = Path("/dev/shm")  # noqa: S108 - a directory of its own is made there
    folder = Path(mkdtemp(prefix="paperboy-", dir=memory if memory.is_dir() else None))
    atexit.register(rmtree, folder, ignore_errors=True)
    return folder
