"""`similar`: the papers closest to one, or to a text, by words and meaning fused: the score that topics have."""

from __future__ import annotations

import numpy as np

from papers.answers import SearchAnswer
from papers.matching.topics import LOWEST_BAR, Topic, text_of
from papers.model import Paper
from papers.ports import Embedder
from papers.services.corpus import Stream
from papers.services.search import paged
from papers.text import clean
from papers.wording import LABEL_LIMIT, shorten

NEAREST = 25
"""Papers shown at most, five pages: who wants more has another question by then."""


def similar(stream: Stream, embedder: Embedder, to: Paper | str, *, page: int) -> SearchAnswer:
    """One page of the papers closest to a paper, without that one, or to a text. Raises UsageError for no such page."""
    text = text_of(to) if isinstance(to, Paper) else to
    rows = _nearest(stream, embedder, text, without=to.id if isinstance(to, Paper) else None)
    title = to.title if isinstance(to, Paper) else to
    note = None if rows else "no paper here is anything like it"
    return paged(stream, f"like: {shorten(clean(title), LABEL_LIMIT)}", rows, page, note)


def _nearest(stream: Stream, embedder: Embedder, text: str, *, without: str | None) -> list[int]:
    """Rows of the stream, closest first; none that is less close than the average paper."""
    if not stream.entries:
        return []
    (vector,) = embedder.embed([text])
    z = stream.z(Topic.of(text, np.asarray(vector)))
    order = np.argsort(-z, kind="stable")
    near = [int(row) for row in order if z[row] > LOWEST_BAR and stream.entries[row].paper.id != without]
    return near[:NEAREST]
