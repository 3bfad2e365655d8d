"""Papers in Redis: the archive, the days' digests, and arrivals that wait to be matched.

Merging two tellings of one paper is decided elsewhere (`papers.identity`); this stores what it is given,
unless somebody else stored something in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from papers.model import Paper
from papers.services.intake import Entry, Saved
from papers.stores import codec, keys
from papers.stores.clock import from_ms, to_ms
from papers.stores.server import Server

COMMON = "*"
"""The scope of the stream that every subscription without a feed of its own is matched against."""

BATCH = 200
"""Papers a script call, so that one call never holds the server for more than a few milliseconds."""


@dataclass(frozen=True, slots=True, order=True)
class Arrival:
    """A paper's first appearance in a scope, and when that was."""

    paper: str
    scope: str
    at: datetime


class PaperStore:
    """The archive."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def canonical(self, ids: Sequence[str]) -> list[str]:
        """Each id, or the id of the paper that it turned out to be."""
        if not ids:
            return []
        found = self._server.call("HMGET", keys.ALIASES, *ids)
        return [alias or paper_id for alias, paper_id in zip(found, ids, strict=True)]

    def by_title(self, title_keys: Sequence[str]) -> list[str | None]:
        """The id of the paper that first had each folded title."""
        return list(self._server.call("MGET", *map(keys.title, title_keys))) if title_keys else []

    def get(self, ids: Iterable[str]) -> dict[str, Paper]:
        """The papers that exist, by id."""
        wanted = list(ids)
        texts = self._server.call("MGET", *map(keys.paper, wanted)) if wanted else []
        return {one: codec.load(Paper, text) for one, text in zip(wanted, texts, strict=True) if text}

    def find(self, paper_id: str) -> Paper | None:
        """One paper, by its id or an alias of it."""
        return next(iter(self.get(self.canonical([paper_id])).values()), None)

    def save(self, entries: Sequence[Entry], *, scope: str, announce: bool, now: datetime) -> Saved:
        """Store papers; those that arrive in `scope` for the first time will be matched if `announce`."""
        outcome: dict[str, list[str]] = {"new": [], "known": [], "changed": []}
        touched = [keys.PAPERS, keys.ALIASES, keys.DAYS, keys.UNMATCHED, keys.arrived(scope), keys.CHANGED]
        for start in range(0, len(entries), BATCH):
            part = entries[start : start + BATCH]
            arguments: list[object] = [to_ms(now), scope, int(announce), int(scope == COMMON)]
            arguments += [keys.paper(""), keys.title(""), keys.day("")]
            for entry in part:
                arguments += _spelt(entry, now)
            for word, entry in zip(self._server.run("save_papers", touched, arguments), part, strict=True):
                outcome[word].append(entry.paper.id)
        return Saved(**{word: tuple(ids) for word, ids in outcome.items()})

    def unmatched(self, limit: int) -> list[Arrival]:
        """Arrivals that no subscription was held against yet, oldest first."""
        rows = self._server.call("ZRANGE", keys.UNMATCHED, 0, limit - 1, "WITHSCORES")
        return [_arrival(member, at) for member, at in rows]

    def matched(self, arrivals: Iterable[Arrival]) -> None:
        """Forget arrivals, every match of theirs being in an inbox by now."""
        members = [f"{arrival.paper}\t{arrival.scope}" for arrival in arrivals]
        if members:
            self._server.call("ZREM", keys.UNMATCHED, *members)

    def recent(self, limit: int, *, since: datetime | None = None) -> list[str]:
        """Ids of the archive's newest papers by day, newest first; those of `since` and later."""
        floor = "-inf" if since is None else to_ms(since)
        return list(self._server.call("ZRANGE", keys.PAPERS, "+inf", floor, "BYSCORE", "REV", "LIMIT", 0, limit))

    def changed(self, since: float) -> tuple[list[str], float]:
        """Ids of papers written at or after that mark, and the mark to go on from. 0.0 is the beginning."""
        rows = self._server.call("ZRANGE", keys.CHANGED, since, "+inf", "BYSCORE", "WITHSCORES")
        return [paper for paper, _ in rows], max((float(mark) for _, mark in rows), default=since)

    def newest_change(self) -> float:
        """The mark of the last write, 0.0 if there was none."""
        last = self._server.call("ZRANGE", keys.CHANGED, 0, 0, "REV", "WITHSCORES")
        return float(last[0][1]) if last else 0.0

    def came_by(self, scope: str, paper_id: str) -> bool:
        """Whether the paper ever arrived in that scope."""
        return bool(self._server.call("SISMEMBER", keys.arrived(scope), paper_id))

    def count(self) -> int:
        """Papers in the archive."""
        return int(self._server.call("ZCARD", keys.PAPERS))

    def days(self, limit: int = 7) -> list[date]:
        """The newest days that have a digest, newest first."""
        return [date.fromisoformat(day) for day in self._server.call("ZRANGE", keys.DAYS, 0, limit - 1, "REV")]

    def of_day(self, day: date) -> list[Paper]:
        """A day's papers, most upvoted first."""
        found = self.get(sorted(self._server.call("SMEMBERS", keys.day(day))))
        return sorted(found.values(), key=lambda paper: (-paper.upvotes, paper.id))


def _arrival(member: str, at: float) -> Arrival:
    paper, _, scope = member.partition("\t")
    return Arrival(paper, scope, from_ms(at))


def _spelt(entry: Entry, now: datetime) -> list[object]:
    """An entry as the script takes it."""
    paper = entry.paper
    before = codec.dump(entry.before) if entry.before else ""
    place = datetime.combine(paper.day, time(), UTC) if paper.day else now
    day = paper.day.isoformat() if paper.day else ""
    return [
        paper.id,
        before,
        codec.dump(paper),
        entry.title_key or "",
        day,
        "\t".join(entry.aliases),
        to_ms(place),
        entry.namesake,
    ]
