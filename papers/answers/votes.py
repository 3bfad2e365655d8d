"""What is answered to votes, and to who wants them forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from papers.lesson import Learned
from papers.model import Paper, Subscription


@dataclass(frozen=True, slots=True)
class Voted:
    """A 👍 (1) or 👎 (-1) was counted, or taken back (0).

    `up` and `down` are the paper's votes in this channel now. `taught` are the numbers of the subscriptions whose
    topics learn from them; none where they are even.
    """

    paper: Paper
    vote: Literal[1, 0, -1]
    up: int
    down: int
    taught: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A subscription's topic is again as it was typed. `learned` is what it had learned, None if that was nothing."""

    subscription: Subscription
    label: str
    learned: Learned | None
