"""Generated summaries in Redis: what models said of texts, how many were asked for today, and whether to rest.

    claim ──► ask (the caller's affair) ──► told: kept for a month, the failures forgotten
                                       └──► failed: counted; after several in a row nobody asks for a while

All processes share one budget and one rest. What is kept is bounded by the budget and by time. Cards do not read from
here: a summary becomes part of its paper (`PaperStore.write_summary`), this only spares asking twice.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Literal

from papers.model import Paper
from papers.stores import keys
from papers.stores.server import Server

KEPT: Final = timedelta(days=30)
"""How long an answer is known: a paper that comes again after that is asked about again."""

COUNTED: Final = timedelta(days=2)
"""How long a day's count is kept: the day itself, and clocks that differ."""

ENOUGH: Final = 3
"""Failures in a row after which nobody asks for a while."""

REST: Final = timedelta(minutes=5)
"""How long that is."""

LONGEST_REST: Final = timedelta(hours=1)
"""How long an endpoint's own wish (429) is heeded without asking again."""

MARGIN: Final = 10.0
"""Seconds that a claim outlasts its question: the asker may be slow to say how it went."""

_TOLD: Final = "="
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to ask about one text; nobody else asks meanwhile."""

    key: str
    mark: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the model said of a text before; "" if nothing of it was of use."""

    text: str


Refusal = Literal["asked", "rest", "spent"]
"""Somebody else asks just now; nobody is to ask for a while; the day's budget is spent."""


class SummaryStore:
    """Every summary of one model. `budget` is how many a UTC day may ask for, all processes together."""

    def __init__(self, server: Server, model: str, budget: int) -> None:
        self._server = server
        self._model = model
        self._budget = budget

    def claim(self, paper: Paper, now: datetime, seconds: float) -> Claim | Known | Refusal:
        """The right to ask for `seconds`, or why there is no need to, or no way."""
        key, mark = keys.summary(self._model, digest(paper)), f"?{secrets.token_hex(8)}"
        touched = [key, keys.summaries_asked(now.date()), keys.SUMMARIES_REST]
        arguments = [mark, round((seconds + MARGIN) * 1000), self._budget, COUNTED // _MILLISECOND]
        match str(self._server.run("claim_summary", touched, arguments)):
            case "ask":
                return Claim(key, mark)
            case "rest" | "spent" as refusal:
                return refusal
            case known:
                return Known(known.removeprefix(_TOLD)) if known.startswith(_TOLD) else "asked"

    def told(self, claim: Claim, text: str) -> None:
        """Keep what the model said, "" if nothing of it is of use, and forget its failures."""
        kept = KEPT // _MILLISECOND
        self._server.together(
            [["SET", claim.key, _TOLD + text, "PX", kept], ["DEL", keys.SUMMARIES_FAILED]],
        )

    def failed(self, claim: Claim, wait: float | None = None) -> bool:
        """Note that the endpoint failed; whether everybody rests now. `wait`: seconds that it asked for, if it did."""
        rest = REST if wait is None else min(max(timedelta(seconds=wait), REST), LONGEST_REST)
        counted = (rest + REST) // _MILLISECOND
        touched = [claim.key, keys.SUMMARIES_FAILED, keys.SUMMARIES_REST]
        arguments = [claim.mark, ENOUGH, rest // _MILLISECOND, counted, int(wait is not None)]
        return bool(self._server.run("summary_failed", touched, arguments))

    def resting(self) -> bool:
        """Whether nobody asks at present."""
        return bool(self._server.call("EXISTS", keys.SUMMARIES_REST))

    def asked(self, now: datetime) -> int:
        """How many were asked for on this UTC day."""
        return int(self._server.call("GET", keys.summaries_asked(now.date())) or 0)


def digest(paper: Paper) -> str:
    """32 hex digits of what a model is told of a paper."""
    return sha256(f"{paper.title}\n{paper.abstract}".encode("utf-8", "replace")).hexdigest()[:32]
