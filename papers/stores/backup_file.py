"""A backup's lines: what is kept of channels and feeds, as JSON, and the checks that a file passes before it is used.

    {"paperboy":"backup","version":1,"at":"2026-11-20T06:00:00Z","counts":{"channels":1,"feeds":1,"seen":1,…}}
    {"feed":"https://lab.example/feed.xml","arrived":["x0123456789abcde"]}
    {"channel":{…},"subscriptions":[…],"last":3,"seen":{"2603.00001":"2026-11-19T08:00:00Z"}}
    {"paperboy":"end","lines":4}

Feeds come before the channels that subscribe to them. The last line counts all lines, itself among them, so that a file
that was cut is noticed. Nothing here knows Redis: see `papers.stores.backup`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cache
from typing import IO, Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AwareDatetime, Field, NonNegativeInt, ValidationError

from papers.errors import BackupError, PaperboyError
from papers.lesson import Lesson
from papers.model import Channel, Destination, Schedule, Subscription
from papers.preferences import checked, chosen
from papers.query import parse
from papers.stores import codec
from papers.urls import canonical_url

VERSION = 1
"""Raised whenever an older Paperboy would misunderstand the file."""

SUNDAY = 6


@dataclass(frozen=True, slots=True)
class KeptFeed:
    """Ids of the papers that have arrived in a feed and wait nowhere: they are not news again after a restore."""

    feed: str
    arrived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptChannel:
    """What is kept of a channel.

    Attributes:
        last: the highest number that a subscription of it ever had.
        suspended: why nothing is posted to it, or None.
        seen: ids of the papers that it was brought, and when.
        trended: `number:day` of the trending subscriptions that were served.
        feedback: its users' 👍 (1) and 👎 (-1): paper -> user -> vote.
        lessons: what these teach its topics.
    """

    channel: Channel
    subscriptions: tuple[Subscription, ...] = ()
    last: NonNegativeInt = 0
    suspended: str | None = None
    seen: Mapping[str, AwareDatetime] = field(default_factory=dict)
    trended: tuple[Annotated[str, Field(pattern=r"^\d+:\d{4}-\d\d-\d\d$")], ...] = ()
    feedback: Mapping[str, Mapping[str, Literal[1, -1]]] = field(default_factory=dict)
    lessons: tuple[Lesson, ...] = ()


Kept = KeptFeed | KeptChannel


@dataclass(frozen=True, slots=True)
class Header:
    """The first line."""

    paperboy: Literal["backup"]
    version: int
    at: AwareDatetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Footer:
    """The last line."""

    paperboy: Literal["end"]
    lines: int


def write(kept: Iterable[Kept], out: IO[bytes], now: datetime) -> Mapping[str, int]:
    """Write a backup; returns its counts. They stand in the first line, so `kept` is read to its end before that."""
    counts = Counter(feeds=0, channels=0, subscriptions=0, seen=0)
    with tempfile.TemporaryFile() as body:
        lines = 2
        for one in kept:
            body.write(_line(one))
            counts.update(_counted(one))
            lines += 1
        out.write(_line(Header("backup", VERSION, now, dict(counts))))
        body.seek(0)
        shutil.copyfileobj(body, out)
        out.write(_line(Footer("end", lines)))
    return counts


def is_nothing(counts: Mapping[str, int]) -> bool:
    """Whether a backup of these counts has nothing in it."""
    return not any(counts.values())


def begins_empty(line: bytes) -> bool:
    """Whether this is the first line of a backup that has nothing in it."""
    try:
        return is_nothing(_header(line).counts)
    except ValueError:  # no backup of ours
        return False


def read(lines: Iterable[bytes]) -> Iterator[Kept]:
    """What a backup holds, in its order. Raises BackupError with the line's number; only the end proves it whole."""
    number, ended = 0, False
    known: set[str] = set()
    for number, line in enumerate(lines, start=1):
        with _named(number):
            if ended:
                raise ValueError("the backup had ended before")
            one = _parsed(line, is_first=number == 1)
            if isinstance(one, Footer) and one.lines != number:
                raise ValueError(f"the backup had {one.lines} lines, and some are not there")
            if isinstance(one, KeptFeed | KeptChannel):
                _refuse_twice(one, known)
        ended = isinstance(one, Footer)
        if isinstance(one, KeptFeed | KeptChannel):
            yield one
    if not ended:
        raise BackupError(f"line {number + 1}: the file ends before the backup does", advice="it was cut; use another")


