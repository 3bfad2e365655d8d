"""The Web API: which methods there are, who may call them, and how each call ends. Without HTTP and without waiting."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tests.fakes.slack.calls import Call, Method, Refusal, malformed
from tests.fakes.slack.weather import MESSAGES, Pace, Weather
from tests.fakes.slack.world import APP_TOKEN, Installation, Json, World
from tests.fakes.weather import Faults

MISTAKES: Final = frozenset(
    {
        "unknown_method",
        "not_authed",
        "not_allowed_token_type",
        "missing_argument",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "invalid_types",
        "invalid_unfurls_format",
        "missing_unfurls",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "expired_trigger_id",
        "exchanged_trigger_id",
        "invalid_trigger_id",
        "push_limit_reached",
        "view_too_large",
        "not_enabled",
    }
)
"""Errors that only a mistake of the app's makers can cause, whatever happens in the workspace."""

LOOKS: Final = frozenset({"conversations.history", "conversations.replies"})

FEW: Final = 15
"""Objects in an answer of the two methods above, where they are limited."""


@dataclass(frozen=True, slots=True)
class Request:
    """A call that came.

    Attributes:
        at: seconds since 1970, by this Slack's clock.
        answer: `ok`, the error's name, or the fault that was answered instead.
    """

    method: str
    args: Mapping[str, Any]
    token: str
    workspace: str
    at: float
    answer: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back; status 0: the connection is closed instead. `delay`: seconds before. `scopes`: the token's."""

    status: int
    body: Json
    retry_after: float = 0.0
    delay: float = 0.0
    scopes: str = ""


class Api:
    """Answers calls over a world."""

    def __init__(self, world: World, methods: Mapping[str, Method], socket_url: Callable[[], str]) -> None:
        self.world = world
        self.methods = methods
        self.faults = Faults(Weather(), MESSAGES)
        self.requests: list[Request] = []
        self.hooks: dict[str, list[Callable[[], None]]] = {}
        """Done, once each, just before the next call of a method is looked at."""
        self._socket_url = socket_url
        self._pace = Pace()

    def answer(self, method: str, args: Mapping[str, Any], token: str) -> Answer:
        """How a call ends. Every call is counted and kept."""
        for hook in self.hooks.pop(method, ()):
            hook()
        self.world.counts[method] += 1
        told, name = self._struck(method, args, token)
        self.world.counts[name] += 1
        if told.status == 429:
            self.world.counts["429"] += name != "429"
        install = self.world.installs.get(token)
        workspace = install.workspace or install.enterprise if install else ""
        self.requests.append(Request(method, args, token, workspace, self.world.now(), name))
        return replace(told, scopes=",".join(sorted(install.scopes)) if install else "")

    def _struck(self, method: str, args: Mapping[str, Any], token: str) -> tuple[Answer, str]:
        fault = self.faults.next(method, str(args.get("channel", "")))
        if fault is None:
            return self._taken(method, args, token)
        if fault.what == "slow":
            told, name = self._taken(method, args, token)
            return Answer(told.status, told.body, told.retry_after, delay=fault.seconds), name
        if fault.after:
            self._taken(method, args, token)
        name = f"{fault.what} {'after' if fault.after else 'before'}"
        if fault.what == "hang up":
            return Answer(0, {}), name
        if fault.number == 429 or fault.what == "ratelimited":
            return Answer(429, {"ok": False, "error": "ratelimited"}, retry_after=fault.seconds), "ratelimited"
        if fault.number:
            return Answer(fault.number, {"ok": False, "error": "internal_error"}), name
        return Answer(200, {"ok": False, "error": fault.what}), name

    def _taken(self, method: str, args: Mapping[str, Any], token: str) -> tuple[Answer, str]:
        try:
            return Answer(200, {"ok": True, **self._called(method, args, token)}), "ok"
        except Refusal as refusal:
            if refusal.error in MISTAKES and not _is_missing_picture(refusal):
                self.world.wrong(f"{method}: {refusal.error} {refusal.extra.get('errors', '')}".strip())
            body = {"ok": False, "error": refusal.error, **refusal.extra}
            return Answer(429 if refusal.retry_after else 200, body, refusal.retry_after), refusal.error

    def _called(self, name: str, args: Mapping[str, Any], token: str) -> Json:
        method = self.methods.get(name)
        if name == "apps.connections.open":
            return self._connection(token)
        if method is None:
            raise Refusal("unknown_method", req_method=name)
        call = Call(self.world, name, args, self._install(token) if method.is_authed else None)
        if method.scopes:
            call.need(*method.scopes)
        missing = [key for key in method.required if args.get(key) in (None, "")]
        if missing:
            raise malformed("invalid_arguments", [f"missing required field: {key}" for key in missing])
        unknown = set(args) - set(method.required) - set(method.optional) - {"token", "team_id"}
        if unknown:
            self.world.wrong(f"{name}: takes no {', '.join(sorted(unknown))}")
        return method.answer(self._limited(call))

    def _install(self, token: str) -> Installation:
        """Whose token it is."""
        if not token:
            raise Refusal("not_authed")
        install = self.world.installs.get(token)
        if install is None:
            raise Refusal("not_allowed_token_type" if token.startswith("xapp-") else "invalid_auth")
        if install.trouble:
            raise Refusal(install.trouble)
        if install.expires and self.world.now() >= install.expires:
            raise Refusal("token_expired")
        return install

    def _limited(self, call: Call) -> Call:
        """The call, unless it comes too early or the weather is against it."""
        weather, channel = self.faults.weather, call.text("channel")
        if call.method == "chat.postMessage":
            self._against_weather(call)
            wait = self._pace.post(weather, call.by.workspace, channel, time.monotonic())
        elif call.method in LOOKS and weather.per_minute:
            wait = self._pace.look(weather, call.by.workspace, call.method, self.world.now())
            call = Call(call.world, call.method, {**call.args, "limit": min(call.number("limit", FEW), FEW)}, call.by)
        else:
            return call
        if wait > 0:
            raise Refusal("ratelimited", retry_after=math.ceil(wait) if weather.per_channel >= 1 else wait)
        return call

    def _against_weather(self, call: Call) -> None:
        weather = self.faults.weather
        if call.text("channel") in weather.closed:
            raise Refusal("is_archived")
        if weather.poison and weather.poison in f"{call.text('text')}{call.args.get('blocks') or ''}":
            raise Refusal("invalid_blocks", response_metadata={"messages": ["[ERROR] downloading image failed"]})

    def _connection(self, token: str) -> Json:
        """apps.connections.open, with an app's token."""
        if token != APP_TOKEN:
            raise Refusal(
                "not_authed" if not token else "not_allowed_token_type" if token[:4] == "xoxb" else "invalid_auth"
            )
        return {"url": self._socket_url()}


def _is_missing_picture(refusal: Refusal) -> bool:
    told = refusal.extra.get("response_metadata", {}).get("messages", [])
    return bool(told) and all("downloading image failed" in one for one in told)
