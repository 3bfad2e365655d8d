"""The parent's side of `papers.sources.parse_child`: a feed's bytes to entries, or SourceMalformed.

A child a feed costs a tenth of a second and a little memory; in return no feed, however written, can stop a worker or
crash it. It knows nothing of papers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any, Protocol

import httpx2

from papers.errors import SourceForbidden, SourceMalformed, SourcePage
from papers.urls import canonical_url, checked

WALL_SECONDS = 15.0
"""For a child that waits rather than computes; above its CPU limit, as a busy machine shares."""
_MODULE = "papers.sources.parse_child"
_BLANK = b"\xef\xbb\xbf \t\r\n"
"""What a body may begin with and still say nothing; the first three bytes are the byte order mark."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the feed has it, markup stripped; every text may be empty and of any content.

    `published` is ISO 8601 in UTC. `announce` is arXiv's type (new, cross, replace, replace-cross), else empty.
    """

    id: str
    link: str
    title: str
    summary: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    announce: str
    published: str | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A feed. `ttl` (minutes), `period` and `frequency` are as spelt; `total` counts the entries before the cap.

    `arxiv` is its shape. `found`, as spelt, is how many results a search has of which this feed is a page.
    """

    title: str
    subtitle: str
    ttl: str
    period: str
    frequency: str
    arxiv: bool
    total: int
    entries: tuple[Entry, ...]
    found: str = ""


class Parse(Protocol):
    """What `parse` is."""

    def __call__(self, body: bytes, *, url: str, content_type: str = "", entries: int) -> Parsed:
        """See `parse`."""


class Parser:
    """Parses in at most `at_once` children at a time, each of which may take 512 MB. Safe to share between threads."""

    def __init__(self, at_once: int) -> None:
        self._places = BoundedSemaphore(at_once)

    def __call__(self, body: bytes, *, url: str, content_type: str = "", entries: int) -> Parsed:
        """As `parse`, when there is a place."""
        with self._places:
            return parse(body, url=url, content_type=content_type, entries=entries)


def parse(body: bytes, *, url: str, content_type: str = "", entries: int) -> Parsed:
    """The first `entries` entries of a feed that was fetched from `url`.

    Raises SourceMalformed if it is no feed, or too much work to find out.
    """
    if not body.strip(_BLANK):
        raise SourceMalformed("that page is empty")
    order = {"url": url, "content_type": content_type, "entries": entries}
    answer = _run(json.dumps(order).encode("ascii") + b"\n" + body)
    if not answer["version"]:
        raise SourcePage(
            "that page is not a feed, and names none" if not answer["feeds"] else "that page is not a feed",
            advice="give the address of the RSS or Atom feed itself",
            feeds=_named(url, answer["base"], answer["feeds"]),
        )
    return Parsed(
        title=answer["title"],
        subtitle=answer["subtitle"],
        ttl=answer["ttl"],
        period=answer["period"],
        frequency=answer["frequency"],
        arxiv=answer["arxiv"],
        total=answer["total"],
        entries=tuple(_entry(row) for row in answer["entries"]),
        found=answer["found"],
    )


def _named(url: str, base: str, found: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Feeds that a page names, by their canonical addresses, each once; without those that are never fetched."""
    start = _joined(url, base)
    named: dict[str, str] = {}
    for address, name in found:
        with suppress(SourceForbidden):
            named.setdefault(canonical_url(_joined(start, address)), name)
    return tuple(named.items())


def _joined(base: str, address: str) -> str:
    try:
        return str(checked(base).join(address))
    except (httpx2.InvalidURL, SourceForbidden):
        return base


def _run(stdin: bytes) -> dict[str, Any]:
    # -P and our own path: the child imports what we import, whatever lies in the working directory. Nothing else of
    # the environment, where tokens are.
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and module; the feed is only ever on stdin
            [sys.executable, "-P", "-B", "-m", _MODULE],
            input=stdin,
            capture_output=True,
            timeout=WALL_SECONDS,
            env=environment,
            check=True,
        )
        answer = json.loads(child.stdout)
    except subprocess.TimeoutExpired as error:
        raise SourceMalformed(f"the feed takes more than {WALL_SECONDS:g} s to parse") from error
    except subprocess.CalledProcessError as error:
        raise SourceMalformed("the feed cannot be parsed with reasonable effort") from error
    except ValueError as error:
        raise SourceMalformed("the feed cannot be parsed") from error
    if not isinstance(answer, dict):
        raise SourceMalformed("the feed cannot be parsed")
    return answer


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(**{**row, "authors": tuple(row["authors"]), "categories": tuple(row["categories"])})
