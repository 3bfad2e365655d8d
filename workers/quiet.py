"""Why a channel's day was empty, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from papers.stores.sources import SourceState

SATURDAY = 5

STALE = timedelta(hours=36)
"""A source that has not answered for so long explains an empty day."""


def why_quiet(sources: Sequence[SourceState], slot: datetime) -> str:
    """The cause of an empty day: a failing or silent source, a weekend, or nothing that passed the bar."""
    failing = [source for source in sources if source.failures]
    if failing:
        return "; ".join(f"{source.name} is failing: {source.error}" for source in failing)
    silent = [source.name for source in sources if source.ok_at is None or slot - source.ok_at > STALE]
    if silent:
        return f"no answer in the last {STALE.total_seconds() / 3600:.0f} hours from {', '.join(silent)}"
    if slot.weekday() >= SATURDAY:
        return "the weekend: the sources publish nothing"
    return "nothing new passed the bar"
