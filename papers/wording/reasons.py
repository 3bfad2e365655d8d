"""Why a paper came."""

from __future__ import annotations

from papers.model import Reason
from papers.text import clean
from papers.wording.numbers import share_text
from papers.wording.sources import bare_url


def reason_parts(reason: Reason) -> tuple[tuple[str, bool], ...]:
    """Why a paper came, as (text, emphasised): `matches` **diffusion** `, -survey`."""
    clauses = [clause for clause in (_words(reason), _topic(reason), _rank(reason), _feed(reason)) if clause]
    parts: list[tuple[str, bool]] = []
    for clause in clauses:
        parts += [("; ", False), *clause] if parts else clause
    return tuple(parts)


def reason_text(reason: Reason) -> str:
    """The same as one plain sentence; "" for a reason that holds nothing."""
    return "".join(text for text, _ in reason_parts(reason))


def _words(reason: Reason) -> list[tuple[str, bool]]:
    """Of a QUERY: the words that hit, emphasised, and those the paper had to lack."""
    words = [(clean(word), True) for word in reason.words] + [(f"-{clean(w)}", False) for w in reason.without]
    parts: list[tuple[str, bool]] = []
    for word in words:
        parts += [(", " if parts else "matches ", False), word]
    return parts


def _topic(reason: Reason) -> list[tuple[str, bool]]:
    if reason.topic is None:
        return []
    lead = "about " if reason.share is None else f"{share_text(reason.share)} for "
    return [(lead, False), (clean(reason.topic), True)]


def _rank(reason: Reason) -> list[tuple[str, bool]]:
    return [] if reason.trending is None else [(f"#{reason.trending} of the day's most upvoted", False)]


def _feed(reason: Reason) -> list[tuple[str, bool]]:
    return [] if reason.feed is None else [("from the feed ", False), (bare_url(reason.feed), True)]
