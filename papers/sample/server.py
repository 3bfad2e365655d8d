"""The sample over HTTP on the loopback: what a demo polls in place of Hugging Face and arXiv.

`reply` decides what a request gets; the rest hands it over. It keeps to the documented behaviour of
https://huggingface.co/docs/hub/api and https://info.arxiv.org/help/rss.html, without rate limits, search
and `submitter`. It is silent: no access log, no word about a client that hangs up.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from papers.sample import Item, arxiv_feed, days

PER_PAGE = 50
MAX_PER_PAGE = 100
LISTING = "/api/daily_papers"
SPANS = {"date": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}
"""What may be asked for, each as `strftime` spells it: 2026-11-20, 2026-W47, 2026-11."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `following` is the URL of the next page, if there is one."""

    status: HTTPStatus
    body: bytes
    content_type: str = "application/json; charset=utf-8"
    following: str | None = None


@contextmanager
def serving(newest: date) -> Iterator[str]:
    """Serve the sample, its newest day being `newest`, while the context lasts; gives `http://127.0.0.1:PORT`."""
    with _Server(days(newest)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.base
        finally:
            server.shutdown()
            thread.join()


def reply(target: str, base: str, listed: dict[date, list[Item]]) -> Reply:
    """What a GET of `target` (path and query) on a server at `base` gets, never an exception."""
    url = urlsplit(target)
    if url.path == LISTING:
        try:
            return _listing(dict(parse_qsl(url.query, keep_blank_values=True)), base, listed)
        except ValueError as error:
            return _failure(HTTPStatus.BAD_REQUEST, str(error))
    if url.path.startswith("/rss/"):
        feed = arxiv_feed(max(listed), unquote(url.path.removeprefix("/rss/")))
        return Reply(HTTPStatus.OK, feed, "application/rss+xml; charset=utf-8")
    return _failure(HTTPStatus.NOT_FOUND, "no such page")


def _listing(query: dict[str, str], base: str, listed: dict[date, list[Item]]) -> Reply:
    """Hugging Face's order: newest day first and most upvoted first within it, or by upvotes alone if trending."""
    spans = {name: _checked_span(name, query[name]) for name in SPANS if name in query}
    page = _checked_number("p", query.get("p", "0"), least=0)
    limit = min(_checked_number("limit", query.get("limit", str(PER_PAGE)), least=1), MAX_PER_PAGE)
    asked = [day for day in sorted(listed, reverse=True) if all(_spelt(day, name) == spans[name] for name in spans)]
    rows = [item for day in asked for item in sorted(listed[day], key=_upvotes, reverse=True)]
    if _checked_sort(query.get("sort", "publishedAt")) == "trending":
        rows.sort(key=_upvotes, reverse=True)
    following = f"{base}{LISTING}?{urlencode(query | {'p': page + 1})}" if (page + 1) * limit < len(rows) else None
    return Reply(HTTPStatus.OK, _json(rows[page * limit : (page + 1) * limit]), following=following)


def _upvotes(item: Item) -> int:
    upvotes: int = item["paper"]["upvotes"]
    return upvotes


def _spelt(day: date, span: str) -> str:
    return day.strftime(SPANS[span])


def _checked_span(name: str, text: str) -> str:
    """`text`, if it is the one spelling of a date, week or month that exists; else ValueError."""
    try:  # a week can only be parsed together with a day of the week
        day = datetime.strptime(f"{text} 1", f"{SPANS[name]} %u").replace(tzinfo=UTC)
    except ValueError as error:
        raise ValueError(f"Invalid {name}") from error
    if _spelt(day, name) != text:
        raise ValueError(f"Invalid {name}")
    return text


def _checked_number(name: str, text: str, *, least: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):  # noqa: PLR2004 - an int32
        raise ValueError(f"Invalid {name}")
    return int(text)


def _checked_sort(text: str) -> str:
    if text not in {"publishedAt", "trending"}:
        raise ValueError("Invalid sort")
    return text


def _failure(status: HTTPStatus, error: str) -> Reply:
    return Reply(status, _json({"error": error}))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


class _Server(ThreadingHTTPServer):
    def __init__(self, listed: dict[date, list[Item]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.listed = listed
        self.base = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is its own business; anything else is a defect of ours, to be seen."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10  # seconds that a client may take to ask

    def do_GET(self) -> None:
        answer = reply(self.path, self.server.base, self.server.listed)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.following:
            self.send_header("Link", f'<{answer.following}>; rel="next"')
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's signature
        """Say nothing."""
