"""A paper as answers and posts show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from papers.model import Paper, Reason
from papers.trends import Gained


@dataclass(frozen=True, slots=True)
class Card:
    """A paper as a reader sees it: with its one or two lines, and why it is here.

    `gained` lately, where a trend is looked at. `by`: whose language model wrote the lines, "" for the authors' own.
    `day` is that of the paper, where it stands among papers of other days.
    """

    paper: Paper
    summary: str
    reasons: tuple[Reason, ...] = ()
    score: float | None = None
    gained: Gained | None = None
    by: str = ""
    day: date | None = None
