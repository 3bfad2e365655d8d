"""Hugging Face's Daily Papers: `GET {endpoint}/api/daily_papers`, page by page, from where the last fetch ended.

The undated listing begins with the newest day, but is not strictly sorted: a page is read whole before deciding
whether the next one is needed. People go on voting for what came before: each fetch also reads one older day again, in
turn, so that a month's figures are never older than some hours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from papers.errors import SourceError, SourceStatus, SourceUnreachable
from papers.identity import fingerprint, merged
from papers.model import Digest, Paper, Skipped
from papers.sources import fields
from papers.sources.http import Fetched, Fetcher
from papers.sources.huggingface_json import ENDPOINT, NAME, complaint, items, next_query, parse_item

GAP = 0.75
"""Seconds between two requests of backfills: 400 in 5 minutes, of the 500 that an address has."""
FIRST_DAY = date(2023, 5, 4)
"""The day that the archive of Daily Papers begins with."""
SETTLES = timedelta(days=3)
"""A day takes papers until about a day after it rolled, and corrections a little longer."""
PER_PAGE = 100
"""The most that the API lists on a page; it answers with 50 if not asked."""
MAX_PER_PAGE = 500
"""Items read of a page whatever its length, should the API's own limit fail."""
MAX_PAGES = 50
"""About two months of papers: an outage longer than that is for `backfill`."""

AGAIN = 30
"""Days, the newest among them, whose figures are kept up to date."""

_DAY = timedelta(days=1)
_BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Cursor:
    """What the last fetch saw.

    Attributes:
        day: the newest day listed.
        since: the newest day at the very first fetch; nothing before it is news to us.
        fingerprint: of every paper and figure listed.
        again: the older day that was read again last, None before the first.
    """

    day: date
    since: date
    fingerprint: str
    again: date | None = None

    def dump(self) -> str:
        """As JSON."""
        told = {"day": str(self.day), "since": str(self.since), "print": self.fingerprint}
        return json.dumps(told | ({"again": str(self.again)} if self.again else {}))

    @classmethod
    def load(cls, text: str | None) -> Cursor | None:
        """The inverse; None for anything else, which then counts as never fetched."""
        try:
            held = json.loads(text or "")
            since = date.fromisoformat(held.get("since", str(date.min)))
            again = date.fromisoformat(held["again"]) if "again" in held else None
            return cls(date.fromisoformat(held["day"]), since, str(held["print"]), again)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None

    @property
    def floor(self) -> date:
        """The oldest day still looked at: one before the newest known, for papers are added late."""
        return max(self.since, self.day - _DAY if self.day > date.min else self.day)

    @property
    def next_again(self) -> date | None:
        """The older day whose turn it is: they go backwards, and begin anew. None if there is none."""
        if self.floor <= self.since:
            return None
        following, oldest = (self.again or self.floor) - _DAY, max(self.since, self.day - (AGAIN - 1) * _DAY)
        return following if oldest <= following < self.floor else self.floor - _DAY


