"""`paperboy backup` and `paperboy restore`: what users said, in a file that outlives any server."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import track

from cli.context import opened, place
from cli.logs import set_up_logs
from cli.screen import Screen
from papers.errors import BackupError
from papers.settings import Settings
from papers.stores import backup_file
from papers.stores.backup import Backup
from papers.wiring import clock
from papers.wording.numbers import count

SHOWN = 10
"""Conflicts that are named; of more than that, how many there are."""

HEADER = 10_000
"""Bytes of a file's first line that are looked at; a backup's has some two hundred."""

Thing = TypeVar("Thing")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to write it; - is standard output.")],
) -> None:
    """Keep subscriptions, schedules and seen-marks in a file, while everything runs on. No papers, no tokens.

    Example: paperboy backup paperboy.jsonl
    """
    settings, console = _prepared(), Screen(stderr=True)
    with opened(settings) as server, written(file) as out:
        kept = Backup(server)
        counts = backup_file.write(_watched(kept.read(), kept.count(), console), out, clock())
        where = place(settings, server)
        if backup_file.is_nothing(counts) and _is_worth_more(file):
            raise BackupError(
                f"{where} holds nothing yet, and {file} does: it is left as it is",
                advice="set PAPERBOY_DATA, or REDIS_URL, to what you want kept, or name another FILE",
            )
    if backup_file.is_nothing(counts):
        _say(console, f"! {where} holds nothing yet: the backup has nothing in it; is that the right place?")
        return
    whose = f"{count(counts['subscriptions'], 'subscription')} of {count(counts['channels'], 'channel')}"
    marks = count(counts["seen"], "mark")
    _say(console, f"kept {whose} and {marks} of papers that they were brought, as they are in {where}")


def restore(file: Annotated[str, typer.Argument(metavar="FILE", help="A backup; - is standard input.")]) -> None:
    """Put a backup back, beside what there is by now. Nothing is overwritten; a cut or foreign file changes nothing.

    Example: paperboy restore paperboy.jsonl
    """
    settings, console = _prepared(), Screen(stderr=True)
    with opened(settings) as server, readable(file) as lines:
        kept = Backup(server)
        everything = [kept.conflicts(one) for one in backup_file.read(lines)]  # to its end, before anything is written
        _refuse([conflict for found in everything for conflict in found])
        lines.seek(0)
        restored = [kept.restore(one, clock()) for one in _watched(backup_file.read(lines), len(everything), console)]
        where = place(settings, server)
    subscriptions = count(sum(one.subscriptions for one in restored), "subscription")
    schedules = count(sum(one.scheduled for one in restored), "schedule")
    marks = count(sum(one.seen for one in restored), "mark")
    _say(
        console, f"restored {subscriptions}, {schedules} and {marks} into {where}; what was there already is as it was"
    )


def _prepared() -> Settings:
    settings = Settings.load()
    set_up_logs(settings, level="error")
    return settings


def _say(console: Console, line: str) -> None:
    """One line, however long its path is."""
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _is_worth_more(file: str) -> bool:
    """Whether there is such a file, and more in it than in a backup of nothing."""
    if file == "-" or not Path(file).exists():
        return False
    with Path(file).open("rb") as there:
        first = there.readline(HEADER)
    return first != b"" and not backup_file.begins_empty(first)


def _watched(things: Iterable[Thing], total: int, console: Console) -> Iterable[Thing]:
    """The same, with a bar if somebody looks."""
    return track(things, "", total, console=console, transient=True, disable=not console.is_terminal)


def _refuse(conflicts: list[str]) -> None:
    if conflicts:
        more = f" and {len(conflicts) - SHOWN:,} more" if len(conflicts) > SHOWN else ""
        raise BackupError(
            f"the server has other subscriptions where the backup has its own: {', '.join(conflicts[:SHOWN])}{more}",
            advice="nothing was changed; restore into an empty server, or unsubscribe those first",
        )


@contextmanager
def written(file: str) -> Iterator[IO[bytes]]:
    """A file to write, which is there whole, for its owner alone, or not at all. Raises BackupError."""
    try:
        if file == "-":
            with open(sys.stdout.fileno(), "wb", closefd=False) as out:
                yield out
            return
        target = Path(file).resolve()
        if target.exists() and not target.is_file():
            raise BackupError(f"cannot write {file}: it is not a file", advice="name a file, or - for standard output")
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}-", delete=False) as out:
            try:
                yield out
                out.flush()
                os.fsync(out.fileno())
                Path(out.name).replace(target)
            except BaseException:
                with suppress(OSError):
                    Path(out.name).unlink()
                raise
    except OSError as error:
        raise BackupError(f"cannot write {file}: {error.strerror}", advice="nothing was written") from error


@contextmanager
def readable(file: str) -> Iterator[IO[bytes]]:
    """A file that can be read twice, which a pipe cannot. Raises BackupError."""
    try:
        with open(sys.stdin.fileno() if file == "-" else file, "rb", closefd=file != "-") as given:
            if given.seekable():
                yield given
                return
            with tempfile.TemporaryFile() as whole:
                shutil.copyfileobj(given, whole)
                whole.seek(0)
                yield whole
    except OSError as error:
        raise BackupError(f"cannot read {file}: {error.strerror}") from error
