"""What a subscription would have posted in the last 30 days, found in the index: as matching decides, paper for paper.

A QUERY is asked of the words. Of a topic, the cosines' bounds leave out what cannot reach its floor; the others are
scored exactly. Fulfils `papers.services.library.Lookback`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from papers.matching.decide import KEYWORD_SCORE, TITLE_BONUS, Z_DIGITS, Compiled
from papers.matching.hits import Hit, topic_mark
from papers.matching.topics import SAME, Scale, Topic, share, told, usual_bar
from papers.model import Paper, Subscription
from papers.query import And, Expr, Not, Or
from papers.search.view import Numbers, View
from papers.services.corpus import WINDOW
from papers.services.library import Bar, Ruler, Tested

SLACK = 1e-4
"""A bound of a cosine is not sharper than float32."""


class IndexLookback:
    """The last 30 days of a view, whose papers `get` brings. `per_day` is of the stream that bars follow."""

    def __init__(self, view: View, get: Callable[[Sequence[str]], list[Paper]], ruler: Ruler, per_day: float) -> None:
        self._view = view
        self.papers = get
        self._ruler = ruler
        self.per_day = per_day

    @cached_property
    def _rows(self) -> Numbers:
        """The papers of the window."""
        days = self._view.days[self._view.alive]
        if not len(days):
            return np.empty(0, np.int64)
        return np.flatnonzero(self._view.within(since=date.fromordinal(int(days.max()) - WINDOW.days + 1)))

    @cached_property
    def _days(self) -> Numbers:
        """The days that have a paper, ascending."""
        return np.unique(self._view.days[self._rows]).astype(np.int64)

    @property
    def size(self) -> int:
        """Papers."""
        return len(self._rows)

    @property
    def days(self) -> int:
        """Days that they really cover, from 1 to 30."""
        return int(self._days[-1] - self._days[0]) + 1 if len(self._days) else 1

    @property
    def newest(self) -> date | None:
        """The newest of these days; None without a paper."""
        return date.fromordinal(int(self._days[-1])) if len(self._days) else None

    @property
    def busy_days(self) -> int:
        """Days that have a paper; at least 1."""
        return max(len(self._days), 1)

    def hits(self, compiled: Compiled, bar: Bar, limit: int) -> Tested:
        """What a subscription to a QUERY or a topic wants. Raises Damaged."""
        rows = self._rows
        if compiled.expr is not None:
            rows = rows[self._view.holding(compiled.expr)[rows]]
        if compiled.topic is not None:
            return self._close(compiled.topic, rows, compiled.subscription, bar, limit)
        scores = np.full(len(rows), KEYWORD_SCORE)
        if compiled.expr is not None:
            scores += TITLE_BONUS * self._view.holding(_of_title(compiled.expr))[rows]
        first = self._first(rows, scores, limit)
        return Tested(len(rows), [Hit(paper, compiled.subscription.number) for paper in self._view.named(first)])

    def _close(self, topic: Topic, rows: Numbers, of: Subscription, bar: Bar, limit: int) -> Tested:
        scale = self._ruler.scale(topic)
        rows = self._possible(rows, topic, scale, bar.floor)
        scores = self._view.scores(rows, topic, self._ruler.background.words.like)
        z = scale.closeness(*scores, floor=bar.floor, weight=self._ruler.weight)
        stream = self._ruler.closeness(topic, bar.floor)
        close = z >= (bar.z if bar.z is not None else usual_bar(stream)) - SAME
        rows, z = rows[close], z[close]
        first = self._first(rows, z.astype(np.float64).round(Z_DIGITS), limit)
        z_of = dict(zip(rows.tolist(), z.tolist(), strict=True))
        mark = topic_mark(of.want.topic)
        hits = [
            Hit(paper, of.number, round(z_of[row], Z_DIGITS), told(share(stream, z_of[row])), topic=mark)
            for row, paper in zip(first.tolist(), self._view.named(first), strict=True)
        ]
        return Tested(len(rows), hits)

    def _possible(self, rows: Numbers, topic: Topic, scale: Scale, floor: float) -> Numbers:
        """Those whose cosine may reach the floor."""
        if not np.isfinite(floor):
            return rows
        mean, sd = scale.cosine
        meanings = self._view.meanings
        most = meanings.scan(topic.vector) + meanings.error(topic.vector)
        return rows[most[rows] >= mean + floor * sd - SLACK]

    def has_word_of(self, topic: Topic) -> bool:
        """Whether any paper of the archive has a word of the topic. Raises Damaged."""
        return any(weight > 0 and self._view.words.having(term) for term, weight in topic.terms.items())

    def _first(self, rows: Numbers, scores: npt.NDArray[np.float64], limit: int) -> Numbers:
        return self._view.first(rows, limit, self._view.days[rows], scores, self._view.upvotes[rows])

    def trending(self, subscription: Subscription, limit: int) -> Tested:
        """What a subscription to the days' most upvoted wants, as `decide.most_upvoted` ranks."""
        view = self._view
        rows = self._rows[view.upvotes[self._rows] > 0]
        rows = rows[np.lexsort([view.ids[rows], -view.upvotes[rows], -view.days[rows]])]
        days = view.days[rows]
        begins = np.searchsorted(-days, -days, side="left")  # where each one's day begins
        ranks = np.arange(len(rows)) - begins + 1
        top = ranks <= (subscription.want.trending or 0)
        found = zip(view.named(rows[top][:limit]), ranks[top][:limit].tolist(), strict=True)
        return Tested(int(top.sum()), [Hit(paper, subscription.number, trending=rank) for paper, rank in found])


def _of_title(expr: Expr) -> Expr:
    """What `expr` asks of a paper that has no abstract."""
    match expr:
        case Not(operand):
            return Not(_of_title(operand))
        case And(operands) | Or(operands):
            return type(expr)(tuple(map(_of_title, operands)))
        case _ if expr.field == "abstract":
            return And((expr, Not(expr)))
        case _ if expr.field == "text":
            return replace(expr, field="title")
        case _:
            return expr
