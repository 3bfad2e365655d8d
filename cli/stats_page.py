"""`paperboy stats` for people: what was counted, in sections, and what to do where something waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from papers.redaction import fingerprint
from papers.wording.numbers import count

STATES: Final[Mapping[str, str]] = {
    "sent": "",
    "pending": "wait for their time, or for their turn",
    "sending": "are on their way",
    "unknown": "may be out; each is looked for before it is posted again",
    "parked": "may be out, and nobody can say: `/papers log` in their channels, `/papers resend ID` posts one again",
    "dead": "were refused for good; `/papers log` in their channels says why, and nothing is to be done",
}
"""What a delivery's state means for whoever reads it, most usual first."""

Line = tuple[str, str]
"""Its mark, and what it says."""


def show(counted: Mapping[str, Any], console: Console, now: datetime) -> None:
    """Print it; `now` is what "ago" is said by."""
    sections = {
        "Papers": _papers(counted),
        "Sources": (_source(one, now) for one in counted["sources"]),
        "Channels": _channels(counted),
        "Deliveries": _deliveries(counted["deliveries"], counted["held_up"]),
        "Queues": _queues(counted["queues"]),
        "Running": _running(counted["running"], now),
    }
    for number, (title, lines) in enumerate(sections.items()):
        if number:
            console.print()
        console.print(Text(title, "bold"))
        for mark, said in lines:
            style = {"!": "yellow", "✗": "red"}.get(mark, "dim")
            console.print(Text.assemble((f"  {mark or ' '} ", style), said), soft_wrap=True)


def _papers(counted: Mapping[str, Any]) -> Iterator[Line]:
    yield "", f"{count(counted['papers'], 'paper')}; archive: {_extent(counted['archive'])}"
    for backfilled in counted["archive"]["backfilled"]:
        yield ("!" if backfilled["missing"] else ""), f"backfilled from {_filled(backfilled)}"
    yield "", f"embedded: {_embedded(counted['embedded'])}"


def _extent(archive: Mapping[str, Any]) -> str:
    if archive["first"] is None:
        return "empty"
    days = count(archive["days"], "day")
    return f"{archive['first']} to {archive['last']}, {days} with papers"


def _filled(backfilled: Mapping[str, Any]) -> str:
    """How much of one source's past is there."""
    reach = "{source}: {first} to {last}".format(**backfilled)
    if not (missing := backfilled["missing"]):
        return f"{reach}, no day missing"
    told = "{days_missing:,} of {days:,} days missing".format(**backfilled)
    return f"{reach}, {told}: `paperboy backfill --since {missing[0]['first']}`"


def _embedded(coverage: Mapping[str, Any]) -> str:
    if not coverage["model"]:
        return "no worker ran yet"
    whole = coverage["mark"] is not None
    return f"{'all' if whole else '{done:,} of {total:,}'.format(**coverage)} with {coverage['model']}"


def _source(source: Mapping[str, Any], now: datetime) -> Line:
    """A source, by its address, and by its fingerprint in logs."""
    name = source["name"]
    known = f"{name} (…~{fingerprint(name)} in logs)" if "://" in name else name
    polled = f"polled {ago(source['polled_at'], now)}" if source["polled_at"] else "never polled"
    newest = f", newest day {source['day']}" if source["day"] else ""
    if source["paused"]:
        return (
            "✗",
            f"{known}: given up after {source['error']}; `/papers repair N` where it is subscribed tries it again",
        )
    following = f"next {ago(source['next'], now)}" if source["next"] else "no next poll"
    if source["failures"]:
        times = count(source["failures"], "time")
        return "!", f"{known}: fails, {times} in a row: {source['error']}; {polled}, {following}"
    return "", f"{known}: {polled}{newest}; {following}"


def _channels(counted: Mapping[str, Any]) -> Iterator[Line]:
    channels, subscriptions = count(counted["channels"], "channel"), count(counted["subscriptions"], "subscription")
    nothing = (
        "nobody subscribed to anything yet; `paperboy say '/papers subscribe WORDS'` does so in a terminal channel"
    )
    yield "", f"{channels} with {subscriptions}" if counted["subscriptions"] else nothing
    waiting = counted["waiting"]
    if waiting:
        verb = "waits" if waiting == 1 else "wait"
        yield "", f"{count(waiting, 'paper')} {verb} for the next post of a channel"


def _deliveries(states: Mapping[str, int], held: Mapping[str, int]) -> Iterator[Line]:
    """Of each channel's last 200, and why some did not go out when they were due."""
    for state, meaning in STATES.items():
        if states.get(state):
            mark = "!" if state in {"parked", "dead"} else ""
            yield mark, f"{states[state]:,} {state}" + (f": they {meaning}" if meaning else "")
    for reason, times in held.items():
        yield "!", f"{times:,} held up: {reason}"
    if not states:
        yield "", "none yet"


def _queues(queues: Mapping[str, int]) -> Iterator[Line]:
    waiting = {name: jobs for name, jobs in queues.items() if jobs}
    for name, jobs in waiting.items():
        yield "", f"{count(jobs, 'job')} in {name}"
    if not waiting:
        yield "", "no job waits"


def _running(running: list[Mapping[str, Any]], now: datetime) -> Iterator[Line]:
    for one in running:
        shard = f", shard {one['shard']} of {one['shards']}" if one["role"] == "worker match" else ""
        yield "", f"{one['role']} on {one['host']} (pid {one['pid']}){shard}, since {ago(one['since'], now)}"
    if not running:
        yield "", "nothing; `paperboy up` runs all that is set up"


def ago(when: datetime, now: datetime) -> str:
    """`12 minutes ago`, `in 3 hours`, `just now`; the day itself where it is more than two days off."""
    apart = when - now
    seconds = abs(apart.total_seconds())
    if seconds < 60:  # noqa: PLR2004 - a minute
        return "just now" if apart <= timedelta(0) else "in a moment"
    if seconds >= 2 * 86_400:
        return f"{when:%Y-%m-%d %H:%M} UTC"
    figure, unit = (seconds // 3600, "hour") if seconds >= 2 * 3600 else (seconds // 60, "minute")
    said = count(int(figure), unit)
    return f"in {said}" if apart > timedelta(0) else f"{said} ago"
