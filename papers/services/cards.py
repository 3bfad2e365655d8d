"""Papers as answers show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from papers import summary
from papers.answers.card import Card
from papers.model import Match, Paper
from papers.services.corpus import day_of


def card(paper: Paper, matches: Sequence[Match] = ()) -> Card:
    """A paper as a reader sees it."""
    score = max((match.score for match in matches), default=None)
    return summary.card(paper, tuple(match.reason for match in matches), score)


def dated(card: Card) -> Card:
    """The card with its paper's day: for a page whose heading does not tell it. As it is if nobody noted a day."""
    day = day_of(card.paper)
    return replace(card, day=day) if day > date.min else card
