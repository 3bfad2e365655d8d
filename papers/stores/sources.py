"""Sources in Redis: their cursors, their health, when each is polled next, and who polls it now."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from papers.stores import keys
from papers.stores.clock import from_ms, to_ms
from papers.stores.server import Server


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


class SourceStore:
    """Every source's state."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def state(self, name: str) -> SourceState:
        """What is remembered of one source."""
        fields, due = self._server.together(
            [["HGETALL", keys.source(name)], ["ZSCORE", keys.SOURCES_DUE, name]],
        )
        return SourceState(
            name=name,
            cursor=fields.get("cursor") or None,
            polled_at=_instant(fields, "polled_at"),
            ok_at=_instant(fields, "ok_at"),
            news_at=_instant(fields, "news_at"),
            day=fields.get("day") or None,
            failures=int(fields.get("failures", 0)),
            error=fields.get("error") or None,
            next_due=from_ms(due) if due is not None else None,
        )

    def names(self) -> list[str]:
        """Every source that is polled."""
        return sorted(self._server.call("ZRANGE", keys.SOURCES_DUE, 0, -1))

    def settle_on(self, names: Iterable[str], now: datetime) -> None:
        """Poll exactly these sources: new ones at once, those that are gone no more."""
        wanted = set(names)
        have = set(self.names())
        for name in sorted(have - wanted):
            self._server.call("ZREM", keys.SOURCES_DUE, name)
        for name in sorted(wanted - have):
            self._server.call("ZADD", keys.SOURCES_DUE, "NX", to_ms(now), name)

    def due(self, now: datetime, limit: int = 100) -> list[str]:
        """Sources that are to be polled by now, longest due first."""
        return list(self._server.call("ZRANGE", keys.SOURCES_DUE, "-inf", to_ms(now), "BYSCORE", "LIMIT", 0, limit))

    def lease(self, name: str, seconds: float) -> str | None:
        """Take the source for so long; the token proves it. None if somebody else polls it."""
        token = secrets.token_hex(8)
        taken = self._server.call("SET", keys.lease(name), token, "NX", "PX", int(seconds * 1000))
        return token if taken else None

    def finish(self, name: str, token: str, next_due: datetime, fields: Mapping[str, object]) -> bool:
        """Write down how a poll ended, under its lease. False if that had run out; nothing changed then."""
        arguments: list[object] = [token, name, to_ms(next_due)]
        for field, value in fields.items():
            arguments += [field, to_ms(value) if isinstance(value, datetime) else value]
        touched = [keys.lease(name), keys.source(name), keys.SOURCES_DUE]
        return bool(self._server.run("finish_poll", touched, arguments))

    def ring(self, bell: str, seconds: float) -> bool:
        """Whether this bell may be rung: not if it was within the last `seconds`."""
        return bool(self._server.call("SET", keys.lease(f"bell:{bell}"), 1, "NX", "PX", int(seconds * 1000)))


def _instant(fields: Mapping[str, str], name: str) -> datetime | None:
    return from_ms(fields[name]) if fields.get(name) else None
