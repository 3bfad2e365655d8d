"""GET /healthz, /readyz and /metrics for a long-running role, and its word to the others that it is there.

    /healthz   alive: none of its loops hangs. Whoever restarts roles asks this; a server that is away is no reason to.
    /readyz    it can do its work now: alive, the server takes writes, and the platform that it serves is connected.
    /metrics   what stages count, and what `cli.exposition` tells

Both probes answer JSON, as in `{"ready": false, "reasons": ["the server does not answer"]}`.

The port is HTTP_PORT, else one that the system picks; the `ready` line names it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from errno import EADDRINUSE
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from typing import Final, Self

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import Metric

from cli.exposition import Collected, about_platforms, about_process, about_server, about_shared
from cli.watch import Watch
from papers.connections import Connections
from papers.errors import SettingsError, StoreError
from papers.pulse import Pulse
from papers.settings import Settings
from papers.stores.census import CensusStore
from papers.stores.server import Server

LOOP: Final = 60.0
"""Seconds within which a loop that waits for nothing long goes round: a call to a server that hangs may take half."""

log = structlog.get_logger()


class Health:
    """What a role answers about itself, from `here` until the end of the `with` block.

    Args:
        role: as it is typed after `paperboy`.
        pulse: its loops.
        connections: to the platforms that it hears from, if it does.
        census: counts the state that all share, in the role that tells of it.
        shard: which of PAPERBOY_SHARDS it matches.
    """

    def __init__(
        self,
        role: str,
        settings: Settings,
        server: Server,
        pulse: Pulse,
        *,
        connections: Connections | None = None,
        census: CensusStore | None = None,
        shard: int = 1,
    ) -> None:
        self.role = role
        self._settings = settings
        self._server = server
        self._pulse = pulse
        self._connections = connections or Connections()
        self._version = metadata.version("paperboy")
        self._watch = Watch(server, census)
        self._shard = shard
        self._port = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.end()

    def __call__(self, path: str) -> tuple[HTTPStatus, bytes, str]:
        """What a path is answered: status, body, content type."""
        if path == "/metrics":
            return HTTPStatus.OK, self.metrics(), CONTENT_TYPE_LATEST
        if path not in {"/healthz", "/readyz"}:
            return HTTPStatus.NOT_FOUND, b"there are /healthz, /readyz and /metrics\n", "text/plain"
        return said("alive", self._hung()) if path == "/healthz" else said("ready", self.troubles())

    def _hung(self) -> list[str]:
        return [f"the {loop} has not moved for {age:.0f} s" for loop, age in self._pulse.hung().items()]

    def troubles(self) -> list[str]:
        """Why the role cannot do its work now."""
        lost = [trouble for trouble in self._connections.troubles().values() if trouble]
        return [*self._hung(), *lost, *self._servers()]

    def _servers(self) -> list[str]:
        try:
            self._server.call("PING")
        except StoreError:
            return ["the server does not answer"]
        try:
            self._server.try_write()
        except StoreError as error:  # a full disk, no memory, replicas that are missed
            return [str(error)]
        return []

    def metrics(self) -> bytes:
        """Everything, as Prometheus reads it. It waits for nothing."""
        return generate_latest(REGISTRY) + generate_latest(Collected(self._told))

    def _told(self) -> Iterator[Metric]:
        yield from about_process(self.role, self._version, self._pulse, self._settings.paperboy_data)
        yield from about_server(self._watch.answers, self._watch.ping)
        yield about_platforms(self._connections.troubles())
        if self._watch.census is not None:
            budget = self._settings.summary_daily_budget if self._settings.summary_model else 0
            yield from about_shared(self._watch.census, budget)

    def here(self, port: int) -> None:
        """It answers there; tell the others from now on that it is there."""
        self._port = port
        self._watch.begin(self.role, self._settings, port, self._version, self._shard)

    def ready(self) -> None:
        """Log that the role can do its work, and where it answers."""
        log.info("ready", role=self.role, http=f"{self._settings.http_host}:{self._port}")


def said(what: str, reasons: Sequence[str]) -> tuple[HTTPStatus, bytes, str]:
    """A probe's answer: yes, or for what reasons not."""
    status = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
    told = json.dumps({what: not reasons, "reasons": list(reasons)}, ensure_ascii=False)
    return status, f"{told}\n".encode(), "application/json"


def announce(health: Health, settings: Settings) -> None:
    """Answer for a role that has nothing to wait for, at HTTP_PORT, and say that it is ready."""
    health.here(listen(health, settings))
    health.ready()


def listen(answer: Callable[[str], tuple[int, bytes, str]], settings: Settings, port: int | None = None) -> int:
    """Answer GET in threads that end with the process; the port. Raises SettingsError where it is taken."""
    port = settings.http_port if port is None else port

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, kind = answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Probes come every few seconds: they are not worth a line."""

    try:
        http = ThreadingHTTPServer((settings.http_host, port or 0), Handler)
    except OSError as error:
        where = f"{settings.http_host}:{port or 0}"
        who = "; another Paperboy may run there: stop it, or set another HTTP_PORT" * (error.errno == EADDRINUSE)
        raise SettingsError([f"HTTP_HOST, HTTP_PORT: cannot listen on {where}: {error.strerror}{who}"]) from error
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, name="health", daemon=True).start()
    return int(http.server_port)
