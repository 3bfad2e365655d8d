"""Feeds as bytes: read by the feed reader that the world uses, and by an XML parser that forgives nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from xml.etree.ElementTree import Element, fromstring

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.atom import atom
from bot.web.markup import AUTHORS
from bot.web.rss import rss
from papers.answers.card import Card
from papers.model import Paper, Reason
from papers.services.bulletin import Bulletin, Entry
from tests.unit.bot.samples import DRAFTS, NOW, POLICIES, TOPIC, WORDS

SELF = "https://papers.example.org/feeds/s3cret.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
MODEL = replace(DRAFTS, published=datetime(2026, 7, 21, 9, 30, tzinfo=UTC), categories=("cs.CL", "cs.LG"))


def of(*papers: Paper, reasons: tuple[Reason, ...] = (TOPIC, WORDS)) -> Bulletin:
    entries = [
        Entry(UUID(int=number), Card(paper, "It halves the latency.", reasons), NOW - timedelta(hours=number))
        for number, paper in enumerate(papers, 1)
    ]
    return Bulletin(UUID(int=99), "Paperboy: papers for R&D", NOW, tuple(entries))


def parsed(body: bytes) -> Element:
    return fromstring(body)  # noqa: S314 - our own, whatever was written into it


def inside(root: Element, path: str) -> Element:
    found = root.find(path)
    assert found is not None, path
    return found


def words(root: Element, path: str) -> str:
    return inside(root, path).text or ""


def test_atom_has_what_its_rfc_asks_for() -> None:
    root = parsed(atom(of(MODEL, POLICIES), SELF))
    assert root.tag == f"{ATOM}feed"
    assert (words(root, f"{ATOM}title"), words(root, f"{ATOM}updated")) == (
        "Paperboy: papers for R&D",
        "2026-11-23T08:00:00+00:00",
    )
    link = inside(root, f"{ATOM}link").attrib
    assert (link["rel"], link["href"], link["type"]) == ("self", SELF, "application/atom+xml")
    entry = inside(root, f"{ATOM}entry")
    assert words(entry, f"{ATOM}id") == "urn:uuid:00000000-0000-0000-0000-000000000001"
    assert words(entry, f"{ATOM}updated") == "2026-11-23T07:00:00+00:00"
    assert words(entry, f"{ATOM}published") == "2026-07-21T09:30:00+00:00"
    assert [one.text for one in entry.iterfind(f"{ATOM}author/{ATOM}name")] == list(MODEL.authors)
    assert [one.get("term") for one in entry.iterfind(f"{ATOM}category")] == ["cs.CL", "cs.LG"]
    assert inside(entry, f"{ATOM}link").attrib["href"] == MODEL.url


def test_rss_has_what_its_specification_asks_for() -> None:
    root = parsed(rss(of(MODEL), SELF))
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    assert all(words(root, f"channel/{name}") for name in ("title", "link", "description"))
    assert words(root, "channel/lastBuildDate") == "Mon, 23 Nov 2026 08:00:00 GMT"
    item = inside(root, "channel/item")
    assert words(item, "pubDate") == "Mon, 23 Nov 2026 07:00:00 GMT"
    guid = inside(item, "guid")
    assert (guid.text, guid.get("isPermaLink")) == ("urn:uuid:00000000-0000-0000-0000-000000000001", "false")
    assert [one.text for one in item.iterfind(f"{DC}creator")] == list(MODEL.authors)
    assert [one.text for one in item.iterfind("category")] == ["cs.CL", "cs.LG"]


@pytest.mark.parametrize("write", [atom, rss])
def test_a_feed_reader_shows_title_link_and_why_it_came(write: type) -> None:
    read = feedparser.parse(write(of(MODEL, POLICIES), SELF))
    assert not read.bozo
    assert [entry.title for entry in read.entries] == [MODEL.title, POLICIES.title]
    first = read.entries[0]
    assert first.link == MODEL.url
    assert "<span>top 1% for </span><strong>efficient LLM inference</strong>" in first.summary
    assert "<strong>policies</strong>" in first.summary
    assert "It halves the latency." in first.summary


def test_the_whole_entry_has_authors_and_abstract_too() -> None:
    (told,) = feedparser.parse(atom(of(MODEL), SELF)).entries[0].content
    assert "M. Okonkwo et al. (Example Lab)" in told.value
    assert MODEL.abstract in told.value


HOSTILE = (
    "<script>alert(1)</script>",
    "]]> <![CDATA[ &amp; &lt;",
    "\x00\x08\x1b[31m \ufffe\uffff\ud800 \u202etxt",
    "a & b < c > d \" e ' f",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
)


@pytest.mark.parametrize("write", [atom, rss])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(write: type, text: str) -> None:
    paper = Paper("x1", text, text, (text,), "https://lab.org/?a=1&b=<2>", categories=(text,), organization=text)
    reason = Reason(words=(text,), topic=text, share=0.5)
    body = write(of(paper, reasons=(reason,)), SELF)
    root = parsed(body)
    assert not [one for one in root.iter() if str(one.tag).endswith("}script") or one.tag == "script"]
    (entry,) = feedparser.parse(body, sanitize_html=False).entries
    assert "<script" not in entry.summary
    assert "\x1b" not in body.decode()


anything = st.text(st.characters(), max_size=30)
moments = st.datetimes(timezones=st.just(UTC))
papers = st.builds(
    Paper,
    id=st.just("x1"),
    title=anything,
    abstract=anything,
    authors=st.lists(anything, max_size=3).map(tuple),
    url=anything | st.just("https://lab.org/a?b=c&d"),
    published=st.none() | moments,
    categories=st.lists(anything, max_size=3).map(tuple),
    organization=st.none() | anything,
    upvotes=st.integers(0, 10**6),
)
reasons = st.builds(
    Reason,
    words=st.lists(anything, max_size=2).map(tuple),
    topic=st.none() | anything,
    share=st.none() | st.floats(0.001, 1.0),
    feed=st.none() | anything,
)


@given(papers, reasons, anything)
def test_any_paper_makes_a_well_formed_feed(paper: Paper, reason: Reason, title: str) -> None:
    bulletin = replace(of(paper, reasons=(reason,)), title=title)
    for write in (atom, rss):
        root = parsed(write(bulletin, SELF))
        assert len([one for one in root.iter() if one.tag in {f"{ATOM}entry", "item"}]) == 1


def test_a_link_that_is_none_is_left_out() -> None:
    body = atom(of(replace(MODEL, url="javascript:alert(1)")), SELF)
    assert "javascript" not in body.decode()


def test_of_thousands_of_authors_some_are_named() -> None:
    crowd = replace(MODEL, authors=tuple(f"A. {number}" for number in range(3000)))
    root = parsed(rss(of(crowd), SELF))
    assert len(list(root.iter(f"{DC}creator"))) == AUTHORS
