"""What a backfill shows while it runs and says at its end: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from papers.errors import SourceError
from papers.wording.numbers import count
from workers.backfill import Missed, Stored
from workers.past import Span

EVERY = 30
"""Days between two lines where there is no terminal."""

NAMED = 10
"""Missing days that are named; of more than that, how many there are."""

TICK = 1.0
"""Seconds between two figures of a countdown."""


@dataclass
class Tally:
    """What became of one source's days."""

    source: str
    span: Span
    asked: int
    stored: int = 0
    empty: int = 0
    papers: int = 0
    new: int = 0
    skipped: int = 0
    missed: list[Missed] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    @property
    def missing(self) -> int:
        """Days that were asked for, or would have been, and are not there."""
        return self.asked - self.stored

    def add(self, outcome: Stored | Missed) -> None:
        """Count a day."""
        if isinstance(outcome, Missed):
            self.missed.append(outcome)
            return
        self.stored += 1
        self.empty += not outcome.papers
        self.papers += outcome.papers
        self.new += outcome.new
        self.skipped += outcome.skipped

    def pace(self) -> str:
        """How far it is, in figures."""
        minutes = (time.monotonic() - self.begun) / 60
        return f"{self.papers:,} papers, {self.new:,} new, {self.stored / minutes:,.0f} days a minute"


class Report:
    """Everything that is said. `interrupted` is set by whoever was."""

    def __init__(self, console: Console) -> None:
        self.interrupted = False
        self._console = console
        self._tallies: list[Tally] = []
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[said]}", markup=False),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.interrupted and not any(tally.missing for tally in self._tallies)

    def clamped(self, source: str, begins: date) -> None:
        """A source's past is shorter than what was asked for."""
        self._print(f"{source} begins with {begins}: days before it are left out")

    def begin(self, source: str, span: Span, days: int) -> None:
        """So many days of a source's are asked for now."""
        there = len(span.days()) - days
        if not days:
            self._print(f"{source}: {count(there, 'day')} from {span.last} back to {span.first}, all there already")
            return
        self._tallies.append(Tally(source, span, days))
        before = f"; {there:,} are there already" if there else ""
        self._print(f"{source}: {count(days, 'day')} to ask for from {span.last} back to {span.first}{before}")
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(source, total=days, said="")

    def tell(self, outcome: Stored | Missed) -> None:
        """A day is over."""
        tally = self._tallies[-1]
        tally.add(outcome)
        if self._task is not None:
            self._progress.update(self._task, advance=1, said=tally.pace())
        if isinstance(outcome, Missed):
            self._print(f"  {outcome.day} is missing: {outcome.error}")
            if outcome.last:
                self._print(f"  {tally.source} is left alone for now")
        elif tally.stored % EVERY == 0 and not self._console.is_terminal:
            self._print(f"  {tally.stored:,} of {tally.asked:,} days, at {outcome.day}: {tally.pace()}")

    def wait(self, seconds: float, error: SourceError) -> None:
        """Sleep, and show why and for how long."""
        if not self._console.is_terminal or self._task is None:
            self._print(f"  {error}; again in {seconds:.0f} s")
            time.sleep(seconds)
            return
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._progress.update(self._task, said=f"{error}; again in {left:.0f} s")
            time.sleep(min(left, TICK))

    def sum_up(self, command: str) -> None:
        """Say what came of it, and what to do if it is not all."""
        for tally in self._tallies:
            self._print(f"{tally.source}: {_told(tally)}")
            if tally.missing:
                self._print(f"  {count(tally.missing, 'day')} missing{_named(tally)}")
        if self.interrupted:
            self._print(f"stopped; what is stored stays. `{command}` goes on from here")
        elif not self.complete:
            self._print(f"run it again: `{command}` asks only for what is missing")

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False)


def _told(tally: Tally) -> str:
    """`3 days stored, 1 of them without papers; 75 papers, 68 of them new`; none of nothing is not told."""
    without = f", {tally.empty:,} of them without papers" if tally.stored else ""
    new = f", {tally.new:,} of them new" if tally.papers else ""
    skipped = f", {tally.skipped:,} left out" if tally.skipped else ""
    papers = f"; {count(tally.papers, 'paper')}{new}{skipped}" if tally.stored else skipped
    return f"{count(tally.stored, 'day')} stored{without}{papers}"


def _named(tally: Tally) -> str:
    days = [str(one.day) for one in tally.missed]
    more = " …" if len(days) > NAMED or tally.missing > len(days) else ""
    return f": {', '.join(days[:NAMED])}{more}" if days else ""
