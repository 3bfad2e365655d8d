"""Feeds, fetched and parsed in their child: `papers.sources.feed`, `parser` and `parse_child`."""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from papers.errors import SourceError, SourceForbidden, SourceLimited, SourceMalformed, SourceStatus, SourceUnreachable
from papers.identity import merge
from papers.sources import parser
from papers.sources.feed import MAX_ENTRIES, Feed
from papers.sources.parse_child import CPU_SECONDS, MEMORY_BYTES
from tests.fakes.entries import arxiv_entry, entry, rss
from tests.fakes.internet import Internet
from tests.fakes.upstream import Upstream
from tests.integration.feeding import brought, feed

ATOM = """<?xml version="1.0" encoding="iso-8859-1"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Lab</title>
<id>urn:x</id><updated>2026-07-14T00:00:00Z</updated>
<entry><id>tag:lab.org,2026:1</id><title type="html">A &lt;b&gt;bold&lt;/b&gt; caf\xe9</title>
<link href="posts/1"/><updated>2026-07-13T22:30:00-04:00</updated><author><name>Jane Doe</name></author>
<category term="news"/><content type="html">&lt;p&gt;One.&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</content></entry>
<entry><id>tag:lab.org,2026:2</id><title></title></entry>
<entry><title>Only a title</title></entry>
<entry><id>tag:lab.org,2026:3</id><title>No such day</title><published>2026-02-30T00:00:00Z</published></entry>
</feed>""".encode("iso-8859-1")


def test_arxivs_feed_becomes_papers_under_arxivs_name(upstream: Upstream) -> None:
    url = upstream.feed(
        "/rss/cs.LG",
        rss(
            [
                arxiv_entry("2607.21557v1", "On $p<q$ & more", "We show $a<b>c$.", authors="Jane Doe, John Roe"),
                arxiv_entry("2203.01250v3", "An Older One", announce="replace"),
            ]
        ),
    )
    digest = brought(feed(url).fetch(None))
    new, replaced = digest.papers
    assert (digest.source, digest.day) == (url, date(2026, 7, 14))
    assert (new.id, new.title, new.abstract) == ("2607.21557", "On $p<q$ & more", "We show $a<b>c$.")
    assert (new.authors, new.sources, new.categories) == (("Jane Doe", "John Roe"), ("arxiv",), ("cs.LG",))
    assert (replaced.id, replaced.day) == ("2203.01250", None)


def test_v1_and_v2_are_one_paper_within_a_feed_and_across_fetches(upstream: Upstream) -> None:
    url = upstream.feed("/rss/cs.LG", rss([arxiv_entry("2607.21557v1", "First Title", "Short.")]))
    first = brought(feed(url).fetch(None))
    upstream.feed(
        "/rss/cs.LG",
        rss(
            [
                arxiv_entry("2607.21557v2", "Second Title", "Longer now.", announce="replace"),
                arxiv_entry("2607.21557v2", "Second Title", "Longer now.", announce="replace-cross"),
            ]
        ),
    )
    (second,) = brought(feed(url).fetch(first.cursor)).papers
    card = merge(first.papers[0], second)
    assert (card.id, card.title, card.abstract, card.day) == (
        "2607.21557",
        "Second Title",
        "Longer now.",
        date(2026, 7, 14),
    )


def test_an_atom_feed_in_another_charset_with_entries_of_every_poverty(upstream: Upstream) -> None:
    digest = brought(feed(upstream.feed("/blog/atom", ATOM, content_type="application/xml")).fetch(None))
    bold, bare, undated = digest.papers
    assert (bold.title, bold.abstract, bold.authors) == ("A bold café", "One.", ("Jane Doe",))
    assert (bold.url, bold.day, bold.sources) == (f"{upstream.url}/blog/posts/1", date(2026, 7, 14), ("127.0.0.1",))
    assert (bare.title, bare.url, bare.day) == ("Only a title", "", None)
    assert (undated.title, undated.day) == ("No such day", None)
    assert [skipped.where for skipped in digest.skipped] == ["tag:lab.org,2026:2"]


def test_only_arxiv_speaks_for_arxiv_unless_the_operator_opened_the_network(upstream: Upstream) -> None:
    url = upstream.feed("/feed", rss([arxiv_entry("2607.21557v1", "A Claim")]))
    fetcher = Internet({"rss.arxiv.org": upstream, "notarxiv.org": upstream}).fetcher()
    told = [
        brought(Feed(fetcher, "http://rss.arxiv.org/feed").fetch(None)),
        brought(Feed(fetcher, "http://notarxiv.org/feed").fetch(None)),
        brought(feed(url).fetch(None)),
    ]
    assert [digest.papers[0].sources for digest in told] == [("arxiv",), ("notarxiv.org",), ("arxiv",)]


def test_arxiv_is_asked_without_conditions(upstream: Upstream) -> None:
    upstream.feed("/feed", rss([arxiv_entry("2607.21557v1", "A Paper")]), etag='"1"')
    arxiv = Feed(Internet({"rss.arxiv.org": upstream}).fetcher(), "http://rss.arxiv.org/feed")
    first = brought(arxiv.fetch(None))
    assert arxiv.fetch(first.cursor) is None
    assert "if-none-match" not in upstream.requests[-1].headers


