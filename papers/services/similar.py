"""`similar`: the papers closest to one, or to a text, by words and meaning fused: the score that topics have."""

from __future__ import annotations

import numpy as np

from papers.answers.archive import SearchAnswer
from papers.errors import UsageError
from papers.matching.topics import Topic, text_of
from papers.model import Paper
from papers.services.cards import card, dated
from papers.services.questions import NO_SUBJECT, tells_no_subject
from papers.services.search import Shop, paged
from papers.text import clean, fold

NEAREST = 25
"""Papers shown at most, five pages: who wants more has another question by then."""


def similar(shop: Shop, to: Paper | str, *, page: int) -> SearchAnswer:
    """One page of the papers closest to a paper, without that one, or to a text.

    Raises UsageError for no such page, and for a text without a word: its vector would be near to any paper.
    """
    if isinstance(to, str) and not fold(to):
        raise UsageError("there is no word in this", advice="give a paper's id, a link to it, or what it is about")
    text, title = (text_of(to), to.title) if isinstance(to, Paper) else (to, to)
    (vector,) = shop.embedder.embed([text])
    nearest = shop.reader.nearest(Topic.of(text, np.asarray(vector)), shop.ruler, NEAREST + 1)
    ids = [one for one in nearest if not isinstance(to, Paper) or one != to.id][:NEAREST]
    shown = paged(ids, page)
    cards = tuple(dated(card(paper)) for paper in shop.reader.papers(shown.ids))
    vague = NO_SUBJECT if isinstance(to, str) and tells_no_subject(to) else ""
    said = "" if ids else "no paper here is anything like it"
    note = "; ".join(filter(None, (vague, said, shop.reader.note))) or None
    return SearchAnswer("", cards, len(ids), page, shown.pages, note, like=clean(title))
