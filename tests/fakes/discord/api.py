"""The HTTP API: which routes there are, who may call them, and how each call ends. Without HTTP and without waiting."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fakes.discord import answers, chat, guilds, threads
from tests.fakes.discord.calls import ERRORS, Call, Refusal, Route, Upload
from tests.fakes.discord.pace import Pace, Toll
from tests.fakes.discord.weather import MESSAGES
from tests.fakes.discord.world import Json, World
from tests.fakes.weather import Fault, Faults, Weather

AGENT: Final = re.compile(r"DiscordBot \(\S+ [^)]+\)")
"""What a bot must call itself: https://discord.com/developers/docs/reference#user-agent."""

VIA: Final = {"Via": "1.1 google"}
"""On every answer that is Discord's own, and not Cloudflare's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A call as it came: `path` is what follows the API's base, `headers` have lower-case names."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    files: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A call that came.

    Attributes:
        route: Discord's operation id, or the method and path if there is no such route.
        at: seconds since 1970, by this Discord's clock.
        answer: the status, Discord's code, or the fault that was answered instead.
    """

    route: str
    path: str
    body: Any
    query: Mapping[str, str]
    at: float
    answer: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back; status 0: the connection is closed instead. `delay`: seconds before. `body` None: nothing."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


def _refused(refusal: Refusal) -> Answer:
    return Answer(refusal.status, refusal.body)


def _limited(wait: float, *, is_global: bool = False) -> Answer:
    body = {"message": "You are being rate limited.", "retry_after": round(wait, 3), "global": is_global}
    return Answer(429, body, {"Retry-After": f"{wait:.3f}"})


class Api:
    """Answers calls over a world."""

    def __init__(self, world: World, more: Iterable[Route]) -> None:
        self.world = world
        self.faults = Faults(Weather(), MESSAGES)
        self.pace = Pace()
        self.requests: list[Request] = []
        self.hooks: dict[str, list[Callable[[], None]]] = {}
        """Done, once each, just before the next call of a route is looked at."""
        routes = (*guilds.ROUTES, *chat.ROUTES, *threads.ROUTES, *answers.ROUTES, *more)
        self.names = {one.name for one in routes}
        self._routes = [(re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", one.path)), one) for one in routes]

    def answer(self, asked: Asked) -> Answer:
        """How a call ends. Every call is counted and kept."""
        with self.world.lock:
            route, path = self._found(asked)
            name = route.name if route else f"{asked.method} {asked.path}"
            for hook in self.hooks.pop(name, ()):
                hook()
            self.world.counts[name] += 1
            told, said, toll = self._paid(route, path, asked)
            self.world.counts[said] += 1
            self.pace.answered(told.status, toll.scope if toll else "", time.monotonic())
            if route:
                kept = Request(name, asked.path, asked.body, asked.query, self.world.now(), said)
                self.requests.append(kept)
            self.world.changed.notify_all()
            headers = {**(toll.headers(self.world.now()) if toll else {}), **told.headers}
            return Answer(told.status, told.body, headers, told.delay)

    def _found(self, asked: Asked) -> tuple[Route | None, Mapping[str, str]]:
        for pattern, route in self._routes:
            match = pattern.fullmatch(asked.path) if route.method == asked.method else None
            if match:
                return route, match.groupdict()
        return None, {}

    def _paid(self, route: Route | None, path: Mapping[str, str], asked: Asked) -> tuple[Answer, str, Toll | None]:
        """A call's answer, its name, and what it cost: nothing for one that never reaches a bucket."""
        if self.pace.is_banned(time.monotonic()):
            return Answer(403, "error code: 1015"), "banned", None
        if route is None:
            self.world.wrong(f"{asked.method} {asked.path}: no such route")
            return Answer(404, {"message": "404: Not Found", "code": 0}, VIA), "404", None
        if route.needs_token and (refusal := self._unknown(asked)):
            if refusal.wrong:
                self.world.wrong(f"{route.name}: {refusal.wrong}")
            return Answer(refusal.status, refusal.body, VIA), "401", None
        major = path.get("channel") or path.get("guild") or path.get("token") or ""
        toll = self.pace.toll(route, major, time.monotonic())
        if toll.wait:
            told = _limited(toll.wait, is_global=toll.scope == "global")
            return Answer(429, told.body, VIA), "429", toll
        told, said = self._struck(Call(self.world, route.name, path, asked.query, asked.body, asked.files), route)
        return Answer(told.status, told.body, {**VIA, **told.headers}, told.delay), said, toll

    def _unknown(self, asked: Asked) -> Refusal | None:
        """Why somebody is refused before anything is looked at."""
        if not AGENT.match(asked.headers.get("user-agent", "")):
            self.world.wrong("a bot's User-Agent is DiscordBot ($url, $versionNumber)")
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        if scheme != "Bot":
            return Refusal(0, wrong="Authorization must be Bot TOKEN")
        return None if token == self.world.token else Refusal(0)

    def _struck(self, call: Call, route: Route) -> tuple[Answer, str]:
        fault = self.faults.next(route.name, call.path.get("channel", ""))
        if fault is None:
            return self._taken(call, route)
        if fault.what == "slow":
            told, said = self._taken(call, route)
            return Answer(told.status, told.body, told.headers, delay=fault.seconds), said
        if fault.after:
            self._taken(call, route)
        return self._instead(fault), f"{fault.what} {'after' if fault.after else 'before'}"

    def _instead(self, fault: Fault) -> Answer:
        if fault.what == "hang up":
            return Answer(0)
        if fault.number == 429:
            told = _limited(fault.seconds)
            return Answer(429, told.body, {**told.headers, "X-RateLimit-Scope": "shared"})
        if fault.number in ERRORS and fault.number > 999:
            return _refused(Refusal(fault.number))
        return Answer(fault.number, {"message": f"{fault.number}: Internal Server Error", "code": 0})

    def _taken(self, call: Call, route: Route) -> tuple[Answer, str]:
        try:
            self._against_weather(call)
            if call.route == "create_message":
                weather = self.faults.weather
                wait = self.pace.post(weather, call.path["channel"], time.monotonic())
                if wait:
                    return _limited(wait), "429"
            body = route.answer(call)
        except Refusal as refusal:
            if refusal.is_mistake:
                about = json.dumps(refusal.errors) if refusal.errors else refusal.wrong
                self.world.wrong(f"{call.route}: {refusal.code} {refusal.sentence} {about}".strip())
            return _refused(refusal), str(refusal.code)
        return Answer(204 if body is None else route.status, body), "ok"

    def _against_weather(self, call: Call) -> None:
        weather = self.faults.weather
        if call.path.get("channel") in weather.closed:
            raise Refusal(50001)
        if weather.poison and weather.poison in json.dumps(call.body, ensure_ascii=False):
            errors: Json = {"components": {"_errors": [{"code": "POISON", "message": "This cannot be shown."}]}}
            raise Refusal(50035, errors, is_noted=True)
