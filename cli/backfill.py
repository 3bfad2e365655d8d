"""`paperboy backfill`: the archive, filled from the past of the configured sources that have one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import typer
from rich.console import Console

from cli.backfill_report import Report
from cli.context import opened
from cli.dates import parse_day
from cli.logs import set_up_logs
from cli.screen import Screen
from papers.errors import SourceForbidden, UsageError
from papers.ports import Past
from papers.settings import Settings
from papers.sources.huggingface import HuggingFace
from papers.wiring import Core, Sources, clock
from workers.past import Span, asked_span, within
from workers.wiring import Workshop


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(backfill)


def backfill(
    since: Annotated[str, typer.Option("--since", help="The first day, YYYY-MM-DD.")],
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="huggingface, or a configured arXiv feed's URL; all if omitted."),
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="The last day; today if omitted.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Ask for days anew that are there already.")] = False,
) -> None:
    """Fill the archive from the past, newest day first. Nothing of it is posted; run again, it goes on.

    Example: paperboy backfill --since 2023-05-04
    """
    settings = Settings.load()
    set_up_logs(settings, level="error")
    asked = Asked(since, until, tuple(sources or ()), again)
    span = asked.span(clock().date())
    with opened(settings) as server:
        workshop, screen = Workshop(settings, server), Screen()
        done = fill(workshop, asked, span, screen)
        with screen.busy("embedding …"):
            workshop.embed_all()  # a running worker does it beside us; where none runs, nobody else would
    if not done:
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed. No sources: all that have a past."""

    since: str
    until: str | None = None
    sources: tuple[str, ...] = ()
    again: bool = False

    def span(self, today: date) -> Span:
        """The days that are meant. Raises UsageError."""
        return asked_span(parse_day(self.since), parse_day(self.until) if self.until else None, today)

    def command(self) -> str:
        """What goes on with the same days; not with `--again`, which would begin anew."""
        until = ["--until", self.until] if self.until else []
        return " ".join(["paperboy backfill --since", self.since, *until, *self.sources])


def fill(workshop: Workshop, asked: Asked, span: Span, console: Console) -> bool:
    """Fill, and say what came of it; whether nothing is missing. Raises UsageError for sources that are none."""
    pasts = _pasts(workshop.core, asked.sources, console)
    with Report(console) as report:
        _fill(workshop, pasts, span, report, again=asked.again)
    report.sum_up(asked.command())
    return report.complete


def _fill(workshop: Workshop, pasts: Sequence[Past], span: Span, report: Report, *, again: bool) -> None:
    """Fill from one source after the other."""
    backfiller = workshop.backfiller(report.wait)
    try:
        for past in pasts:
            part = within(span, past.begins)
            if part != span:
                report.clamped(past.name, past.begins)
            if part is None:
                continue
            days = backfiller.days(past, part, again=again)
            report.begin(past.name, part, len(days))
            for outcome in backfiller.fill(past, days, again=again):
                report.tell(outcome)
    except KeyboardInterrupt:
        report.interrupted = True


def _pasts(core: Core, asked: Sequence[str], console: Console) -> list[Past]:
    """The sources that are meant and have a past; of those that have none it is said. Raises UsageError."""
    names = list(dict.fromkeys(_known(core.sources, name) for name in asked)) or list(core.sources.configured)
    found = {name: core.past(name) for name in names}
    for name in (name for name, past in found.items() if past is None):
        console.print(f"{name} has no past: a feed lists only its newest entries", markup=False, highlight=False)
    pasts = [past for past in found.values() if past is not None]
    if not pasts:
        raise UsageError("there is no past to fill the archive from", advice="Hugging Face and arXiv's feeds have one")
    return pasts


def _known(sources: Sources, asked: str) -> str:
    try:
        name = asked if asked == HuggingFace.name else sources.canonical(asked)
    except SourceForbidden:
        name = asked
    if name not in sources.configured:
        raise UsageError(f"{asked} is not a source here", advice=f"the sources are {', '.join(sources.configured)}")
    return name
