"""GET /healthz, /readyz and /metrics for a long-running role.

Healthy: the process answers. Ready: so does its server. The port is HTTP_PORT, else one that the system picks; the
`ready` line names it.
"""

from __future__ import annotations

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from papers.errors import SettingsError, StoreError
from papers.settings import Settings
from papers.stores.server import Server

log = structlog.get_logger()


def announce(role: str, settings: Settings, server: Server, port: int | None = None) -> None:
    """Answer for this role from now on, at HTTP_PORT unless another is given, and log that it is ready."""
    port = settings.http_port if port is None else port

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, kind = answer(self.path, server)
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
    ready(role, settings.http_host, http.server_port)


def ready(role: str, host: str, port: int) -> None:
    """Log that a role is ready, and where it answers."""
    log.info("ready", role=role, http=f"{host}:{port}")


def answer(path: str, server: Server) -> tuple[HTTPStatus, bytes, str]:
    """What a path is answered: status, body, content type."""
    if path == "/metrics":
        return HTTPStatus.OK, generate_latest(), CONTENT_TYPE_LATEST
    if path == "/healthz":
        return HTTPStatus.OK, b"alive\n", "text/plain"
    if path == "/readyz":
        try:
            server.call("PING")
        except StoreError:
            return HTTPStatus.SERVICE_UNAVAILABLE, b"the server does not answer\n", "text/plain"
        return HTTPStatus.OK, b"ready\n", "text/plain"
    return HTTPStatus.NOT_FOUND, b"there are /healthz, /readyz and /metrics\n", "text/plain"
