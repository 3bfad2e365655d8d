"""An OpenAI-compatible endpoint on loopback, with its bad days.

    with Endpoint() as endpoint:
        endpoint.says = "The paper finds that graphs are good."      # what it answers to whatever is asked
        endpoint.fail("500", times=2)                                # the next two; then as above
        …                                                            # point SUMMARY_API_BASE_URL at endpoint.url
        assert endpoint.asked[0]["model"] == "some-model"

Kinds of `fail`: any status ("429", "401"), and
    hang      nothing until the end of the `with`     drip      a byte every 20 ms, for ever
    garbage   200 and no JSON                         other     200 and JSON that is no completion
    huge      10 MB of a completion                   redirect  to `location`
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class Endpoint:
    """A server in a thread of its own.

    Attributes beside those above:
        keys: the bearer tokens that came.
        pause: seconds before each answer.
        most_at_once: questions that were being answered at the same time.
    """

    def __init__(self) -> None:
        self.says = "The paper finds that attention on long documents pays off."
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.pause = 0.0
        self._at_once = 0
        self.most_at_once = 0
        self.location = ""
        self._faults: list[str] = []
        self._always: str | None = None
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def fail(self, kind: str, *, times: int | None = None) -> None:
        """Answer the next `times` questions (None: all, until `heal`) with a fault."""
        if times is None:
            self._always = kind
        else:
            self._faults += [kind] * times

    def heal(self) -> None:
        """Answer as usual from now on."""
        self._faults.clear()
        self._always = None

    def _answer(self, handler: _Handler) -> None:
        asked = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        with self._lock:
            self.asked.append({"path": handler.path, **asked})
            self.keys.append(handler.headers.get("Authorization"))
            fault = self._faults.pop(0) if self._faults else self._always
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            self._closing.wait(self.pause)
            self._show(fault, handler)
        finally:
            with self._lock:
                self._at_once -= 1

    def _show(self, fault: str | None, handler: _Handler) -> None:
        match fault:
            case None:
                handler.reply(200, completion(self.says))
            case "hang":
                self._closing.wait(60)
            case "drip":
                handler.stream(self._drops())
            case "garbage":
                handler.reply(200, b"<!doctype html><title>Sign in</title>")
            case "other":
                handler.reply(200, b'{"choices": [{"message": {"content": null}}]}')
            case "huge":
                handler.reply(200, completion("word " * 2_000_000))
            case "redirect":
                handler.reply(307, b"", {"Location": self.location})
            case "429":
                handler.reply(429, b"{}", {"Retry-After": "400"})
            case status:
                handler.reply(int(status), b'{"error": {"message": "as asked"}}')

    def _drops(self) -> Iterable[bytes]:
        while not self._closing.wait(0.02):
            yield b" "


def completion(text: str) -> bytes:
    """An answer that says this."""
    return json.dumps({"object": "chat.completion", "choices": [{"index": 0, "message": {"content": text}}]}).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], endpoint: Endpoint) -> None:
        super().__init__(address, _Handler)
        self.endpoint = endpoint


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        try:
            self.server.endpoint._answer(self)
        except OSError:  # the client has seen enough and hung up
            self.close_connection = True

    def reply(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def stream(self, chunks: Iterable[bytes]) -> None:
        """An answer that ends when the connection does."""
        self.send_response(200)
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(chunk)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Say nothing."""
