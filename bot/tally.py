"""Commands and presses, counted: by name, by platform, by how they ended."""

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

NAMES: Final = frozenset(
    {MISTYPED, *(kind.__name__.lower() for kind in get_args(asks.Command))}
    | {acts.SAY, acts.TURN, acts.POST, acts.UP, acts.DOWN, acts.REPAIR, *acts.CHOICES}
)
"""Every name that is counted under: what was typed by its command, a press by its verb."""


def name(read: Callable[[], asks.Command]) -> str:
    """The name of the command that is read, as one of `NAMES`."""
    try:
        return type(read()).__name__.lower()
    except PaperboyError:
        return MISTYPED


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
