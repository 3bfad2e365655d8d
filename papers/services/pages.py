"""The pages of a day and of a trend: most upvoted first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from papers.answers import DigestAnswer
from papers.errors import NotFoundError, UsageError
from papers.model import Paper
from papers.ports import Archive
from papers.services.backtest import card

PAGE = 10
"""Papers that an answer shows."""

WEEK = 7


def digest_page(archive: Archive, day: date | None, page: int = 1) -> DigestAnswer:
    """A page of one day; None is the newest day.

    Raises NotFoundError for a day without papers, UsageError for a page that does not exist.
    """
    shown = day or _newest(archive)
    papers = archive.of_day(shown)
    if not papers:
        have = ", ".join(one.isoformat() for one in archive.days(3))
        raise NotFoundError(f"no paper of {shown.isoformat()} is here", advice=f"the newest days are {have or 'none'}")
    return _page("digest", (shown, shown), papers, page)


def trending_page(archive: Archive, page: int = 1, *, week: bool) -> DigestAnswer:
    """A page of the newest day's most upvoted, or of those of the seven days that end with it. Raises as above."""
    last = _newest(archive)
    first = last - timedelta(days=WEEK - 1) if week else last
    days = [day for day in archive.days(WEEK) if first <= day <= last]
    papers = {paper.id: paper for day in days for paper in archive.of_day(day) if paper.upvotes > 0}
    ranked = sorted(papers.values(), key=lambda paper: (-paper.upvotes, paper.id))
    return _page("trending", (first, last), ranked, page)


def _newest(archive: Archive) -> date:
    days = archive.days(1)
    if not days:
        raise NotFoundError("no digest was polled yet", advice="`paperboy poll` fetches the newest")
    return days[0]


def _page(
    title: Literal["digest", "trending"], days: tuple[date, date], papers: Sequence[Paper], page: int
) -> DigestAnswer:
    pages, start = max(-(-len(papers) // PAGE), 1), (page - 1) * PAGE
    if not 1 <= page <= pages:
        raise UsageError(f"there is no page {page}, the last one is {pages}", advice=f"ask for page:1 to page:{pages}")
    cards = tuple(card(paper) for paper in papers[start : start + PAGE])
    return DigestAnswer(title, *days, cards, len(papers), page, pages, rank=start + 1)
