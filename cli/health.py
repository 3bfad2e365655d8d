"""GET /healthz, /readyz and /metrics for a long-running role, and its word to the others that it is there.

    /healthz   alive: none of its loops hangs. Whoever restarts roles asks this; a server that is away is no reason to.
    /readyz    ready: alive, and the server answers.
    /metrics   what stages count, and what `cli.exposition` tells

The port is HTTP_PORT, else one that the system picks; the `ready` line names it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from typing import Final, Self

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import Metric

from cli.exposition import Collected, about_process, about_server, about_shared
from cli.watch import Watch
from papers.errors import SettingsError, StoreError
from papers.pulse import Pulse
from papers.settings import Settings
from papers.stores.census import CensusStore
from papers.stores.server import Server

LOOP: Final = 60.0
"""Seconds within which a loop that waits for nothing long goes round: a call to a server that hangs may take half."""

log = structlog.get_logger()


class Health:
    """What a role answers about itself, from the moment that it says it is ready until the end of the `with` block.

    Args:
        role: as it is typed after `paperboy`.
        pulse: its loops.
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
        census: CensusStore | None = None,
        shard: int = 1,
    ) -> None:
        self.role = role
        self._settings = settings
        self._server = server
        self._pulse = pulse
        self._version = metadata.version("paperboy")
        self._watch = Watch(server, census)
        self._shard = shard

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
        trouble = self._trouble(path)
        if trouble:
            return HTTPStatus.SERVICE_UNAVAILABLE, f"{trouble}\n".encode(), "text/plain"
        return HTTPStatus.OK, b"alive\n" if path == "/healthz" else b"ready\n", "text/plain"

    def _trouble(self, path: str) -> str:
        hung = [f"the {loop} has not moved for {age:.0f} s" for loop, age in self._pulse.hung().items()]
        if hung or path == "/healthz":
            return "; ".join(hung)
        try:
            self._server.call("PING")
        except StoreError:
            return "the server does not answer"
        return ""

    def metrics(self) -> bytes:
        """Everything, as Prometheus reads it. It waits for nothing."""
        return generate_latest(REGISTRY) + generate_latest(Collected(self._told))

    def _told(self) -> Iterator[Metric]:
        yield from about_process(self.role, self._version, self._pulse, self._settings.paperboy_data)
        yield from about_server(self._watch.answers, self._watch.ping)
        if self._watch.census is not None:
            budget = self._settings.summary_daily_budget if self._settings.summary_model else 0
            yield from about_shared(self._watch.census, budget)

    def ready(self, port: int) -> None:
        """Log that the role is ready and where it answers, and tell the others from now on that it is there."""
        log.info("ready", role=self.role, http=f"{self._settings.http_host}:{port}")
        self._watch.begin(self.role, self._settings, port, self._version, self._shard)


def announce(health: Health, settings: Settings, port: int | None = None) -> None:
    """Answer for a role from now on, at HTTP_PORT unless another is given, and say that it is ready."""
    health.ready(listen(health, settings, port))


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
        raise SettingsError([f"HTTP_HOST, HTTP_PORT: cannot listen on {where}: {error.strerror}"]) from error
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, name="health", daemon=True).start()
    return int(http.server_port)
