"""`python -m papers.sources.parse_child`: a feed's bytes on stdin, its entries as JSON on stdout, within limits.

feedparser is handed whatever the internet serves, and XML can be written to cost minutes (2.3 MB with 200,000
attributes: over 40 s of CPU). So it runs here: limited by the kernel, killed by `papers.sources.feed`, with none of
Paperboy's secrets in its environment. It is given bytes only, for `feedparser.parse` opens paths and URLs.

stdin: one line of JSON, {"url": the feed's own, for relative links, "content_type": for its charset, "entries": at
most so many}, then the bytes. stdout: if it is no feed, {"version": "", "base", "feeds": [[address, name]]}: those
that a web page names, and what their addresses are relative to. Else {"version", "title", "subtitle", "ttl" (minutes,
as spelt), "period" and "frequency" (of the syndication module, as spelt), "found" (OpenSearch's total, as spelt),
"arxiv": is it shaped as arXiv's feeds are?, "total", "entries": [{"id", "link", "title", "summary", "authors",
"categories", "announce", "published" (ISO 8601, UTC) or null}]}.

It does not judge entries: `papers.sources.feed` does.
"""

from __future__ import annotations

import json
import resource
import sys
from calendar import timegm
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

from papers.sources.discovery import is_page, links
from papers.sources.markup import plain

CPU_SECONDS = 5
"""arXiv's longest feed takes about one."""
MEMORY_BYTES = 512 * 1024 * 1024
"""Of address space: ten times what 5 MB of honest feed need."""
FIELD = 60_000
"""Characters of a field looked at, markup included."""
LIST = 5_000
"""Authors or categories of an entry."""


def restrict() -> None:
    """Have the kernel end this process rather than let it run away: CPU, memory, files, core dumps."""
    limits = {
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        with suppress(ValueError, OSError):  # macOS knows no limit of address space
            resource.setrlimit(what, (most, most))


def parse(body: bytes, url: str, content_type: str, *, entries: int) -> dict[str, Any]:
    """What stdout gets. Runs feedparser in this very process: only to be called in a child."""
    if is_page(body):
        return _page(body)
    import feedparser  # noqa: PLC0415 - only after the limits are set, for they cover its import too

    headers = {"content-location": url, "content-type": content_type}
    feed = feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    if not feed.version:
        return _page(body)
    rows = [_entry(entry) for entry in feed.entries[:entries]]
    return {
        "version": feed.version,
        "title": plain(_text(feed.feed, "title")),
        "subtitle": plain(_text(feed.feed, "subtitle")),
        "ttl": _text(feed.feed, "ttl"),
        "period": _text(feed.feed, "sy_updateperiod"),
        "frequency": _text(feed.feed, "sy_updatefrequency"),
        "found": _text(feed.feed, "opensearch_totalresults"),
        "arxiv": "http://arxiv.org/schemas/atom" in feed.namespaces.values(),
        "total": len(feed.entries),
        "entries": rows,
    }


def _page(body: bytes) -> dict[str, Any]:
    base, found = links(body)
    return {"version": "", "base": base, "feeds": found}


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    contents = entry.get("content")
    first = contents[0] if isinstance(contents, list) and contents else {}
    announce = _text(entry, "arxiv_announce_type")
    # arXiv writes plain text with TeX in it, where `$a<b>c$` is no markup.
    is_arxiv = bool(announce) or "arxiv_primary_category" in entry
    text: Callable[[str], str] = str if is_arxiv else plain
    return {
        "id": _text(entry, "id"),
        "link": _text(entry, "link"),
        "title": text(_text(entry, "title")),
        "summary": text(_text(entry, "summary") or _text(first, "value")),
        "authors": [text(_text(author, "name")) for author in _dicts(entry, "authors")],
        "categories": [_text(tag, "term") for tag in _dicts(entry, "tags")],
        "announce": announce,
        "published": _moment(entry, "published") or _moment(entry, "updated"),
    }


def _text(values: dict[str, Any], key: str) -> str:
    """dict.get, not feedparser's own, which answers with other keys' values and warnings."""
    value = dict.get(values, key)
    return value[:FIELD] if isinstance(value, str) else ""


def _dicts(values: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = dict.get(values, key)
    return [one for one in value[:LIST] if isinstance(one, dict)] if isinstance(value, list) else []


def _moment(entry: dict[str, Any], key: str) -> str | None:
    """Feedparser's nine figures, in UTC, as ISO 8601; None for none and for days that do not exist."""
    try:
        return datetime.fromtimestamp(timegm(_existing(entry, key)), UTC).isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _existing(entry: dict[str, Any], key: str) -> Any:
    """Raises ValueError for 30 February, of which feedparser makes 2 March."""
    spelt = _text(entry, key).strip()
    if spelt[4:5] == spelt[7:8] == "-":
        date.fromisoformat(spelt[:10])
    return dict.get(entry, f"{key}_parsed")


def main() -> None:
    """Read, parse, write."""
    restrict()
    asked, _, body = sys.stdin.buffer.read().partition(b"\n")
    order = json.loads(asked)
    answer = parse(body, order["url"], order["content_type"], entries=order["entries"])
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
