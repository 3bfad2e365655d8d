"""What the chat platform took, held against what it should have: pure."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Pair = tuple[str, str]
"""A channel and a paper."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One message that the platform took, at `at` seconds since 1970."""

    channel: str
    delivery: str
    papers: tuple[str, ...]
    thread: str | None
    at: float


def read(ledger: Path) -> list[Taken]:
    """Every message that was taken, in that order."""
    return [
        Taken(line["channel"], line["delivery"], tuple(line["papers"]), line["thread"], line["at"])
        for line in lines(ledger)
    ]


def lines(ledger: Path) -> list[dict[str, Any]]:
    """A platform's ledger; a line that is being written is left for later."""
    written = [line for line in ledger.read_text("utf-8").splitlines(keepends=True) if line.endswith("\n")]
    return [json.loads(line) for line in written]


@dataclass(frozen=True)
class Tally:
    """Expected against taken.

    Attributes:
        lost: pairs that were expected and never posted.
        doubled: pairs that were posted more than once, and deliveries that were.
        strays: pairs that nobody asked for.
    """

    deliveries: int
    pairs: int
    lost: frozenset[Pair]
    doubled: frozenset[Pair]
    strays: frozenset[Pair]

    @property
    def is_exact(self) -> bool:
        """Everything once."""
        return not (self.lost or self.doubled or self.strays)


def tally(expected: Collection[Pair], messages: Iterable[Taken]) -> Tally:
    """Count."""
    deliveries = Counter((one.channel, one.delivery) for one in messages)
    pairs = Counter((one.channel, paper) for one in messages for paper in one.papers)
    return Tally(
        deliveries=len(deliveries),
        pairs=len(pairs),
        lost=frozenset(expected) - pairs.keys(),
        doubled=frozenset(one for counter in (deliveries, pairs) for one, times in counter.items() if times > 1),
        strays=frozenset(pairs.keys() - set(expected)),
    )


def recoveries(blows: Iterable[float], messages: Sequence[Taken]) -> list[float]:
    """Seconds from each blow to the next message that was taken; blows after the last one count for nothing."""
    taken = sorted(one.at for one in messages)
    return [taken[after] - blow for blow in blows if (after := bisect_right(taken, blow)) < len(taken)]


def percentile(figures: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; 0 of nothing."""
    return sorted(figures)[max(0, -(-int(len(figures) * share * 100) // 100) - 1)] if figures else 0.0
