"""The places that papers come from, on loopback: Hugging Face's listing and any number of feeds, with their bad days.

    with Upstream() as upstream:
        upstream.day("2026-07-14", [item("2607.21557", "A title", upvotes=12)])     # /api/daily_papers
        upstream.feed("/rss/cs.LG", rss([entry("A title", guid="oai:arXiv.org:2607.21557v1")]))
        upstream.submitted("2607.21557v2", "A title", "2026-07-12T17:59:59Z")        # arXiv's API, /api/query
        upstream.fail("429", times=2)           # the next two requests; then as above
        upstream.fail("slow", path="/rss/cs.LG", times=None)        # that path, until heal()
        …                                       # point HF_ENDPOINT at upstream.url
        assert [request.path for request in upstream.requests] == […]

`item`, `entry`, `arxiv_entry` and `rss` are in `tests.fakes.entries`. Days are listed newest first, one day's papers
by upvotes, in pages with a `Link` header, without an ETag. The API finds what was submitted in the minutes of a
`submittedDate` to a category that its query names. A feed has an ETag if it is given one, and then answers
304 to whoever sends it.

Kinds of `fail`: any status ("429", "500", "410"), and
    slow       nothing for `seconds`, then as usual   drip      one byte every 20 ms, for ever
    cut        half a body                            empty     200 and no byte
    html       a page, where data should be           huge      200 MB, without saying so
    gzipbomb   100 KB that unpack to 100 MB           redirect  to `location`
    moved      there, for good
"""

from __future__ import annotations

import json
import threading
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.answering import Answering, Asker
from tests.fakes.arxiv_api import ArxivApi

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked. Header names are in lower case; `at` is in seconds of the monotonic clock."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    at: float


@dataclass(slots=True)
class _Fault:
    kind: str
    times: int | None
    path: str | None
    day: date | None
    location: str
    seconds: float
    retry_after: str | None
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Page:
    status: int
    body: bytes
    headers: dict[str, str]


