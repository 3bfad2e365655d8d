"""The `paperboy` command: exit 0 when done, 1 when it failed and said why, 2 when it was used wrongly."""

from __future__ import annotations

import sys
from importlib import metadata
from io import TextIOWrapper
from typing import Annotated, NoReturn

import typer

from cli import backfill, commands, keep, lists, mail, roles, workspace
from cli.ending import FAILED, status, tell
from papers.errors import PaperboyError


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"paperboy {metadata.version('paperboy')}")
        raise typer.Exit


app = typer.Typer(
    name="paperboy",
    help="The day's papers, brought to your channels: matched, explained, never lost and never doubled.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
commands.register(app)
backfill.register(app)
keep.register(app)
lists.register(app)
roles.register(app)
workspace.register(app)
mail.register(app)


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    del version  # its callback has done all


def main() -> NoReturn:
    """Run the command line; errors are told in a sentence, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal without ⬆ and ★ shows them as \u2b06 rather than nothing
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except PaperboyError as error:
        tell(error)
        sys.exit(status(error))
    except OSError as error:  # a full disk behind standard output, a terminal that is gone
        print(f"✗ {error.strerror or error}", file=sys.stderr)  # noqa: T201 - the console may be what failed
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(FAILED)
    sys.exit(0)
