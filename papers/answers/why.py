"""What is answered to `why ID`."""

from __future__ import annotations

from dataclasses import dataclass

from papers.lesson import Learned
from papers.model import Paper


@dataclass(frozen=True, slots=True)
class WhyRow:
    """How one subscription judged a paper.

    Attributes:
        wanted: it would post (or has posted) the paper.
        hit, missed: the QUERY's words that stand in the paper, that do not but had to.
        blocked: excluded words that stand in it.
        z, bar: the topic's fused score and the bar it had to reach; None where there is no topic.
        share: the paper's rank in the stream for this topic, as a share (0.01 is top 1%).
        note: anything else that decided (another feed, not among the top 5).
        learned: what votes taught the topic; z is that of the topic so moved.
    """

    number: int
    label: str
    wanted: bool
    hit: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    z: float | None = None
    bar: float | None = None
    share: float | None = None
    note: str | None = None
    learned: Learned | None = None


@dataclass(frozen=True, slots=True)
class WhyAnswer:
    """The answer of `why ID`. `outcome` is one sentence: posted when, waiting, or not wanted."""

    paper: Paper
    outcome: str
    rows: tuple[WhyRow, ...]
