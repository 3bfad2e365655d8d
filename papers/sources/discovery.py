"""The feeds that a web page names. Standard library only, for it runs in the process that parses hostile feeds.

    <link rel="alternate" type="application/rss+xml" href="/feed.xml" title="Posts">

https://html.spec.whatwg.org/multipage/links.html#rel-alternate. It does not resolve or judge addresses: the parent
does.
"""

from __future__ import annotations

from html.parser import HTMLParser

LOOKED_AT = 512 * 1024
"""Bytes of a page that are looked at: the links stand in its head."""
MOST = 20
"""Feeds named by one page: blogs have two or three, and a hostile page has a million."""
TAG = 16 * 1024
"""Characters of a tag that does not end: beyond that, no page means well, and each piece would be read again."""
ADDRESS = 2_000
TITLE = 200
"""Characters kept of a feed's address and name."""

_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
"""What feedparser reads, and nothing else: a JSON feed would only be refused."""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.base = ""
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs[:MOST]}
        address = values.get("href", "").strip()[:ADDRESS]
        if tag == "base" and not self.base:
            self.base = address
        kind = values.get("type", "").partition(";")[0].strip().lower()
        if tag == "link" and "alternate" in values.get("rel", "").lower().split() and kind in _TYPES and address:
            self.found.append((address, values.get("title", "")[:TITLE]))


def is_page(body: bytes) -> bool:
    """Whether it says at its beginning that it is HTML, which no feed does."""
    return body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))


def links(body: bytes) -> tuple[str, list[tuple[str, str]]]:
    """The page's `<base href>`, or '', and at most MOST feeds as (address, name), as the page spells them."""
    page = _Links()
    text = body[:LOOKED_AT].decode("utf-8", "replace")
    for start in range(0, len(text), 4096):
        page.feed(text[start : start + 4096])
        if len(page.found) >= MOST or len(page.rawdata) > TAG:
            break
    return page.base, list(dict.fromkeys(page.found))[:MOST]
