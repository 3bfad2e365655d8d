"""Sources in Redis: their cursors, their health, when each is polled next, and who polls it now."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isinf

from papers.stores import keys
from papers.stores.clock import from_ms, to_ms
from papers.stores.server import Server
from papers.trouble import Trouble


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source.

    Attributes:
        cursor: where its last complete fetch ended; None before the first.
        polled_at: the last attempt. `ok_at`: the last that succeeded.
        day: newest digest day, ISO, if it has days.
        failures: attempts that failed since the last success.
        error: what the last one said, if it failed.
        next_due: when it is polled next.
        news_at: when it last brought a paper that was new, or was first polled.
        fault: what is wrong with it in a few words, if it fails. `failing_at`: since when.
        paused: it was given up, and is not polled until somebody says so.
        title: what it calls itself, if it does.
    """

    name: str
    cursor: str | None = None
    polled_at: datetime | None = None
    ok_at: datetime | None = None
    day: str | None = None
    failures: int = 0
    error: str | None = None
    next_due: datetime | None = None
    news_at: datetime | None = None
    fault: str = ""
    failing_at: datetime | None = None
    paused: bool = False
    title: str = ""


class SourceStore:
    """Every source's state."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def state(self, name: str) -> SourceState:
        """What is remembered of one source."""
        return self.states([name])[0]

    def states(self, names: Sequence[str]) -> list[SourceState]:
        """What is remembered of each of several sources, in one round trip."""
        asked = [(["HGETALL", keys.source(name)], ["ZSCORE", keys.SOURCES_DUE, name]) for name in names]
        told = self._server.together([command for pair in asked for command in pair]) if asked else []
        return [self._state(*one) for one in zip(names, told[::2], told[1::2], strict=True)]

    @staticmethod
    def _state(name: str, fields: Mapping[str, str], due: float | None) -> SourceState:
        paused = due is not None and isinf(due)
        return SourceState(
            name=name,
            cursor=fields.get("cursor") or None,
            polled_at=_instant(fields, "polled_at"),
            ok_at=_instant(fields, "ok_at"),
            news_at=_instant(fields, "news_at"),
            day=fields.get("day") or None,
            failures=int(fields.get("failures", 0)),
            error=fields.get("error") or None,
            next_due=from_ms(due) if due is not None and not paused else None,
            fault=fields.get("fault", ""),
            failing_at=_instant(fields, "failing_at"),
            paused=paused,
            title=fields.get("title", ""),
        )

    def names(self) -> list[str]:
        """Every source that is polled."""
        return sorted(self._server.call("ZRANGE", keys.SOURCES_DUE, 0, -1))

    def settle_on(self, names: Iterable[str], now: datetime) -> None:
        """Poll exactly these sources: new ones at once, those that are gone no more; since when is noted."""
        wanted = set(names)
        have = set(self.names())
        gone = [["ZREM", keys.SOURCES_DUE, name] for name in sorted(have - wanted)]
        new = [["ZADD", keys.SOURCES_DUE, "NX", to_ms(now), name] for name in sorted(wanted - have)]
        kept = [["ZADD", keys.UNWANTED, "NX", to_ms(now), name] for name in sorted(have - wanted)]
        kept += [["ZREM", keys.UNWANTED, name] for name in sorted(wanted - have)]
        if gone or new:
            self._server.together([*gone, *new, *kept])

    def due(self, now: datetime, limit: int = 100) -> list[str]:
        """Sources that are to be polled by now, longest due first."""
        return list(self._server.call("ZRANGE", keys.SOURCES_DUE, "-inf", to_ms(now), "BYSCORE", "LIMIT", 0, limit))

    def lease(self, name: str, seconds: float) -> str | None:
        """Take the source for so long; the token proves it. None if somebody else polls it."""
        token = secrets.token_hex(8)
        taken = self._server.call("SET", keys.lease(name), token, "NX", "PX", int(seconds * 1000))
        return token if taken else None

    def finish(self, name: str, token: str, next_due: datetime | None, fields: Mapping[str, object]) -> bool:
        """Write down how a poll ended, under its lease. False if that had run out; nothing changed then.

        Without a `next_due` the source is given up: it is paused until `resume`.
        """
        arguments = [token, name, to_ms(next_due) if next_due else "inf", *_spelt(fields)]
        touched = [keys.lease(name), keys.source(name), keys.SOURCES_DUE]
        return bool(self._server.run("finish_poll", touched, arguments))

    def resume(self, name: str, now: datetime) -> bool:
        """Poll a source again that was given up, now; False if it was not."""
        fields = {"ok_at": now, "failures": 0, "error": "", "fault": "", "failing_at": ""}
        touched = [keys.source(name), keys.SOURCES_DUE]
        return bool(self._server.run("resume_source", touched, [name, to_ms(now), *_spelt(fields)]))

    def troubles(self, names: Sequence[str]) -> dict[str, Trouble]:
        """What is wrong with those of the sources that fail."""
        return {
            state.name: Trouble(state.fault or "cannot be read", state.failing_at, paused=state.paused)
            for state in self.states(names)
            if state.failing_at is not None
        }

    def doubtful(self, names: Sequence[str]) -> set[str]:
        """Those of the sources that failed the last time, or were never read."""
        told = self._server.together([["HMGET", keys.source(name), "cursor", "failures"] for name in names])
        return {name for name, (cursor, failures) in zip(names, told, strict=True) if not cursor or int(failures or 0)}

    def ring(self, bell: str, seconds: float) -> bool:
        """Whether this bell may be rung: not if it was within the last `seconds`."""
        return bool(self._server.call("SET", keys.lease(f"bell:{bell}"), 1, "NX", "PX", int(seconds * 1000)))


def _spelt(fields: Mapping[str, object]) -> list[object]:
    return [to_ms(part) if isinstance(part, datetime) else part for pair in fields.items() for part in pair]


def _instant(fields: Mapping[str, str], name: str) -> datetime | None:
    return from_ms(fields[name]) if fields.get(name) else None
