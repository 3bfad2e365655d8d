"""What reads strangers' bytes, each with what must hold of it whatever they are: a target takes bytes and raises."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib import resources
from typing import Any, Final

from bot.commands import COMMANDS
from bot.commands import parse as parse_line
from papers.errors import QueryError, SourceError, UsageError
from papers.identity import arxiv_id, is_meant_for_arxiv, merge, paper_id, same_work, title_key
from papers.model import Paper
from papers.query import parse as parse_query
from papers.query.spelling import canonical
from papers.sources import huggingface_json as listing
from papers.sources.discovery import links
from papers.sources.feed import paper_of
from papers.sources.markup import plain
from papers.sources.parse_child import parse as parse_feed
from papers.sources.parser import _entry, _named
from papers.text import clean, fold, sentences, spans, stem
from papers.urls import canonical_url, web_link

Target = Callable[[bytes], None]

NOW: Final = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)
URL: Final = "https://blog.example/feed.xml"


def hold(truth: object, what: str) -> None:
    """Raises AssertionError where it does not; unlike assert, under -O too."""
    if not truth:
        raise AssertionError(what)


def feed(data: bytes) -> None:
    """A feed's bytes, as its child reads them, and its entries as papers."""
    kind = ("text/xml", "application/atom+xml; charset=utf-16", "text/html", "")[data[0] % 4] if data else ""
    try:
        answer = parse_feed(data[1:], URL, kind, entries=500)
    except Exception:  # noqa: BLE001 - of feedparser's: the child dies by itself, and its parent says that it is no feed
        return
    answer = json.loads(json.dumps(answer))
    for row in answer.get("entries", ()):
        paper_of(_entry(row), URL, "blog.example", NOW.date())
    _named(URL, answer.get("base", ""), answer.get("feeds", []))


def page(data: bytes) -> None:
    """A web page in a feed's place."""
    base, found = links(data)
    for address, _ in _named(URL, base, found):
        hold(address.startswith(("http://", "https://")), f"a feed at {address!r}")


def json_listing(data: bytes) -> None:
    """Hugging Face's answers."""
    with suppress(SourceError):
        for item in listing.items(data):
            made = listing.parse_item(item)
            if isinstance(made, Paper):
                hold(made.id and made.title, "a paper without id or title")
    listing.complaint(data)
    listing.next_query(text(data))


def text(data: bytes) -> str:
    """Any characters, lone surrogates among them."""
    return data.decode("utf-8", "surrogatepass" if data[:1] < b"\x40" else "replace") if _is_text(data) else ""


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data[:1] >= b"\x40"
    return True


def normaliser(data: bytes) -> None:
    """Folding, stemming, cleaning, sentences, markup, links."""
    said = text(data)
    tokens = fold(said)
    hold(all(tokens), "an empty token")
    hold(len(stem(tokens)) == len(tokens), "a stem was lost")
    hold([token for token, _, _ in spans(said)] == tokens, "spans and tokens differ")
    shown = clean(said)
    hold(clean(shown) == shown, "cleaning twice is not cleaning once")
    hold(shown.encode("utf-8") is not None, "what is shown cannot be written")
    hold(not any(mark in shown for mark in "\u202e\u2066\u200b\x00\x1b\n"), "a control character is shown")
    sentences(said)
    plain(said)
    link = web_link(said)
    hold(not link or link.startswith(("http://", "https://")), f"a link to {link!r}")
    with suppress(SourceError):
        once = canonical_url(said)
        hold(canonical_url(once) == once, f"two spellings of {once!r}")


def identity(data: bytes) -> None:
    """Which paper it is, and two that are one."""
    one, _, rest = text(data).partition("\n")
    two, _, three = rest.partition("\n")
    found = arxiv_id(one)
    hold(found is None or arxiv_id(found) == found, f"an id that is none: {found!r}")
    is_meant_for_arxiv(one)
    key = paper_id(guid=one, link=two, title=three, scope="blog.example")
    hold(key and key.isascii() and not set(key) & set(" \t\r\n{}:\\"), f"an id that no key can hold: {key!r}")
    first, second = Paper(key, one, abstract=two, authors=(two,)), Paper(key, two, abstract=three, authors=(two, three))
    title_key(first)
    hold(same_work(first, second) == same_work(second, first), "one way only")
    merged = merge(first, second)
    hold(merge(merged, second) == merged, "merging twice is not merging once")


def query(data: bytes) -> None:
    """A QUERY; one that parses has a spelling that means the same."""
    said = text(data)
    try:
        tree = parse_query(said)
    except QueryError as error:
        hold(0 <= error.position <= len(said) + 1, "a fault beside the query")
        if error.suggestion is not None:
            parse_query(error.suggestion)
        return
    spelt = canonical(tree)
    hold(canonical(parse_query(spelt, limit=len(spelt))) == spelt, f"two spellings of {spelt!r}")


def commands(data: bytes) -> None:
    """A line as it is typed."""
    try:
        parse_line(text(data), NOW)
    except UsageError as error:
        if error.suggestion is not None and not isinstance(error, QueryError):
            with suppress(UsageError):
                parse_line(error.suggestion, NOW)


def seeds(target: str) -> list[bytes]:
    """What a target begins with: rightly made inputs, to be spoilt."""
    examples = [form.example.encode() for form in COMMANDS]
    sample = resources.files("papers.sample")
    made = {
        "feed": [b"\0" + sample.joinpath("arxiv.xml").read_bytes()[:4_000] + b"</channel></rss>"],
        "page": [b'<html><head><base href="/x"><link rel="alternate" type="application/rss+xml" href="a.xml"></head>'],
        "json": [b'[{"paper": {"id": "2603.00001", "title": "T", "summary": "A.", "authors": [{"name": "A"}]}}]'],
        "query": [line.partition(b" ")[2] for line in examples],
        "commands": examples,
    }
    fields = "A title|An abstract. Of two.|Ada|https://ok.example/|An org|A summary.|word|topic|note"
    return made.get(
        target, [b"\0" + fields.replace("|", "\x1f").encode(), b"2603.00001v2\nhttps://arxiv.org/abs/2603.1\nT"]
    )


TARGETS: Final[Mapping[str, Any]] = {
    "feed": feed,
    "page": page,
    "json": json_listing,
    "normaliser": normaliser,
    "identity": identity,
    "query": query,
    "commands": commands,
}
