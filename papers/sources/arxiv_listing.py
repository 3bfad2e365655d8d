"""arXiv's past: what was submitted to some categories on a day, by `GET {endpoint}/api/query`, page by page.

arXiv's feeds list only what was announced last; its API remembers everything. The manual is
https://info.arxiv.org/help/api/user-manual.html, and https://info.arxiv.org/help/api/tou.html says how often it may be
asked: one request every three seconds, one connection at a time, over all machines. That is kept by the Fetcher's turn.

A paper's day is that of its submission, in UTC. The days on which arXiv announced papers are not remembered there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from papers.courtesy import is_arxiv
from papers.errors import SourceMalformed, SourceStatus, SourceUnreachable
from papers.identity import arxiv_id, merged
from papers.model import Digest, Paper, Skipped
from papers.sources import fields, parser
from papers.sources.feed import ARXIV, paper_of
from papers.sources.http import Fetcher

ENDPOINT = "https://export.arxiv.org"
FIRST_DAY = date(1991, 8, 14)
"""The day of arXiv's first paper."""
SETTLES = timedelta(days=14)
"""Weekends, holidays and most moderators' second looks lie between a submission and its announcement."""
PER_PAGE = 500
"""The manual allows 2,000 a slice and recommends less than 1,000; so many are about 1.5 MB."""
MAX_PAGES = 20
"""All of arXiv receives about 1,500 papers on its busiest days."""

_BAD_REQUEST = 400
_DAY = timedelta(days=1)
# An archive (`cs`, `hep-th`) or one of its categories (`cs.LG`, `astro-ph.CO`), joined by `+` in a feed's path.
_CATEGORY = r"[a-z]{2,8}(?:-[a-z]{2,3})?(?:\.[A-Za-z-]{2,17})?"
_PATH = re.compile(rf"/(?:rss|atom)/({_CATEGORY}(?:\+{_CATEGORY})*)/?")
_ERRORS = "/api/errors"


def categories(feed: str, endpoint: str = ENDPOINT) -> tuple[str, ...]:
    """The categories that a feed's URL names, sorted; none if it is not a feed of arXiv's.

    A feed of the host that `endpoint` names is one too: a mirror serves both.
    """
    url = urlsplit(feed)
    found = _PATH.fullmatch(url.path.replace("%2B", "+"))
    is_there = is_arxiv(url.hostname or "") or url.netloc == urlsplit(endpoint).netloc
    return tuple(sorted(set(found[1].split("+")))) if found and is_there else ()


class ArxivListing:
    """Some categories' past, as a `papers.ports.Past` that goes by the name of their feed.

    Its empty days are not to be believed: the API is known to answer so when it is overloaded.
    """

    begins = FIRST_DAY
    settles = SETTLES
    has_empty_days = False

    def __init__(
        self,
        fetcher: Fetcher,
        name: str,
        endpoint: str = ENDPOINT,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.name = name
        self._fetcher = fetcher
        self._categories = categories(name, endpoint)
        self._endpoint = endpoint.rstrip("/")
        self._clock = clock

    def fetch_day(self, day: date) -> Digest:
        """Every paper submitted on that day (UTC). Its cursor is empty: it moves nobody's. Raises a SourceError."""
        read = [self._paper(entry) for page in self._pages(day) for entry in page]
        papers = merged(paper for paper in read if isinstance(paper, Paper))
        skipped = tuple(entry for entry in read if isinstance(entry, Skipped))
        return Digest(self.name, day, papers, "", skipped)

    def _pages(self, day: date) -> Iterator[tuple[parser.Entry, ...]]:
        begin = 0
        for _ in range(MAX_PAGES):
            page = self._page(day, begin)
            total = fields.count(page.found)
            if begin < total and not page.entries:
                raise SourceUnreachable(f"arXiv's answer ends after {begin} of {total} papers")
            yield page.entries
            begin += len(page.entries)
            if begin >= total:
                return
        raise SourceUnreachable(f"arXiv lists more than {MAX_PAGES * PER_PAGE:,} papers for {day}")

    def _page(self, day: date, begin: int) -> parser.Parsed:
        query = {"search_query": search(self._categories, day), "start": begin, "max_results": PER_PAGE}
        order = {"sortBy": "submittedDate", "sortOrder": "ascending"}
        url = f"{self._endpoint}/api/query?{urlencode({**query, **order})}"
        answer = self._fetcher.get(url, also=(_BAD_REQUEST,))
        parsed = parser.parse(answer.body, url=url, content_type="application/atom+xml", entries=PER_PAGE)
        complaint = next((entry.summary for entry in parsed.entries if _ERRORS in entry.id), None)
        if answer.status == _BAD_REQUEST or complaint is not None:
            said = fields.line(complaint) or "no reason given"
            raise SourceStatus(f"arXiv refuses the request: {said}", status=_BAD_REQUEST)
        if not parsed.found.strip().isdecimal():
            raise SourceMalformed("arXiv's answer does not say how many papers there are")
        return parsed

    def _paper(self, entry: parser.Entry) -> Paper | Skipped:
        paper = paper_of(entry, ARXIV, ARXIV, self._clock().date())
        if isinstance(paper, Skipped) or arxiv_id(paper.id) is None:
            return paper
        return replace(paper, url=f"https://arxiv.org/abs/{paper.id}")  # the entry's own names a version


def search(categories: tuple[str, ...], day: date) -> str:
    """The `search_query` for papers submitted to one of the categories on a day, UTC; an archive is all of its own.

    Dates are to the minute and inclusive, so the next day's first minute comes along: seconds make no gap.
    """
    anywhere = [f"cat:{one}" if "." in one else f"cat:{one} OR cat:{one}.*" for one in categories]
    return f"({' OR '.join(anywhere)}) AND submittedDate:[{day:%Y%m%d}0000 TO {day + _DAY:%Y%m%d}0000]"
