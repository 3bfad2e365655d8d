"""What is answered about a channel as a whole: when it is posted to, how, and what was posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from papers.model import Preferences, Schedule


@dataclass(frozen=True, slots=True)
class ScheduleAnswer:
    """The channel's schedule was set. `next_post`: its next slot, None for instant."""

    schedule: Schedule
    next_post: datetime | None
    paused: bool


@dataclass(frozen=True, slots=True)
class PauseAnswer:
    """`pause` or `resume`: the state now, and how many matched papers wait. `already`: it was so before."""

    paused: bool
    waiting: int
    next_post: datetime | None
    already: bool = False


@dataclass(frozen=True, slots=True)
class SettingsAnswer:
    """The answer of `settings`, after its changes if it made any. `already`: those asked for were so before."""

    preferences: Preferences
    changed: bool = False
    already: bool = False


@dataclass(frozen=True, slots=True)
class LogRow:
    """A line of `log`: what became of one delivery. `state`: a `papers.model.DeliveryState`, or `edited`."""

    at: datetime
    delivery: str
    kind: str
    state: str
    papers: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LogAnswer:
    """The answer of `log`, newest first."""

    rows: tuple[LogRow, ...]


@dataclass(frozen=True, slots=True)
class Resent:
    """A delivery that was possibly sent goes out again, because the channel chose so."""

    delivery: str
