"""How a command ends by an error: a sentence for who typed it, an event for whoever reads a role's log as JSON.

Roles are started by machines, whose logs are searched for lines of JSON: there, why one does not start is such a line.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec

import structlog
import typer

from cli.logs import set_up_logs
from cli.screen import Screen
from papers.errors import PaperboyError, SettingsError, UsageError
from papers.settings import Settings, logs_json

FAILED: Final = 1
MISUSED: Final = 2

P = ParamSpec("P")

log = structlog.get_logger()


def role(command: Callable[P, None]) -> Callable[P, None]:
    """A long-running command, that tells by an event what ends it, where logs are JSON."""

    @wraps(command)
    def run(*arguments: P.args, **options: P.kwargs) -> None:
        try:
            command(*arguments, **options)
        except (PaperboyError, OSError) as error:
            if not logs_json():
                raise
            if not structlog.is_configured():  # the settings were what is wrong
                set_up_logs(Settings.model_construct(log_format="json"))
            name = command.__name__.replace("_", " ")  # bot_slack is typed so
            log.error("a role cannot go on", role=name, error=str(error), advice=getattr(error, "advice", ""))  # noqa: TRY400 - it says enough
            raise typer.Exit(status(error)) from error

    return run


def status(error: Exception) -> int:
    """What the process ends with."""
    return MISUSED if isinstance(error, UsageError) else FAILED


def tell(error: PaperboyError) -> None:
    """Say what went wrong and what to change."""
    from bot.terminal.render import render_error  # noqa: PLC0415 - rendering is not needed by a command that works

    console = Screen(stderr=True)
    if isinstance(error, SettingsError):
        for problem in error.problems:
            console.print(f"✗ {problem}", style="red", markup=False, highlight=False)
        console.print(error.advice, markup=False, highlight=False)
        return
    console.print(render_error(error))
