"""What a command answers, as values: a dataclass each, a function of every renderer; `say --json` is their fields."""

from __future__ import annotations

from dataclasses import dataclass

from papers.answers.archive import DigestAnswer, SearchAnswer
from papers.answers.channel import LogAnswer, PauseAnswer, Resent, ScheduleAnswer, SettingsAnswer
from papers.answers.subscriptions import Draft, Listing, Preview, Removed, Saved
from papers.answers.votes import Forgotten, Voted
from papers.answers.why import WhyAnswer
from papers.mailbox import Invited
from papers.outlet import FeedAnswer
from papers.trouble import Repaired


@dataclass(frozen=True, slots=True)
class Help:
    """The answer of `help`: (words to type, what they do), examples first."""

    examples: tuple[tuple[str, str], ...]


Answer = (
    Help
    | SearchAnswer
    | Preview
    | Draft
    | Saved
    | Removed
    | Listing
    | ScheduleAnswer
    | PauseAnswer
    | DigestAnswer
    | WhyAnswer
    | LogAnswer
    | SettingsAnswer
    | Voted
    | Forgotten
    | Repaired
    | Resent
    | FeedAnswer
    | Invited
)
