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


def announce(role: str, settings: Settings, server: Server) -> None:
    """Answer for this role from now on, and log that it is ready."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, kind = _answer(self.path, server)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Probes come every few seconds: they are not worth a line."""

    try:
        http = ThreadingHTTPServer((settings.http_host, settings.http_port or 0), Handler)
    except OSError as error:
        where = f"{settings.http_host}:{settings.http_port or 0}"
        raise SettingsError([f"HTTP_HOST, HTTP_PORT: cannot listen on {where}: {error.strerror}"]) from error
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, name="health", daemon=True).start()
    log.info("ready", role=role, http=f"{settings.http_host}:{http.server_port}")


def _answer(path: str, server: Server) -> tuple[HTTPStatus, bytes, str]:
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
