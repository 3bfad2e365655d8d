"""What lies in the directories of the archive's index, for whoever checks an installation. Mends nothing.

A directory that no process holds is opened as a search would open it: every file is compared with its checksum. One
that is held is as its process says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from papers.search import about
from papers.search.damage import Damaged, Unwritable
from papers.search.index import LONGEST_ID, Index
from papers.search.place import left_free


@dataclass(frozen=True, slots=True)
class Copy:
    """One process's index: its papers, its bytes on disk, whether a process holds it, and what is wrong with it."""

    folder: Path
    papers: int
    size: int
    held: bool
    trouble: str = ""


def copies(home: Path, maker: about.Maker) -> Iterator[Copy]:
    """Every index below `home` that anything was written to. Raises OSError."""
    for folder in sorted(home.iterdir()) if home.is_dir() else ():
        if (folder / about.NAME).exists():
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            with left_free(folder) as free:
                papers, trouble = _looked_at(folder, maker) if free else (_named(folder, maker), "")
            yield Copy(folder, papers, size, not free, trouble)


def _looked_at(folder: Path, maker: about.Maker) -> tuple[int, str]:
    try:
        index = Index(folder, maker, reserve=0)
    except (Damaged, Unwritable) as trouble:
        return 0, str(trouble)
    papers = len(index)
    index.close()
    return papers, ""


def _named(folder: Path, maker: about.Maker) -> int:
    """The papers of an index that is in use."""
    try:
        known = about.load(folder, maker)
    except Damaged:  # of another model or version: its process will see
        known = None
    rows = known.rows if known else 0
    return len(np.unique(np.fromfile(folder / "ids", f"S{LONGEST_ID}", rows)))
