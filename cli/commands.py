"""The one-shot commands: poll, say, posts, stats, doctor. Each works whether or not `paperboy up` runs."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Annotated

import typer
from pydantic import RootModel

from bot.terminal.render import render, render_error
from bot.terminal.talk import channel, named
from bot.terminal.talk import say as say_line
from bot.wiring import drain
from cli import doctor as doctor_checks
from cli import stats as statistics
from cli import stats_page
from cli.context import opened
from cli.dates import come, parse_day
from cli.logs import set_up_logs
from cli.poll import poll_all, report
from cli.screen import Screen
from papers.errors import PaperboyError, UsageError
from papers.model import Asker
from papers.settings import Settings
from papers.wiring import Core, clock
from papers.wording.dates import day_text
from workers.wiring import Workshop

INDEXING = 3600.0
"""Seconds that `say` waits for the archive's index: nobody else builds it, and half of one is half an answer."""

InChannel = Annotated[str, typer.Option("--channel", help="Terminal channel, with or without its #.")]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(poll)
    app.command()(say)
    app.command()(posts)
    app.command()(stats)
    app.command()(doctor)


def poll(
    source: Annotated[str | None, typer.Argument(help="huggingface, or a feed's URL; all if omitted.")] = None,
    day: Annotated[str | None, typer.Option("--date", help="One day of the Daily Papers, YYYY-MM-DD.")] = None,
    no_post: Annotated[bool, typer.Option("--no-post", help="Send nothing, on no platform; a bot may, later.")] = False,
) -> None:
    """Poll now, and work until nothing is due: match, plan, and post wherever tokens are set.

    Example: paperboy poll huggingface --date 2026-11-20
    """
    when = come(parse_day(day), clock().date()) if day else None
    settings = _prepared()
    screen = Screen()
    with opened(settings) as server:
        workshop = Workshop(settings, server)
        outcome = poll_all(workshop, None if no_post else lambda: drain(workshop.core), source, when)
        with screen.busy("embedding …"):
            workshop.embed_all()  # a running worker does it beside us; where none runs, nobody else would
    report(outcome, screen)
    if outcome.failed:
        raise typer.Exit(1)


def say(
    text: Annotated[str, typer.Argument(help="A command, as you would type it in a channel.")],
    channel_name: InChannel = "general",
    user: Annotated[str, typer.Option(help="Who says it.")] = "me",
    anyway: Annotated[bool, typer.Option("--anyway", help="Save what posts more than 100 papers a day.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say one /papers command in a terminal channel and print the answer; subscriptions are saved at once.

    Example: paperboy say '/papers subscribe diffusion -survey' --channel vision
    """
    settings = _prepared()
    try:
        with opened(settings) as server:
            asker = Asker(channel(channel_name), named(user))
            with closing(Core(settings, server, patience=INDEXING)) as core, Screen(stderr=True).busy("reading …"):
                said = say_line(text, core.desk, asker, clock(), anyway=anyway)
    except PaperboyError as error:
        if as_json:
            suggestion = error.suggestion if isinstance(error, UsageError) else None
            typer.echo(json.dumps({"error": str(error), "advice": error.advice, "suggestion": suggestion}))
        else:
            Screen().print(render_error(error))
        raise typer.Exit(2 if isinstance(error, UsageError) else 1) from error
    if as_json:
        typer.echo(json.dumps({"answer": type(said).__name__, **RootModel(said).model_dump(mode="json")}))
    else:
        Screen().print(render(said, clock(), "UTC"), crop=False)


def posts(
    channel_name: Annotated[str | None, typer.Option("--channel", help="Only this terminal channel.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what was posted to terminal channels, oldest first; with --json, a line a post.

    Example: paperboy posts --channel vision --json
    """
    settings = _prepared()
    with opened(settings) as server:
        core = Core(settings, server)
        known = [one for one in core.stores.channels.destinations() if one.platform == "terminal"]
        wanted = [channel(channel_name)] if channel_name else known
        found = [row for one in wanted for row in enumerate(core.stores.posts.all(one), start=1)]
    if not found:
        where = f"in #{wanted[0].channel}" if channel_name else "in a terminal channel"
        hint = "`paperboy say 'subscribe diffusion'`, then `paperboy poll`, brings the first"
        Screen(stderr=True).print(f"nothing was posted {where} yet: {hint}", markup=False, highlight=False)
    console = Screen()
    for number, post in found:
        if as_json:
            line = {"id": f"{post.channel}/{number}", **RootModel(post).model_dump(mode="json")}
            typer.echo(json.dumps(line, ensure_ascii=False))
        else:
            for row in post.text.splitlines():
                rule = row.strip("─") == ""
                console.print(row[: console.width] if rule else row, markup=False, highlight=False)
            if post.edited:
                console.print(f"(edited {day_text(post.edited.date())} at {post.edited:%H:%M} UTC)", style="dim")
            console.print()


def stats(as_json: AsJson = False) -> None:
    """Count papers, subscriptions and deliveries, and tell when each source was polled last.

    Example: paperboy stats --json
    """
    settings = _prepared()
    with opened(settings) as server:
        counted = statistics.count(Core(settings, server))
    if as_json:
        typer.echo(json.dumps(RootModel(counted).model_dump(mode="json"), indent=2))
    else:
        stats_page.show(counted, Screen(), clock())


def doctor() -> None:
    """Check settings, server, embedding model and tokens, and say what to mend.

    Example: paperboy doctor
    """
    if not doctor_checks.examine(Screen()):
        raise typer.Exit(1)


def _prepared() -> Settings:
    settings = Settings.load()
    set_up_logs(settings, level="error")
    return settings
