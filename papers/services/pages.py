"""The pages of a day and of a trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from papers.answers.archive import DigestAnswer
from papers.answers.card import Card
from papers.errors import NotFoundError
from papers.ports import Archive, Trends
from papers.services.cards import card, dated
from papers.services.missing import Listed, missing
from papers.services.paging import pages
from papers.trends import Figure, Gained, Order, Period, gained_in, listed_in
from papers.wording.dates import day_text

PAGE = 10
"""Papers that an answer shows."""

_NOTHING: Final[dict[Order, str]] = {
    "upvotes": "no paper of these days was upvoted yet",
    "growth": "no paper is known to have gained an upvote on these days",
    "stars": "no paper of these days has code with stars",
}


@dataclass(frozen=True, slots=True)
class Trend:
    """What is asked of `trending`. `page` counts from 1."""

    period: Period = "day"
    by: Order = "upvotes"
    page: int = 1


def digest_page(
    archive: Archive, day: date | None, page: int = 1, *, today: date, listed: Listed | None = None
) -> DigestAnswer:
    """A page of one day, most upvoted first; None is the newest day.

    `listed` are the days that Hugging Face was asked for without a gap, first and newest; None if that is not known.
    Raises NotFoundError for a day without papers, UsageError for a page that does not exist.
    """
    shown = day or _newest(archive)
    papers = archive.of_day(shown)
    if not papers:
        raise missing(shown, today, archive.days(3), listed)
    last = pages(len(papers), PAGE, page)
    cards = tuple(card(paper) for paper in papers[_slice(page)])
    return DigestAnswer("digest", shown, shown, cards, len(papers), page, last, rank=_slice(page).start + 1)


def trending_page(archive: Archive, trends: Trends, asked: Trend, today: date) -> DigestAnswer:
    """A page of a trend: of the days that end with the newest digest, or by growth of papers of any day.

    Raises NotFoundError while there is no digest, UsageError for a page that does not exist.
    """
    newest, gaining = _newest(archive), gained_in(asked.period, today)
    if asked.by == "growth":
        days, (total, ids) = gaining, trends.risen("upvotes", gaining, _slice(asked.page))
    else:
        figure: Figure = "stars" if asked.by == "stars" else "upvotes"
        days = listed_in(asked.period, newest)
        total, ids = trends.highest(figure, days, _slice(asked.page))
    return DigestAnswer(
        "trending",
        days[0],
        days[-1],
        _cards(archive, trends, asked, ids, gaining),
        total,
        asked.page,
        pages(total, PAGE, asked.page),
        rank=_slice(asked.page).start + 1,
        period=asked.period,
        by=asked.by,
        note=_note(asked.by, total, trends.since(), gaining[0]),
    )


def _cards(
    archive: Archive, trends: Trends, asked: Trend, ids: Sequence[str], days: Sequence[date]
) -> tuple[Card, ...]:
    """Cards that tell what their papers gained, and their days if those may differ.

    Not that all of a figure is new, unless that is what ranks them.
    """
    papers = archive.get(ids)
    upvotes, stars = trends.gained("upvotes", days, ids), trends.gained("stars", days, ids)
    cards = [card(papers[one]) for one in ids if one in papers]
    gained = [Gained(asked.period, upvotes[one.paper.id], stars[one.paper.id]) for one in cards]
    if asked.by != "growth":
        gained = [
            replace(of, upvotes=0) if of.upvotes >= one.paper.upvotes else of
            for one, of in zip(cards, gained, strict=True)
        ]
    is_of_a_day = asked.by != "growth" and asked.period == "day"
    shown = cards if is_of_a_day else map(dated, cards)
    return tuple(replace(one, gained=of) for one, of in zip(shown, gained, strict=True))


def _note(by: Order, total: int, since: date | None, first: date) -> str | None:
    """What is missing: papers, or what they gained before anybody counted."""
    said = [] if total else [_NOTHING[by]]
    if by == "growth" and since is None:
        said.append("gains are counted from the next poll on")
    elif by == "growth" and since is not None and since > first:
        said.append(f"gains are counted since {day_text(since)}: what older papers gained before is not known")
    return "; ".join(said) or None


def _newest(archive: Archive) -> date:
    days = archive.days(1)
    if not days:
        raise NotFoundError("no digest was polled yet", advice="`paperboy poll` fetches the newest")
    return days[0]


def _slice(page: int) -> slice:
    return slice((page - 1) * PAGE, page * PAGE)
