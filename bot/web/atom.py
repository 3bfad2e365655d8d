"""A channel's feed as Atom 1.0, https://www.rfc-editor.org/rfc/rfc4287. `updated` is when a paper was posted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element

from bot.web import markup
from bot.web.markup import child
from papers.services.bulletin import Bulletin, Entry
from papers.urls import web_link

TYPE: Final = "application/atom+xml"


def atom(bulletin: Bulletin, address: str) -> bytes:
    """The document; `address` is where it is read."""
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    child(root, "id", bulletin.id.urn)
    child(root, "title", bulletin.title)
    child(root, "updated", instant(bulletin.updated))
    child(root, "link", rel="self", type=TYPE, href=address)
    child(child(root, "author"), "name", "Paperboy")
    child(root, "generator", "Paperboy")
    for entry in bulletin.entries:
        _entry(child(root, "entry"), entry)
    return markup.document(root)


def _entry(made: Element, entry: Entry) -> None:
    paper = entry.card.paper
    child(made, "id", entry.id.urn)
    child(made, "title", paper.title)
    child(made, "updated", instant(entry.posted))
    if paper.published is not None:
        child(made, "published", instant(paper.published))
    if link := web_link(paper.url):
        child(made, "link", rel="alternate", type="text/html", href=link)
    for name in markup.names(paper):
        child(child(made, "author"), "name", name)
    for category in markup.categories(paper):
        child(made, "category", term=category)
    child(made, "summary", markup.short(entry.card), type="html")
    child(made, "content", markup.whole(entry.card), type="html")


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
