"""A server on loopback that answers in threads of its own: what the fakes of others' HTTP services are made of.

It has no vocabulary: what is answered to whom is each fake's own.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class Answering(ABC):
    """It answers from `with` to its end.

    Attributes:
        address: where it listens, as an address without a trailing slash.
        closing: set at the end: whatever waits may wait for it instead.
        connections: how many were made, whatever was asked.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.closing = threading.Event()
        self.connections = 0
        self._server = _Server((host, 0), self)
        self.port: int = self._server.server_address[1]
        self.address = f"http://{host}:{self.port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @abstractmethod
    def answer(self, asker: Asker) -> None:
        """Answer a request, by `reply` or `stream`."""

    def drops(self) -> Iterable[bytes]:
        """A byte every 20 ms, to the end."""
        while not self.closing.wait(0.02):
            yield b" "


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], fake: Answering) -> None:
        super().__init__(address, Asker)
        self.fake = fake

    def process_request(self, request: Any, client_address: Any) -> None:
        self.fake.connections += 1
        super().process_request(request, client_address)


class Asker(BaseHTTPRequestHandler):
    """A request, and whoever waits for its answer."""

    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        try:
            self.server.fake.answer(self)
        except OSError:  # the client has seen enough and hung up
            self.close_connection = True

    def do_POST(self) -> None:
        self.do_GET()

    def reply(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """A whole answer, or a part of it if `headers` promise a longer one."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def stream(self, chunks: Iterable[bytes]) -> None:
        """An answer that ends when the connection does."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(chunk)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Say nothing."""
