"""Any RSS or Atom feed, arXiv's among them, as a source of papers.

    fetch ─ Fetcher.get ─ parser.parse ─ paper_of each entry ─ merged ─ Digest, or None if there is nothing to remember

arXiv's feeds differ: entries carry an announce type and all authors in one string, errors are feeds too (status 400),
and conditional requests are not to be relied on. It does not schedule: its cursor says what the feed asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

from papers.courtesy import is_arxiv
from papers.errors import SourceMalformed, SourceStatus
from papers.identity import arxiv_id, fingerprint, merged, paper_id
from papers.model import Digest, Paper, Skipped
from papers.sources import fields, parser
from papers.sources.feed_cursor import Cursor
from papers.sources.http import Fetched, Fetcher
from papers.sources.waiting import LONGEST
from papers.urls import canonical_url, checked, web_link

ARXIV = "arxiv"
"""The name of arXiv in `Paper.sources`; other feeds go by their host's."""
MAX_ENTRIES = 500
MAX_ARXIV_ENTRIES = 2_000
"""arXiv's own cap of a feed."""
TITLE = 200
"""Characters kept of what a feed calls itself."""

_BAD_REQUEST = 400
_ERROR_TITLE = "feed error"


class Feed:
    """One feed as a `papers.ports.Source`. `name` is its canonical URL.

    Raises SourceForbidden for a URL that is never fetched.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        url: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parse: parser.Parse = parser.parse,
    ) -> None:
        self.name = canonical_url(url)
        self._fetcher = fetcher
        self._host = checked(self.name).host
        self._clock = clock
        self._parser = parse

    def fetch(self, cursor: str | None) -> Digest | None:
        """Every entry that the feed holds now, if they are not those of `cursor`.

        If they are: a digest without papers where the cursor moved all the same, else None. `Digest.day` is the newest
        entry's, None if no entry has a date. Raises a SourceError.
        """
        known = Cursor.load(cursor)
        conditional = known if not is_arxiv(self._host) else Cursor()
        answer = self._fetcher.get(
            self.name, etag=conditional.etag, modified=conditional.modified, also=(_BAD_REQUEST,)
        )
        heard = known.heard(answer.headers, answer.moved, self._clock())
        body = known.body if answer.unchanged else sha256(answer.body).hexdigest()[:16]
        if known.body == body and known.print:
            return self._quiet(known, heard)
        parsed = self._parse(answer)
        papers, skipped, revisions = self._papers(parsed)
        heard = replace(
            heard,
            etag=answer.headers.get("etag"),
            modified=answer.headers.get("last-modified"),
            body=body,
            print=fingerprint(papers),
            wait=max(_ttl(parsed.ttl), _period(parsed.period, parsed.frequency)),
        )
        if heard.print == known.print:
            return self._quiet(known, heard)
        newest = max((paper.day for paper in papers if paper.day), default=None)
        moved = heard.new_home(self._clock())
        return Digest(self.name, newest, papers, heard.dump(), skipped, revisions, moved, _title(parsed))

    def _quiet(self, known: Cursor, heard: Cursor) -> Digest | None:
        moved = heard.new_home(self._clock())
        return Digest(self.name, None, (), heard.dump(), moved=moved) if heard != known or moved else None

    def _parse(self, answer: Fetched) -> parser.Parsed:
        try:
            parsed = self._parser(
                answer.body,
                url=self.name,  # a guid may be relative: an entry stays the same one wherever a redirect leads today
                content_type=answer.headers.get("content-type", ""),
                entries=MAX_ARXIV_ENTRIES,
            )
        except SourceMalformed as error:
            if answer.status == _BAD_REQUEST:
                raise SourceStatus(f"{self._host} answered {_BAD_REQUEST}", status=_BAD_REQUEST) from error
            raise
        title = fields.line(parsed.title)
        if answer.status == _BAD_REQUEST or title.lower().startswith(_ERROR_TITLE):
            said = fields.line(f"{title}: {parsed.subtitle}" if parsed.subtitle else title)
            raise SourceStatus(f"{self._host} answered: {said}", status=_BAD_REQUEST)
        return parsed

    def _papers(self, parsed: parser.Parsed) -> tuple[tuple[Paper, ...], tuple[Skipped, ...], frozenset[str]]:
        """The entries as papers, those that could not become one, and the ids that are only announced again."""
        most = MAX_ARXIV_ENTRIES if parsed.arxiv else MAX_ENTRIES
        source = ARXIV if self._speaks_for_arxiv(parsed) else self._host
        today = self._clock().date()
        entries = parsed.entries[:most]
        read = [paper_of(entry, source, self._host, today) for entry in entries]
        told = [
            (paper, is_revision(entry)) for paper, entry in zip(read, entries, strict=True) if isinstance(paper, Paper)
        ]
        revisions = {paper.id for paper, again in told if again} - {paper.id for paper, again in told if not again}
        skipped = [entry for entry in read if isinstance(entry, Skipped)]
        if parsed.total > most:
            skipped.append(Skipped(self.name, f"{parsed.total - most} entries after the first {most}"))
        return merged(paper for paper, _ in told), tuple(skipped), frozenset(revisions)

    def _speaks_for_arxiv(self, parsed: parser.Parsed) -> bool:
        """Any feed can be written in arXiv's shape, and arXiv's word goes before other feeds' (`identity.merge`).

        A mirror is believed where the operator opened the network it lies in.
        """
        return is_arxiv(self._host) or (parsed.arxiv and self._fetcher.opens)


def is_revision(entry: parser.Entry) -> bool:
    """Whether arXiv announces a new version of a paper that it announced before."""
    return entry.announce.startswith("replace")


def paper_of(entry: parser.Entry, source: str, scope: str, today: date) -> Paper | Skipped:
    """An entry as a paper; only a title is required. `scope` is the host that its id is unique on.

    arXiv's replacements carry no day: the date on them is that of the new version, and the paper is older.
    """
    title = fields.line(entry.title, fields.TITLE)
    if not title:
        return Skipped(fields.line(entry.id or entry.link) or "an entry without id", "no title")
    published = None if is_revision(entry) else fields.instant(entry.published)
    day = fields.plausible(published.date(), today) if published else None
    link = web_link(entry.link) or web_link(entry.id)
    key = paper_id(guid=entry.id, link=link, title=title, scope=scope)
    return Paper(
        id=key,
        title=title,
        abstract=fields.line(_abstract(entry.summary), fields.ABSTRACT),
        authors=fields.lines(_authors(entry)),
        url=link or (f"https://arxiv.org/abs/{key}" if arxiv_id(key) else ""),
        sources=(source,),
        day=day,
        published=published if day else None,
        categories=fields.lines(entry.categories),
    )


def _abstract(summary: str) -> str:
    """`summary` without arXiv's preamble, "arXiv:2203.01250v3 Announce Type: new Abstract: " on two lines."""
    preamble, found, abstract = summary.partition("Abstract:")
    return abstract if found and preamble.startswith("arXiv:") and "Announce Type:" in preamble else summary


def _authors(entry: parser.Entry) -> tuple[str, ...]:
    if not entry.announce:
        return entry.authors
    return tuple(name for names in entry.authors for name in names.split(","))


def _title(parsed: parser.Parsed) -> str:
    return fields.line(parsed.title, TITLE)


def _ttl(minutes: str) -> float:
    """RSS 2.0's `ttl`, as seconds: https://www.rssboard.org/rss-specification#ltttlgtSubelementOfLtchannelgt."""
    return min(60.0 * fields.count(minutes.strip()), LONGEST)


_PERIODS = {"hourly": 3_600.0, "daily": 86_400.0, "weekly": LONGEST, "monthly": LONGEST, "yearly": LONGEST}


def _period(period: str, frequency: str) -> float:
    """`sy:updatePeriod` over `sy:updateFrequency`, as seconds: https://web.resource.org/rss/1.0/modules/syndication/."""
    return _PERIODS.get(period.strip().lower(), 0.0) / max(fields.count(frequency.strip()), 1)
