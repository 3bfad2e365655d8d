"""A channel's feed as RSS 2.0, https://www.rssboard.org/rss-specification. `pubDate` is when a paper was posted."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from xml.etree.ElementTree import Element

from bot.web import markup
from bot.web.markup import child
from papers.services.bulletin import Bulletin, Entry
from papers.urls import web_link

TYPE: Final = "application/rss+xml"

NAMESPACES: Final = {"xmlns:atom": "http://www.w3.org/2005/Atom", "xmlns:dc": "http://purl.org/dc/elements/1.1/"}
"""The self link is Atom's, and names of people without a mail address are Dublin Core's."""

MINUTES: Final = "15"
"""How long a reader is asked to wait before it asks again."""


def rss(bulletin: Bulletin, address: str) -> bytes:
    """The document; `address` is where it is read."""
    root = Element("rss", {"version": "2.0", **NAMESPACES})
    channel = child(root, "channel")
    child(channel, "title", bulletin.title)
    child(channel, "link", address)
    child(channel, "description", "What Paperboy posted to a channel, newest first")
    child(channel, "atom:link", rel="self", type=TYPE, href=address)
    child(channel, "lastBuildDate", instant(bulletin.updated))
    child(channel, "generator", "Paperboy")
    child(channel, "ttl", MINUTES)
    for entry in bulletin.entries:
        _item(child(channel, "item"), entry)
    return markup.document(root)


def _item(made: Element, entry: Entry) -> None:
    paper = entry.card.paper
    child(made, "title", paper.title)
    if link := web_link(paper.url):
        child(made, "link", link)
    child(made, "guid", entry.id.urn, isPermaLink="false")
    child(made, "pubDate", instant(entry.posted))
    for name in markup.names(paper):
        child(made, "dc:creator", name)
    for category in markup.categories(paper):
        child(made, "category", category)
    child(made, "description", markup.whole(entry.card))


def instant(at: datetime) -> str:
    """RFC 822's date with the year's four digits, in GMT."""
    return format_datetime(at.astimezone(UTC), usegmt=True)
