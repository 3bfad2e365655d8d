"""The feed that an address stands for: the address itself is one, or it is of a page that names its feeds."""

from __future__ import annotations

from dataclasses import replace

from papers.errors import ChoiceError, SourceError, SourceForbidden, SourcePage
from papers.model import Digest, Want
from papers.ports import FeedReader
from papers.text import clean, shorten
from papers.wording.subscriptions import label

OFFERED = 5
"""Feeds of one page to choose from: as many buttons as a row holds."""
NAMED = 60
"""Characters of a feed's name."""


def found(feeds: FeedReader, want: Want, typed: str) -> tuple[Want, Digest]:
    """The want, which has a feed, with that one's address, and what the feed holds.

    `typed` is what stood before the want (`subscribe`, `edit 3`). Raises ChoiceError for a page that names several
    feeds, and a SourceError: SourcePage for one that names none.
    """
    named = replace(want, feed=feeds.canonical(want.feed or ""))
    try:
        return named, feeds.read(named.feed or "")
    except SourcePage as page:
        if not page.feeds:
            raise
        if len(page.feeds) > 1:
            raise _choice(page, named, typed) from page
        only = page.feeds[0][0]
    return replace(want, feed=only), _read(feeds, only)


def _read(feeds: FeedReader, named: str) -> Digest:
    """What a feed holds that a page named. Whoever gave the page is told which address it is that fails."""
    try:
        return feeds.read(named)
    except SourceForbidden:
        raise
    except SourceError as error:
        error.advice = f"the page names {named} as its feed: give another feed's address, or try again later"
        raise


def _choice(page: SourcePage, want: Want, typed: str) -> ChoiceError:
    offered = page.feeds[:OFFERED]
    told = "; ".join(f"{url} ({shorten(clean(name), NAMED)})" if clean(name) else url for url, name in offered)
    more = f"; and {len(page.feeds) - OFFERED} more" if len(page.feeds) > OFFERED else ""
    lines = tuple(f"{typed} {label(replace(want, feed=url))}" for url, _ in offered)
    return ChoiceError(f"that page has {len(page.feeds)} feeds", advice=f"choose one: {told}{more}", lines=lines)
