"""The pages of a day and of a trend: most upvoted first."""

from __future__ import annotations

from datetime import date, timedelta

from papers.answers import DigestAnswer
from papers.errors import NotFoundError
from papers.model import Paper
from papers.ports import Archive
from papers.services.backtest import card

PAGE = 10
"""Papers that an answer shows."""

WEEK = 7


def digest_page(archive: Archive, day: date | None) -> DigestAnswer:
    """One day's page; None is the newest day. Raises NotFoundError for a day without papers."""
    shown = day or _newest(archive)
    papers = archive.of_day(shown)
    if not papers:
        have = ", ".join(one.isoformat() for one in archive.days(3))
        raise NotFoundError(f"no paper of {shown.isoformat()} is here", advice=f"the newest days are {have or 'none'}")
    return _page("digest", shown, shown, papers)


def trending_page(archive: Archive, *, week: bool) -> DigestAnswer:
    """The newest day's most upvoted, or those of the seven days that end with it."""
    last = _newest(archive)
    first = last - timedelta(days=WEEK - 1) if week else last
    days = [day for day in archive.days(WEEK) if first <= day <= last]
    papers = {paper.id: paper for day in days for paper in archive.of_day(day) if paper.upvotes > 0}
    return _page("trending", first, last, sorted(papers.values(), key=lambda paper: (-paper.upvotes, paper.id)))


def _newest(archive: Archive) -> date:
    days = archive.days(1)
    if not days:
        raise NotFoundError("no digest was polled yet", advice="`paperboy poll` fetches the newest")
    return days[0]


def _page(title: str, first: date, last: date, papers: list[Paper]) -> DigestAnswer:
    cards = tuple(card(paper) for paper in papers[:PAGE])
    return DigestAnswer("digest" if title == "digest" else "trending", first, last, cards, len(papers))