def test_an_empty_feed_of_a_weekend_is_an_empty_digest(upstream: Upstream) -> None:
    digest = brought(feed(upstream.feed("/rss/cs.LG", rss())).fetch(None))
    assert (digest.papers, digest.day, digest.skipped) == ((), None, ())


def test_arxivs_error_feed_is_an_error_with_its_words(upstream: Upstream) -> None:
    body = rss(title="Feed error for query: cs.XX", description="Bad archive: cs.XX")
    url = upstream.feed("/rss/cs.XX", body, status=400)
    with pytest.raises(SourceStatus, match=r"Feed error for query: cs.XX: Bad archive") as caught:
        feed(url).fetch(None)
    assert caught.value.status == 400


def test_a_long_feed_is_read_up_to_a_limit_and_it_is_said(upstream: Upstream) -> None:
    posts = rss([entry(f"Post {i}", guid=str(i)) for i in range(MAX_ENTRIES + 3)])
    url = upstream.feed("/feed", posts.replace(b'xmlns:arxiv="http://arxiv.org/schemas/atom" ', b""))
    digest = brought(feed(url).fetch(None))
    assert len(digest.papers) == MAX_ENTRIES
    assert digest.skipped[-1].reason == f"3 entries after the first {MAX_ENTRIES}"


def test_arxivs_feed_is_read_to_its_own_limit(upstream: Upstream) -> None:
    entries = [arxiv_entry(f"2607.{i:05}v1", f"Paper {i}", "Abstract. " * 50) for i in range(2000)]
    digest = brought(feed(upstream.feed("/rss/cs", rss(entries))).fetch(None))
    assert len(digest.papers) == 2000


@pytest.mark.parametrize(
    ("spelt", "day"),
    [
        ("Tue, 14 Jul 2026 09:00:00 GMT", date(2026, 7, 14)),
        ("Mon, 13 Jul 2026 23:00:00 -0400", date(2026, 7, 14)),
        ("2026-07-14", date(2026, 7, 14)),
        ("Tue, 31 Jun 2026 09:00:00 GMT", None),
        ("2026-02-30T09:00:00Z", None),
        ("2026-13-01", None),
        ("32/13/2026", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_a_date_that_does_not_exist_is_none(upstream: Upstream, spelt: str, day: date | None) -> None:
    (paper,) = brought(feed(upstream.feed("/feed", rss([entry("A Post", pubDate=spelt)]))).fetch(None)).papers
    assert paper.day == day


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("429", SourceLimited),
        ("500", SourceStatus),
        ("400", SourceStatus),
        ("cut", SourceUnreachable),
        ("html", SourceMalformed),
        ("empty", SourceMalformed),
    ],
)
def test_a_fault_is_a_named_error_and_the_next_fetch_is_unharmed(
    upstream: Upstream, kind: str, error: type[SourceError]
) -> None:
    url = upstream.feed("/feed", rss([entry("A Post")]))
    upstream.fail(kind)
    with pytest.raises(error):
        feed(url).fetch(None)
    assert len(brought(feed(url).fetch(None)).papers) == 1


def test_a_url_that_is_never_fetched_is_refused_at_once() -> None:
    with pytest.raises(SourceForbidden):
        feed("file:///etc/passwd")


BOMBS = {
    "attributes": b"<rss version='2.0'><channel><item><title "
    + b" ".join(b"a%d='x'" % i for i in range(200_000))
    + b">t</title></item></channel></rss>",
    "entities": b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'lol'>"
    + b"".join(b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(12))
    + b"]><rss version='2.0'><channel><item><title>&m;</title></item></channel></rss>",
    "external": b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    b"<rss version='2.0'><channel><item><title>&x;</title></item></channel></rss>",
    "depth": b"<rss version='2.0'><channel><item><title>" + b"<b>" * 30_000,
    "path": b"/etc/passwd",
    "url": b"http://127.0.0.1/",
    "nul": b"\x00" * 100_000,
}


@pytest.mark.parametrize("bomb", sorted(BOMBS.keys() - {"attributes"}))
def test_no_feed_however_written_costs_more_than_its_child(bomb: str) -> None:
    begun = time.monotonic()
    try:
        entries = parser.parse(BOMBS[bomb], url="http://blog.example/", entries=10).entries
    except SourceMalformed:
        entries = ()
    assert time.monotonic() - begun < parser.WALL_SECONDS
    assert all(len(one.title) <= 60_000 and "root:" not in one.title for one in entries)


def test_a_feed_that_takes_too_long_is_malformed() -> None:
    with pytest.raises(SourceMalformed, match=r"reasonable effort|takes more than 15 s"):
        parser.parse(BOMBS["attributes"], url="http://blog.example/", entries=10)


def test_the_child_is_held_by_the_kernel() -> None:
    program = (
        "import resource as r; from papers.sources.parse_child import restrict; restrict();"
        "print(*(r.getrlimit(what)[1] for what in (r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE, r.RLIMIT_AS)))"
    )
    limits = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout.split()  # noqa: S603 - ours
    assert limits[:3] == [b"%d" % CPU_SECONDS, b"0", b"0"]
    assert limits[3] == b"%d" % MEMORY_BYTES or sys.platform == "darwin"


def test_the_child_takes_nothing_from_the_environment_or_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "feedparser.py").write_text("raise SystemExit(1)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    assert parser.parse(rss([entry("A Post")]), url="http://blog.example/", entries=10).total == 1
