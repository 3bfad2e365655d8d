"""What Slack brings to an app, and what is known of each bringing: values, and the two ways of writing them down."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlencode

from tests.fakes.slack.world import Json

What = Literal["slash_commands", "interactive", "events_api"]

IN_TIME: Final = 3.0
"""Seconds within which an app must have acknowledged."""


@dataclass(slots=True)
class Attempt:
    """One time that it was brought.

    Attributes:
        at: seconds since 1970, by the machine's clock.
        seconds: until it was acknowledged; None if it was not.
        status: of an HTTP answer; 0 over a socket or where there was none.
        answer: what came with the acknowledgement: JSON, text, or None.
        headers, body: what was sent over HTTP, to the byte.
    """

    at: float
    seconds: float | None = None
    status: int = 0
    answer: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Delivery:
    """Something to be brought: a command, an interaction or an event, and how that went."""

    what: What
    payload: Json
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def acknowledged(self) -> float | None:
        """Seconds that the first acknowledgement took, None if there was none (yet)."""
        return next((one.seconds for one in self.attempts if one.seconds is not None), None)

    @property
    def answer(self) -> Any:
        """What came with the first acknowledgement."""
        return next((one.answer for one in self.attempts if one.seconds is not None), None)

    @property
    def status(self) -> int:
        """The HTTP status of the last answer, 0 if there is none."""
        return self.attempts[-1].status if self.attempts else 0

    @property
    def name(self) -> str:
        """What to call it."""
        event = self.payload.get("event", {}).get("type", "")
        return f"{self.what} {event or self.payload.get('command') or self.payload.get('type', '')}"


def http_body(what: What, payload: Json) -> tuple[str, bytes]:
    """The content type and body of the POST that brings it."""
    if what == "events_api":
        return "application/json", json.dumps(payload).encode()
    fields = payload if what == "slash_commands" else {"payload": json.dumps(payload)}
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def signed(body: bytes, secret: str, at: float) -> dict[str, str]:
    """Slack's signature over a body (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def parsed(body: str) -> Any:
    """An answer's body: JSON if it is that, None if it is empty, else text."""
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body


def envelope(name: str, what: What, payload: Mapping[str, Any], retry: int) -> Json:
    """What stands around it on a socket."""
    around: Json = {"envelope_id": name, "type": what, "payload": payload}
    around["accepts_response_payload"] = what != "events_api"
    if what == "events_api":
        around |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
    return around
