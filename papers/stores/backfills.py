"""How far the archive is filled from each source's past, in Redis: day by day, and who asks for which day now.

A day is spelt by how many papers were listed: `31` for good, `31+` while it may get more, empty while it is missing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from papers.stores import keys
from papers.stores.server import Server

LEASE = 60.0
"""Seconds that a day is left to the one who asks for it: longer than most fetches. One that takes longer is asked for
twice, which costs a request."""

OPEN = "+"


@dataclass(frozen=True, slots=True)
class Listed:
    """A day that was asked for and stored: how many papers it listed, and whether it will list no more."""

    papers: int
    final: bool


class BackfillStore:
    """Every source's days."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def want(self, source: str, days: Iterable[date]) -> None:
        """Have these days count as missing until they are noted; those that are stay as they are."""
        key = keys.backfilled(source)
        self._server.together([["HSETNX", key, day.isoformat(), ""] for day in days])

    def note(self, source: str, day: date, listed: Listed) -> None:
        """Note a day whose papers are all stored."""
        self._server.call("HSET", keys.backfilled(source), day.isoformat(), _spelt(listed))

    def days(self, source: str) -> dict[date, Listed | None]:
        """Every day that was ever wanted, oldest first; None for one that is missing."""
        found = self._server.call("HGETALL", keys.backfilled(source))
        return {date.fromisoformat(day): _listed(text) for day, text in sorted(found.items())}

    def day(self, source: str, day: date) -> Listed | None:
        """One of them."""
        return _listed(self._server.call("HGET", keys.backfilled(source), day.isoformat()) or "")

    @contextmanager
    def lease(self, source: str, day: date) -> Iterator[bool]:
        """Whether nobody else asks for the day; nobody else will until the end of the `with`, or of LEASE."""
        key, token = keys.lease(f"backfill:{source}:{day}"), secrets.token_hex(8)
        taken = bool(self._server.call("SET", key, token, "NX", "PX", int(LEASE * 1000)))
        try:
            yield taken
        finally:
            if taken:
                self._server.run("end_lease", [key], [token])


def _spelt(listed: Listed) -> str:
    return f"{listed.papers}{'' if listed.final else OPEN}"


def _listed(text: str) -> Listed | None:
    return Listed(int(text.removesuffix(OPEN)), final=not text.endswith(OPEN)) if text else None
