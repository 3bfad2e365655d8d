"""Ten thousand feeds on two thousand hosts, played on loopback, and the process that polls them.

    python -m benchmarks.feed_world PORT     what `benchmarks.feeds` measures: a fetch worker and a sweeper

Of a hundred feeds 90 answer 304, 5 have changed, 2 answer after ten seconds, 1 never does, and 2 answer 500. Names of
hosts resolve to public addresses, whose connections end at the server: the guard of addresses and the turns of hosts
are at work as they are outside.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

import httpcore2

from papers.settings import Settings
from papers.sources.http import Fetcher
from papers.stores.server import Server
from workers.wiring import Workshop

HOSTS = 2_000
SLOW = 10.0
NEVER = 25.0
"""Seconds; a fetch is given up after 20."""
PUBLIC = "93.184.216.34"
KNOWN = '"1"'

Kind = Literal["same", "changed", "slow", "hangs", "fails"]


def kind(number: int) -> Kind:
    """What a feed does. Those of one host do the same."""
    what: dict[int, Kind] = {95: "slow", 96: "slow", 97: "hangs", 98: "fails", 99: "fails"}
    return what.get(number % 100, "changed" if number % 100 in range(90, 95) else "same")


def url(number: int) -> str:
    """A feed's address."""
    return f"http://host{number % HOSTS}.example/feed/{number}"


def body(number: int) -> bytes:
    """Twenty entries with an abstract each: 12 KB, as blogs have."""
    items = "".join(
        f"<item><title>Post {entry} of {number}</title><guid>{number}/{entry}</guid>"
        f"<description>{'word ' * 100}</description></item>"
        for entry in range(20)
    )
    return f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>".encode()


class FeedServer(ThreadingHTTPServer):
    """Serves every feed, and writes down when each was asked for."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Feed)
        self.asked: dict[int, float] = {}
        self.closing = threading.Event()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Feed(BaseHTTPRequestHandler):
    server: FeedServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        number = int(self.path.rpartition("/")[2])
        self.server.asked.setdefault(number, time.time())
        what = kind(number)
        self.close_connection = True
        if what in {"slow", "hangs"}:
            self.server.closing.wait(SLOW if what == "slow" else NEVER)
        if what == "hangs":
            return
        known = what != "changed" and self.headers.get("If-None-Match") == KNOWN
        said = b"" if known or what == "fails" else body(number)
        self.send_response(500 if what == "fails" else 304 if known else 200)
        self.send_header("ETag", KNOWN)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        with suppress(OSError):  # whoever asked has given up
            self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Say nothing."""


class _Far(httpcore2.SyncBackend):
    """Connections to anywhere end at the server, which says that it is there."""

    def __init__(self, port: int) -> None:
        self._port = port

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        del port
        return _Stream(super().connect_tcp("127.0.0.1", self._port, timeout, local_address, socket_options), host)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream, peer: str) -> None:
        self.read, self.write, self.close = inner.read, inner.write, inner.close  # type: ignore[method-assign] # as it is
        self._inner, self._peer = inner, peer

    def get_extra_info(self, info: str) -> object:
        return (self._peer, 80) if info == "server_addr" else self._inner.get_extra_info(info)


def main() -> None:
    """Poll until killed."""
    port = int(sys.argv[1])
    settings = Settings.load()
    workshop = Workshop(settings, Server(settings.redis_url.get_secret_value() if settings.redis_url else ""))
    guarded = Fetcher(resolve=lambda host, _: [PUBLIC] if host.endswith(".example") else [host], dial=_Far(port))
    workshop.core.sources.__dict__["_guarded"] = guarded  # in the place of the one that it would make itself
    threading.Thread(target=workshop.sweeper().run, args=(threading.Event(),), daemon=True).start()
    workshop.fetch_worker().work(logging_level="WARNING")


if __name__ == "__main__":
    main()