def _line(one: Kept | Header | Footer) -> bytes:
    return codec.dump(one).encode() + b"\n"


def _counted(one: Kept) -> dict[str, int]:
    if isinstance(one, KeptFeed):
        return {"feeds": 1}
    return {"channels": 1, "subscriptions": len(one.subscriptions), "seen": len(one.seen)}


@contextmanager
def _named(number: int) -> Iterator[None]:
    """Whatever is wrong is told with the number of its line."""
    try:
        yield
    except ValidationError as error:
        raise BackupError(f"line {number}: {_first_fault(error)}") from error
    except (ValueError, PaperboyError) as error:
        raise BackupError(f"line {number}: {error}") from error


def _first_fault(error: ValidationError) -> str:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return "not JSON; it was cut or changed"
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _parsed(line: bytes, *, is_first: bool) -> Kept | Header | Footer:
    if is_first:
        return _header(line)
    if line.startswith(b'{"feed"'):
        feed = codec.load(KeptFeed, line)
        _check_feed(feed.feed)
        return feed
    if line.startswith(b'{"paperboy"'):
        return codec.load(Footer, line)
    channel = codec.load(KeptChannel, line)
    _check_channel(channel)
    return channel


def _header(line: bytes) -> Header:
    if not line.startswith(b'{"paperboy"'):
        raise ValueError("this is no backup of Paperboy's")
    if line.startswith(b'{"paperboy":"workspace"'):
        raise ValueError("this is a workspace's export, no backup; `paperboy backup` writes what can be restored")
    header = codec.load(Header, line)
    if header.version != VERSION:
        raise ValueError(f"the backup is of version {header.version}; this Paperboy reads version {VERSION}")
    return header


def _refuse_twice(one: Kept, known: set[str]) -> None:
    name = one.feed if isinstance(one, KeptFeed) else str(one.channel.destination)
    if name in known:
        raise ValueError(f"{name} stands in the backup twice")
    known.add(name)


def _check_channel(kept: KeptChannel) -> None:
    where = kept.channel.destination
    if Destination.parse(str(where)) != where:
        raise ValueError(f"{where} is not a channel's name")
    _check_schedule(kept.channel.schedule)
    checked(chosen(kept.channel.preferences))
    numbers = {one.number for one in kept.subscriptions}
    if len(numbers) < len(kept.subscriptions):
        raise ValueError(f"{where} has two subscriptions of one number")
    for one in kept.subscriptions:
        try:
            _check_subscription(one, where)
        except (ValueError, PaperboyError) as error:
            raise ValueError(f"subscription {one.number} of {where}: {error}") from error


def _check_schedule(schedule: Schedule) -> None:
    time.fromisoformat(schedule.at)
    if schedule.zone not in _zones():
        raise ValueError(f"this machine knows no time zone {schedule.zone}")
    if not 0 <= schedule.weekday <= SUNDAY:
        raise ValueError(f"a week has no day {schedule.weekday}")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _check_subscription(one: Subscription, where: Destination) -> None:
    if one.number < 1 or one.destination != where or one.id != f"{where}#{one.number}":
        raise ValueError("its number, id and channel do not agree")
    want = one.want
    if (want.query, want.topic, want.trending, want.feed) == (None, None, None, None):
        raise ValueError("it asks for nothing")
    if want.query is not None:
        parse(want.query)
    if want.trending is not None and want.trending < 1:
        raise ValueError(f"there is no top {want.trending}")
    if want.feed is not None:
        _check_feed(want.feed)


def _check_feed(url: str) -> None:
    if canonical_url(url) != url:
        raise ValueError(f"{url} is not spelt as Paperboy spells URLs")
