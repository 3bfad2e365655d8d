"""`paperboy poll`: the pipeline's stages, one after the other in this process, until nothing is due.

Safe beside running workers: the same leases and scripts hold, so whoever is first does the work.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rich.console import Console
from rich.table import Table

from papers.errors import SourceError, SourceForbidden, UsageError
from papers.sources.huggingface import HuggingFace
from workers.fetch import Poll
from workers.wiring import Workshop

PATIENCE = 60.0
"""Seconds to wait for a worker that polls the same source just now."""

OURS = "it is tried again by itself, and nothing is lost; `paperboy doctor` looks at sources and settings"
"""What to do about a source of the operator's own that failed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a poll came to; `posted` is None where nothing was to be."""

    polls: tuple[Poll, ...]
    matched: int
    planned: int
    posted: int | None

    @property
    def failed(self) -> bool:
        """Whether any source failed."""
        return any(poll.error for poll in self.polls)


def poll_all(workshop: Workshop, drain: Callable[[], int] | None, source: str | None, day: date | None) -> Outcome:
    """Poll one source, or all; then match, plan, revise and, by `drain`, post: where that is None, nothing is sent.

    Raises UsageError for a source that is none.
    """
    if day is not None and source not in {None, HuggingFace.name}:
        raise UsageError("--date is for huggingface only: feeds have no past", advice="leave --date out")
    if day is not None:
        polls: tuple[Poll, ...] = (_day(workshop, day),)
    else:
        polls = tuple(_poll(workshop, name) for name in _names(workshop, source))
    matched, planned, posted = 0, 0, 0
    while True:
        put = workshop.match().put
        messages = workshop.plan()
        workshop.revise()
        sent = drain() if drain else 0
        matched, planned, posted = matched + put, planned + messages, posted + sent
        if not (put or messages or sent):
            return Outcome(polls, matched, planned, posted if drain else None)


def _names(workshop: Workshop, source: str | None) -> list[str]:
    known = list(dict.fromkeys([*workshop.core.sources.configured, *workshop.core.stores.channels.feeds()]))
    if source is None:
        return known
    try:
        name = source if source == HuggingFace.name else workshop.core.sources.canonical(source)
    except SourceForbidden:
        name = source
    if name not in known:
        raise UsageError(f"{source} is not a source here", advice=f"the sources are {', '.join(known)}")
    return [name]


def _poll(workshop: Workshop, name: str) -> Poll:
    deadline = time.monotonic() + PATIENCE
    while (done := workshop.fetch(name)).busy and time.monotonic() < deadline:
        time.sleep(0.2)
    return done


def _day(workshop: Workshop, day: date) -> Poll:
    try:
        return workshop.fetch_day(day)
    except SourceError as error:
        return Poll(HuggingFace.name, day, error=str(error), advice=error.advice)


def report(outcome: Outcome, console: Console) -> None:
    """Print what came of it."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("source", "day", "new", "known", "skipped", ""):
        table.add_column(heading, justify="right" if heading in {"new", "known", "skipped"} else "left")
    for poll in outcome.polls:
        figures = [str(figure) for figure in (poll.new, poll.known, len(poll.skipped))]
        table.add_row(poll.source, f"{poll.day or ''}", *figures, _became(poll))
    console.print(table)
    for poll in outcome.polls:
        if poll.error:
            console.print(f"✗ {poll.source}: {poll.error}", style="red", markup=False, highlight=False, soft_wrap=True)
            console.print(f"  {poll.advice or OURS}", markup=False, highlight=False, soft_wrap=True)
        for entry in poll.skipped:
            console.print(f"  skipped {entry.where}: {entry.reason}", markup=False, highlight=False)
    posted = "none posted (--no-post)" if outcome.posted is None else f"{outcome.posted} posted by this command"
    console.print(f"{outcome.matched} matched, {outcome.planned} messages planned, {posted}")


def _became(poll: Poll) -> str:
    if poll.error:
        return "failed"
    return "unchanged" if poll.unchanged else "polled by a worker just now" if poll.busy else ""
