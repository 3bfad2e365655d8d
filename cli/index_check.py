"""What `paperboy doctor` says of the archive's index: whether it is there, whole, up to date, and whose it is.

Each process that searches has one of its own, in a numbered directory below PAPERBOY_DATA/search.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bot.checked import Checked
from papers.search.about import Maker
from papers.search.checkup import Copy, copies
from papers.search.index import RESERVE

_MEGABYTE = 1_000_000

ELSEWHERE = "set PAPERBOY_DATA to a directory that you may write"


def examine(home: Path, maker: Maker, archive: int, *, reserve: int = RESERVE) -> Iterator[Checked]:
    """Findings on the indexes below `home`, of an archive of so many papers."""
    beside = next(folder for folder in (home, *home.parents) if os.path.exists(folder))  # noqa: PTH110 - no errors
    below = beside.rglob("*") if beside == home else ()
    if (shut := next((path for path in (beside, *below) if _is_shut(path) or not beside.is_dir()), None)) is not None:
        mend = (
            f"have {beside} belong to whoever runs Paperboy (chown -R), or {ELSEWHERE}; searches miss papers until then"
        )
        yield Checked("bad", f"search index: {shut} cannot be read and written", mend)
        return
    if shutil.disk_usage(beside).free < reserve:
        mend = f"free {reserve >> 20} MB beside {home}, or {ELSEWHERE}; until then new papers are not found"
        yield Checked("warning", "search index: the disk is nearly full", mend)
    try:
        found = [_copy(one, archive) for one in copies(home, maker)]
    except OSError as error:
        yield Checked("bad", f"search index: {error.filename}: {error.strerror}", ELSEWHERE)
        return
    yield from found or [Checked("note", f"search index: none yet in {home}; the first search builds it")]


def _is_shut(path: Path) -> bool:
    """Whether this user may not change what is there."""
    need = os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)
    return not os.access(path, need, effective_ids=os.access in os.supports_effective_ids)


def _copy(one: Copy, archive: int) -> Checked:
    if one.trouble:
        mend = f"the next search builds it anew from the archive; to have it now, delete {one.folder}"
        return Checked("warning", f"search index {one.folder}: {one.trouble}", mend)
    used = ", in use by a process that runs" if one.held else ""
    said = f"search index {one.folder}: {one.papers:,} of {archive:,} papers, {_megabytes(one.size)}{used}"
    return Checked("good", said) if one.papers >= archive else Checked("note", f"{said}; the next search adds the rest")


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:,.0f} MB" if size >= _MEGABYTE else "less than 1 MB"
