"""Commands, presses and views, counted: by name, by platform, by how they ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final, get_args

from bot import acts, asks
from papers import metrics
from papers.errors import PaperboyError, StoreError
from papers.model import Platform

MISTYPED: Final = "mistyped"
"""The name of a line that is no command."""

PREVIEW: Final = "preview"
"""The name of what is shown in a form while it is filled in."""

SUBMIT: Final = "submit"
"""The name of a form that was sent and is saved; one whose draft is answered is a command."""

HOME: Final = "home"
"""The name of a visit to Slack's App Home."""

NAMES: Final = frozenset(
    {MISTYPED, PREVIEW, SUBMIT, HOME, *(kind.__name__.lower() for kind in get_args(asks.Command))}
    | {acts.SAY, acts.TURN, acts.POST, acts.UP, acts.DOWN, acts.REPAIR, acts.FORM, *acts.CHOICES}
)
"""Every name that is counted under: what was typed by its command, a press by its verb, a view by what it is."""


def name(read: Callable[[], asks.Command]) -> str:
    """The name of the command that is read, as one of `NAMES`."""
    try:
        return type(read()).__name__.lower()
    except PaperboyError:
        return MISTYPED


def refused(platform: Platform, command: str) -> None:
    """What cannot be asked so was refused, before anything was looked for."""
    metrics.answered(platform, command if command in NAMES else MISTYPED, "refused", 0.0)


@contextmanager
def tallied(platform: Platform, command: str) -> Iterator[None]:
    """Around the making of one answer. What asked wrongly, or may not, is refused; what is our fault failed."""
    began = perf_counter()
    outcome: metrics.CommandOutcome = "failed"
    try:
        yield
        outcome = "answered"
    except PaperboyError as error:
        outcome = "failed" if isinstance(error, StoreError) else "refused"
        raise
    finally:
        known = command if command in NAMES else MISTYPED
        metrics.answered(platform, known, outcome, perf_counter() - began)
