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
from typing import Any

from tests.fakes.answering import Answering, Asker


class Endpoint(Answering):
    """A server in a thread of its own.

    Attributes beside those above:
        keys: the bearer tokens that came.
        pause: seconds before each answer.
        most_at_once: questions that were being answered at the same time.
    """

    def __init__(self) -> None:
        super().__init__()
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
        self.url = f"{self.address}/v1"

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

    def answer(self, asker: Asker) -> None:
        """See `Answering`."""
        asked = json.loads(asker.rfile.read(int(asker.headers["Content-Length"])))
        with self._lock:
            self.asked.append({"path": asker.path, **asked})
            self.keys.append(asker.headers.get("Authorization"))
            fault = self._faults.pop(0) if self._faults else self._always
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            self.closing.wait(self.pause)
            self._show(fault, asker)
        finally:
            with self._lock:
                self._at_once -= 1

    def _show(self, fault: str | None, asker: Asker) -> None:
        match fault:
            case None:
                asker.reply(200, completion(self.says))
            case "hang":
                self.closing.wait(60)
            case "drip":
                asker.stream(self.drops())
            case "garbage":
                asker.reply(200, b"<!doctype html><title>Sign in</title>")
            case "other":
                asker.reply(200, b'{"choices": [{"message": {"content": null}}]}')
            case "huge":
                asker.reply(200, completion("word " * 2_000_000))
            case "redirect":
                asker.reply(307, b"", {"Location": self.location})
            case "429":
                asker.reply(429, b"{}", {"Retry-After": "400"})
            case status:
                asker.reply(int(status), b'{"error": {"message": "as asked"}}')


def completion(text: str) -> bytes:
    """An answer that says this."""
    return json.dumps({"object": "chat.completion", "choices": [{"index": 0, "message": {"content": text}}]}).encode()