class Upstream(Answering):
    """A server in a thread of its own, from `with` to its end. See the module for its vocabulary.

    Attributes:
        requests: what was asked, in order.
        url: where it listens, without a trailing slash.
        calls_itself: the host in its `Link` headers; set it to play a mirror that passes upstream's on.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__(host)
        self.requests: list[Request] = []
        self._days: dict[str, list[Any]] = {}
        self._pages: dict[str, _Page] = {}
        self._arxiv = ArxivApi()
        self._faults: list[_Fault] = []
        self._lock = threading.Lock()
        self.url = self.calls_itself = self.address

    def day(self, day: str | date, items: Sequence[Any]) -> None:
        """List `items` on `day`, in place of what it listed. Items without a date of their own get it."""
        stamp = f"{day}T00:00:00.000Z"
        for one in items:
            if isinstance(one, dict) and isinstance(one.get("paper"), dict):
                one.setdefault("publishedAt", stamp)
                one["paper"].setdefault("submittedOnDailyAt", stamp)
        self._days[str(day)] = list(items)

    def submitted(self, name: str, title: str, at: str, *, categories: Sequence[str] = ("cs.LG",)) -> None:
        """Have arXiv's API know a paper, by its name with version and its submission's instant (ISO 8601, UTC)."""
        self._arxiv.know(name, title, at, categories)

    def feed(
        self,
        path: str,
        body: bytes,
        *,
        content_type: str = "application/rss+xml; charset=utf-8",
        etag: str | None = None,
        modified: str | None = None,
        headers: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> str:
        """Serve `body` at `path`; its URL."""
        extra = {"Content-Type": content_type, **(headers or {})}
        extra |= {name: value for name, value in (("ETag", etag), ("Last-Modified", modified)) if value}
        self._pages[path] = _Page(status, body, extra)
        return self.url + path

    def fail(
        self,
        kind: str,
        *,
        times: int | None = 1,
        path: str | None = None,
        day: date | None = None,
        location: str = "http://10.0.0.1/",
        seconds: float = 30.0,
        retry_after: str | None = "1",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer the next `times` requests (None: all, until `heal`) of `path` (None: any) with a fault.

        `headers` go with a status. With a `day`, only requests for its listing are so answered.
        """
        self._faults.append(_Fault(kind, times, path, day, location, seconds, retry_after, headers or {}))

    def heal(self) -> None:
        """Forget every fault not yet shown."""
        self._faults.clear()

    def answer(self, asker: Asker) -> None:
        """See `Answering`."""
        url = urlsplit(asker.path)
        query = dict(parse_qsl(url.query))
        headers = {name.lower(): value for name, value in asker.headers.items()}
        with self._lock:
            self.requests.append(Request(url.path, query, headers, time.monotonic()))
            fault = self._next_fault(url.path, query)
        if fault is not None and fault.kind == "slow":
            self.closing.wait(fault.seconds)
            fault = None
        if fault is not None:
            self._show(fault, asker)
        elif (page := self._pages.get(url.path)) is None:
            if url.path == "/api/daily_papers":
                self._list(query, asker)
            elif url.path == "/api/query":
                asker.reply(*self._arxiv.answer(query), {"Content-Type": "application/atom+xml; charset=utf-8"})
            else:
                asker.reply(404, b'{"error":"Not Found"}')
        elif page.headers.get("ETag") and headers.get("if-none-match") == page.headers["ETag"]:
            asker.reply(304, b"")
        else:
            asker.reply(page.status, page.body, page.headers)

    def _next_fault(self, path: str, query: Mapping[str, str]) -> _Fault | None:
        asked = (each for each in self._faults if each.day is None or str(each.day) == query.get("date"))
        fault = next((each for each in asked if each.path in {None, path}), None)
        if fault is not None and fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)
        return fault

    def _list(self, query: dict[str, str], asker: Asker) -> None:
        asked = query.get("date")
        if asked is not None and not _is_date(asked):
            asker.reply(400, b'{"error":"Invalid date"}')
            return
        days = [asked] if asked else sorted(self._days, reverse=True)
        rows = [row for day in days for row in sorted(self._days.get(day, ()), key=_upvotes, reverse=True)]
        page, limit = int(query.get("p", 0)), min(int(query.get("limit", 50)), 100)
        headers = {}
        if (page + 1) * limit < len(rows):
            following = "&".join(f"{key}={value}" for key, value in {**query, "p": page + 1}.items())
            headers["Link"] = f'<{self.calls_itself}/api/daily_papers?{following}>; rel="next"'
        asker.reply(200, json.dumps(rows[page * limit : (page + 1) * limit]).encode(), headers)

    def _show(self, fault: _Fault, asker: Asker) -> None:
        shows: dict[str, Callable[[], None]] = {
            "drip": lambda: asker.stream(self.drops()),
            "cut": lambda: asker.reply(200, b'[{"paper": {"id": "26', {"Content-Length": "100000"}),
            "html": lambda: asker.reply(200, b"<!doctype html><title>Maintenance</title><p>Back soon."),
            "empty": lambda: asker.reply(200, b""),
            "huge": lambda: asker.stream(b" " * MEGABYTE for _ in range(200)),
            "gzipbomb": lambda: asker.reply(200, gzip_bomb(), {"Content-Encoding": "gzip"}),
            "redirect": lambda: asker.reply(302, b"", {"Location": fault.location}),
            "moved": lambda: asker.reply(301, b"", {"Location": fault.location}),
        }
        if fault.kind in shows:
            shows[fault.kind]()
            return
        waits = {"Retry-After": fault.retry_after} if fault.kind == "429" and fault.retry_after else {}
        asker.reply(
            int(fault.kind), b"" if fault.kind == "304" else b'{"error":"as asked"}', {**waits, **fault.headers}
        )


@cache
def gzip_bomb() -> bytes:
    """100 KB of gzip that open to 100 MB of spaces."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join(packer.compress(b" " * MEGABYTE) for _ in range(100)) + packer.flush()


def _upvotes(row: Any) -> int:
    votes = row["paper"].get("upvotes") if isinstance(row, dict) and isinstance(row.get("paper"), dict) else 0
    return votes if isinstance(votes, int) else 0


def _is_date(text: str) -> bool:
    try:
        return str(date.fromisoformat(text)) == text
    except ValueError:
        return False
