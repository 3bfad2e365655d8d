"""What `paperboy doctor` says of the processes that run, on whichever machine: do they agree, and is anybody missing.

And of what they share: clocks, room on the disk, feeds that fail.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.checked import Checked
from papers.redaction import shown_url
from papers.settings import Settings
from papers.stores.presence import Presence
from papers.stores.sources import SourceState
from papers.text import shorten
from papers.wording.numbers import count

SKEW: Final = 5.0
"""Seconds by which clocks may differ: what is due would be posted as much too early or too late."""

ROOM: Final = 0.1
"""Part of the data disk that should be free: the server rewrites its file beside the old one."""

GIGABYTE: Final = 10**9

NAMED: Final = 5
"""Feeds that are named; of more, how many there are."""


def roles(running: Sequence[Presence], settings: Settings) -> Iterator[Checked]:
    """What runs, what is missing beside it, and whether all were started with the same settings."""
    if not running:
        yield Checked("note", "nothing runs at present", "`paperboy up` runs all that is set up")
        return
    for one in running:
        shard = f", shard {one.shard} of {one.shards}" if one.role == "worker match" else ""
        yield Checked("good", f"{one.role} runs on {one.host} (pid {one.pid}){shard}, version {one.version}")
    yield from _missing(running, settings)
    yield from _agreed("PAPERBOY_SHARDS", {one.shards for one in running} | {settings.paperboy_shards})
    yield from _agreed("EMBEDDING_MODEL", {one.model for one in running} | {settings.embedding_model})
    versions = sorted({one.version for one in running})
    if len(versions) > 1:
        mend = "old and new may overlap while you upgrade, for minutes; then restart what is old"
        yield Checked("warning", f"roles of several versions run: {', '.join(versions)}", mend)


def _missing(running: Sequence[Presence], settings: Settings) -> Iterator[Checked]:
    if not any(one.role == "worker fetch" for one in running):
        yield Checked("warning", "no worker fetches: no source is polled", "start `paperboy worker fetch`")
    wanted = set(range(1, settings.paperboy_shards + 1))
    for shard in sorted(wanted - {one.shard for one in running if one.role == "worker match"}):
        option = f" --shard {shard}" if shard > 1 else ""
        what = f"nobody matches shard {shard} of {len(wanted)}" if len(wanted) > 1 else "no worker matches"
        yield Checked("warning", f"{what}: its channels get nothing", f"start `paperboy worker match{option}`")


def _agreed(setting: str, values: Iterable[object]) -> Iterator[Checked]:
    found = sorted(map(str, values))
    if len(found) > 1:
        mend = f"give every role the same {setting}, and restart those that have another"
        yield Checked("bad", f"roles disagree about {setting}: {' and '.join(found)}", mend)


def clocks(ours: datetime, servers: datetime) -> Iterator[Checked]:
    """Whether this machine and the server's agree about the time."""
    apart = (ours - servers).total_seconds()
    if abs(apart) > SKEW:
        way = "ahead of" if apart > 0 else "behind"
        what = f"this machine's clock is {abs(apart):,.0f} s {way} the server's"
        yield Checked("warning", what, "have both set by NTP: posts come as much too early or too late")
    else:
        yield Checked("good", "this machine's clock and the server's agree")


def disk(data: Path, reserve: int) -> Iterator[Checked]:
    """Whether there is room beside the data; below `reserve` bytes an embedded server refuses to write."""
    beside = next(folder for folder in (data, *data.parents) if folder.exists())
    usage = shutil.disk_usage(beside)
    free = f"{_size(usage.free)} of {_size(usage.total)} are free at {data}"
    if usage.free < reserve:
        yield Checked("bad", f"{free}: writes are refused", f"make room for {reserve >> 20} MB; nothing is lost")
    elif usage.free < ROOM * usage.total:
        yield Checked("warning", free, "make room: when it is nearly full, writes are refused")
    else:
        yield Checked("good", free)


def _size(amount: int) -> str:
    return f"{amount / 1e9:,.1f} GB" if amount >= GIGABYTE else f"{amount / 1e6:,.0f} MB"


def feeds(states: Sequence[SourceState]) -> Iterator[Checked]:
    """Those that fail, and those that were given up."""
    paused = [one for one in states if one.paused]
    failing = [one for one in states if one.failing_at is not None and not one.paused]
    if failing:
        what = f"{count(len(failing), 'source')} of {len(states):,} fail at present: {_named(failing)}"
        yield Checked("warning", what, "they are tried again, less and less often; `paperboy stats` says why")
    if paused:
        what = f"{count(len(paused), 'feed')} given up: {_named(paused)}"
        yield Checked("warning", what, "`/papers repair N` in a channel that subscribed tries one again")
    if states and not failing and not paused:
        yield Checked("good", f"no source of {len(states):,} fails")


def _named(states: Sequence[SourceState]) -> str:
    """Host and fingerprint, as logs have them: what is printed here may be sent to somebody."""
    names = [shorten(shown_url(one.name), 80) for one in states[:NAMED]]
    return ", ".join(names) + (f" and {len(states) - NAMED:,} more" if len(states) > NAMED else "")