class HuggingFace:
    """The Daily Papers as a `papers.ports.Source`.

    `endpoint` is without a trailing slash; `token` raises the rate limit and is sent to the endpoint only.
    """

    name = NAME
    begins = FIRST_DAY
    settles = SETTLES
    has_empty_days = True

    def __init__(
        self,
        fetcher: Fetcher,
        endpoint: str = ENDPOINT,
        token: str | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._fetcher = fetcher
        self._endpoint = endpoint.rstrip("/")
        self._token = token.strip() if token else None
        self._clock = clock

    def fetch(self, cursor: str | None) -> Digest | None:
        """The newest listed day if `cursor` is None, else everything since the day before the cursor's.

        Papers already brought come again when anything listed of them changed; None if nothing did. An outage is
        thereby caught up with, page by page, up to MAX_PAGES. Papers of the older day whose turn it is come as
        revisions. Raises a SourceError.
        """
        known = Cursor.load(cursor)
        read = self._read({"limit": PER_PAGE, "sort": "publishedAt"}, known.floor if known else None)
        newest = max((paper.day for paper in read.papers if paper.day), default=None)
        floor = known.floor if known else newest
        # Before merging: a paper listed again today has been listed on an older day of the same page.
        papers = merged(p for p in read.papers if p.day is None or floor is None or p.day >= floor)
        moved = _moved(known, newest, fingerprint(papers))
        turn = known.next_again if known else None
        if known is not None and known == moved and turn is None:
            return None
        digest = Digest(NAME, newest, papers, moved.dump() if moved else "", read.skipped)
        return _with_older(digest, self._again(turn), replace(moved, again=turn)) if moved and turn else digest

    def _again(self, day: date) -> _Listing:
        """One day once more. That it cannot be read is told, and holds up nothing that is new."""
        try:
            digest = self.fetch_day(day)
        except SourceError as error:
            return _Listing((), (Skipped(f"the listing of {day}", str(error)),))
        return _Listing(digest.papers, digest.skipped)

    def fetch_day(self, day: date) -> Digest:
        """Everything listed for one day, most upvoted first. Its cursor is empty: it moves nobody's.

        Its papers stand in that day's digest, whatever dates they carry: early ones carry none but their publication's.
        Raises a SourceError; SourceStatus with the API's own words for a day that it calls invalid.
        """
        read = self._read({"date": str(day), "limit": PER_PAGE}, None, every_page=True)
        papers = merged(replace(paper, day=day) for paper in read.papers)
        return Digest(NAME, day, papers, "", read.skipped)

    def _read(self, query: dict[str, str | int], floor: date | None, *, every_page: bool = False) -> _Listing:
        """Pages from the newest on, until one ends before `floor` (None: before its first page's newest day)."""
        papers: list[Paper] = []
        skipped: list[Skipped] = []
        for rows, more in self._pages(urlencode(query)):
            page = [parse_item(row, self._endpoint) for row in rows[:MAX_PER_PAGE]]
            listed = [_dated(paper, self._clock().date()) for paper in page if isinstance(paper, Paper)]
            papers += listed
            skipped += [entry for entry in page if isinstance(entry, Skipped)]
            if len(rows) > MAX_PER_PAGE:
                skipped.append(Skipped("a page", f"entries after the first {MAX_PER_PAGE}"))
            days = [paper.day for paper in listed if paper.day]
            floor = floor or max(days, default=None)
            if more is None or (not every_page and (not days or not floor or days[-1] < floor)):
                break
        else:
            skipped.append(Skipped("the listing", f"further pages: at most {MAX_PAGES} are read, and none twice"))
        return _Listing(tuple(papers), tuple(skipped))

    def _pages(self, query: str) -> Iterator[tuple[list[Any], str | None]]:
        """At most MAX_PAGES of (items, the next page's query), following `Link: …; rel="next"`.

        Only the link's query is followed, on our own endpoint: a mirror passes upstream's links on, and no answer
        may send us, and the token, to another host.
        """
        followed: set[str] = set()
        following: str | None = query
        while following is not None and following not in followed and len(followed) < MAX_PAGES:
            followed.add(following)
            answer = self._get(f"{self._endpoint}/api/daily_papers?{following}")
            following = next_query(answer.headers.get("link", ""))
            yield items(answer.body), following

    def _get(self, url: str) -> Fetched:
        answer = self._fetcher.get(url, token=self._token, also=(_BAD_REQUEST,))
        if answer.unchanged:
            raise SourceUnreachable("unchanged, though no condition was sent")
        if answer.status == _BAD_REQUEST:
            raise SourceStatus(f"Hugging Face refuses the request: {complaint(answer.body)}", status=_BAD_REQUEST)
        return answer


@dataclass(frozen=True, slots=True)
class _Listing:
    """Rows as listed, the same paper perhaps twice."""

    papers: tuple[Paper, ...]
    skipped: tuple[Skipped, ...]


def _with_older(digest: Digest, older: _Listing, cursor: Cursor) -> Digest:
    """The digest and what it has not of an older day, as revisions: what would be new among them is old news."""
    told = {paper.id for paper in digest.papers}
    again = tuple(paper for paper in older.papers if paper.id not in told)
    return replace(
        digest,
        papers=(*digest.papers, *again),
        cursor=cursor.dump(),
        skipped=(*digest.skipped, *older.skipped),
        revisions=frozenset(paper.id for paper in again),
    )


def _dated(paper: Paper, today: date) -> Paper:
    return replace(paper, day=fields.plausible(paper.day, today))


def _moved(known: Cursor | None, newest: date | None, fingerprint: str) -> Cursor | None:
    """The cursor after a fetch; None as long as no day was ever listed, so that the next fetch is the first again."""
    if known is None:
        return Cursor(newest, newest, fingerprint) if newest else None
    return replace(known, day=max(known.day, newest or known.day), fingerprint=fingerprint)
