"""Papers in Redis: the archive, the days' digests, arrivals that wait to be matched, risers that wait to be shown.

Merging two tellings of one paper is decided elsewhere (`papers.identity`); this stores what it is given,
unless somebody else stored something in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from papers.matching.shards import WHOLE, Shard
from papers.model import Paper
from papers.revising import WINDOW, Riser, asks_again, mark, rose
from papers.services.intake import ROUNDS, Entry, Saved
from papers.stores import codec, keys
from papers.stores.clock import from_ms, to_ms
from papers.stores.server import Server
from papers.trends import KEPT, gain

COMMON = "*"
"""The scope of the stream that every subscription without a feed of its own is matched against."""

PAST = "past"
"""The scope of what backfills bring: in the archive, but news to nobody. What polling brings first is still news."""

NEWEST = 60
"""Days looked through for those that polling brought papers of: an archive may be filled from its past only."""

BATCH = 200
"""Papers a script call, so that one call never holds the server for more than a few milliseconds."""


@dataclass(frozen=True, slots=True, order=True)
class Arrival:
    """A paper's first appearance in a scope, and when that was.

    `content` names what the paper is by now, if it is to be matched again as that; "" the first time.
    """

    paper: str
    scope: str
    at: datetime
    content: str = ""


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
        """Store papers; those that arrive in `scope` for the first time will be matched if `announce`.

        Who was announced lately is matched again, wherever it arrived, if what subscriptions look at changes.
        """
        outcome: dict[str, list[str]] = {"new": [], "known": [], "changed": []}
        touched = [keys.PAPERS, keys.ALIASES, keys.DAYS, keys.UNMATCHED, keys.arrived(scope), keys.CHANGED]
        touched += [keys.RISEN, keys.GAINS_SINCE]
        for start in range(0, len(entries), BATCH):
            part = entries[start : start + BATCH]
            arguments: list[object] = [to_ms(now), scope, int(announce), int(scope in {COMMON, PAST})]
            arguments += [keys.paper(""), keys.title(""), keys.day(""), keys.fresh("")]
            arguments.append(int(WINDOW.total_seconds() * 1000))
            arguments += [keys.ranking("upvotes", ""), keys.ranking("stars", "")]
            arguments += [keys.gains("upvotes", ""), keys.gains("stars", "")]
            arguments += [int(KEPT.total_seconds() * 1000), now.astimezone(UTC).date().isoformat()]
            for entry in part:
                arguments += _spelt(entry, now)
            for word, entry in zip(self._server.run("save_papers", touched, arguments), part, strict=True):
                outcome[word].append(entry.paper.id)
        return Saved(**{word: tuple(ids) for word, ids in outcome.items()})

    def write_summary(self, paper_id: str, abstract: str, summary: tuple[str, str]) -> None:
        """Have a paper show what was made of its abstract (text, model), unless it has another one by now."""
        key = keys.paper(paper_id)
        for _ in range(ROUNDS):
            text = self._server.call("GET", key)
            paper = codec.load(Paper, text) if text else None
            if paper is None or paper.abstract != abstract:
                return
            after = codec.dump(replace(paper, generated=summary))
            if self._server.run("swap_paper", [key, keys.CHANGED], [text, after, paper_id]):
                return

    def unmatched(self, limit: int, shard: Shard = WHOLE) -> list[Arrival]:
        """Arrivals that the shard's subscriptions were not held against yet, oldest first."""
        rows = self._server.run("unmatched", [keys.UNMATCHED, keys.MATCHED], [limit, str(shard), shard.of])
        return [_arrival(member, at) for member, at in zip(rows[::2], rows[1::2], strict=True)]

    def awaits(self, scope: str) -> bool:
        """Whether anything that arrived in that scope was not matched yet."""
        members = self._server.call("ZRANGE", keys.UNMATCHED, 0, -1)
        return any(member.split("\t")[1] == scope for member in members)

    def matched(self, arrivals: Iterable[Arrival], shard: Shard = WHOLE) -> None:
        """Let the shard see arrivals no more, every hit of its own being in an inbox by now; the last forgets them."""
        members = ["\t".join(filter(None, (one.paper, one.scope, one.content))) for one in arrivals]
        if members:
            arguments = [str(shard), shard.of, *members]
            self._server.run("matched", [keys.UNMATCHED, keys.MATCHED], arguments)

    def risen(self, limit: int) -> list[Riser]:
        """Papers that rose much and whose cards were not edited yet, first risen first."""
        rows = self._server.call("ZRANGE", keys.RISEN, 0, limit - 1, "WITHSCORES")
        return [_riser(member, at) for member, at in rows]

    def revised(self, risers: Iterable[Riser]) -> None:
        """Forget risers, an edit of each message that shows them being in an outbox by now."""
        members = [f"{riser.paper}\t{riser.mark}" for riser in risers]
        if members:
            self._server.call("ZREM", keys.RISEN, *members)

    def recent(self, limit: int, *, since: datetime | None = None) -> list[str]:
        """Ids of the archive's newest papers by day, newest first; those of `since` and later."""
        floor = "-inf" if since is None else to_ms(since)
        return list(self._server.call("ZRANGE", keys.PAPERS, "+inf", floor, "BYSCORE", "REV", "LIMIT", 0, limit))

    def changed(self, since: float, limit: int | None = None) -> tuple[list[str], float]:
        """Ids of papers written at or after that mark, and the mark to go on from. 0.0 is the beginning.

        At most the first `limit`, if there is one: there may then be more.
        """
        at_most = -1 if limit is None else limit
        asked = ["ZRANGE", keys.CHANGED, since, "+inf", "BYSCORE", "LIMIT", 0, at_most, "WITHSCORES"]
        (seconds, micros), rows = self._server.together([["TIME"], asked])
        mark = max((float(at) for _, at in rows), default=since)
        if rows and len(rows) != limit and mark < int(seconds) * 1000 + int(micros) // 1000:
            mark += 0.5  # its millisecond is over: nothing more will be written in it
        return [paper for paper, _ in rows], mark

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

    def listed(self, ids: Sequence[str]) -> list[str]:
        """Those that stand in the archive, and not only in somebody's feed."""
        places = self._server.call("ZMSCORE", keys.PAPERS, *ids) if ids else []
        return [one for one, place in zip(ids, places, strict=True) if place is not None]

    def pace(self, window: timedelta) -> float | None:
        """Papers a day in the window that ends with the newest, of days that have a digest; None if there is none."""
        newest = self._server.call("ZRANGE", keys.PAPERS, "+inf", "-inf", "BYSCORE", "REV", "LIMIT", 0, 1, "WITHSCORES")
        if not newest:
            return None
        since = from_ms(newest[0][1]).date() - window
        after = to_ms(datetime.combine(since, time(), UTC))
        days = int(self._server.call("ZCOUNT", keys.DAYS, f"({since:%Y%m%d}", "+inf"))
        return int(self._server.call("ZCOUNT", keys.PAPERS, f"({after}", "+inf")) / days if days else None

    def days(self, limit: int = 7) -> list[date]:
        """The newest days that have a digest, newest first."""
        return [date.fromisoformat(day) for day in self._server.call("ZRANGE", keys.DAYS, 0, limit - 1, "REV")]

    def extent(self) -> tuple[date, date, int] | None:
        """The first and the last day that have a digest, and how many days have; None if none has."""
        ends: list[list[object]] = [["ZRANGE", keys.DAYS, 0, 0], ["ZRANGE", keys.DAYS, -1, -1], ["ZCARD", keys.DAYS]]
        first, last, days = self._server.together(ends)
        return (date.fromisoformat(first[0]), date.fromisoformat(last[0]), int(days)) if days else None

    def of_day(self, day: date) -> list[Paper]:
        """A day's papers, most upvoted first."""
        return self._most_upvoted(self._server.call("SMEMBERS", keys.day(day)))

    def polled(self, ids: Sequence[str]) -> list[str]:
        """Those that polling brought, whether or not a backfill did too."""
        found = self._server.call("SMISMEMBER", keys.arrived(COMMON), *ids) if ids else []
        return [one for one, is_polled in zip(ids, found, strict=True) if is_polled]

    def polled_days(self, limit: int) -> list[date]:
        """The newest days with a paper that polling brought, newest first."""
        days = self.days(NEWEST)
        asked: list[list[object]] = [["SINTERCARD", 2, keys.day(day), keys.arrived(COMMON), "LIMIT", 1] for day in days]
        return [day for day, some in zip(days, self._server.together(asked), strict=True) if some][:limit]

    def polled_of_day(self, day: date) -> list[Paper]:
        """Of a day's papers those that polling brought, most upvoted first."""
        return self._most_upvoted(self._server.call("SINTER", keys.day(day), keys.arrived(COMMON)))

    def _most_upvoted(self, ids: Iterable[str]) -> list[Paper]:
        return sorted(self.get(sorted(ids)).values(), key=lambda paper: (-paper.upvotes, paper.id))


def _arrival(member: str, at: float) -> Arrival:
    paper, scope, *content = member.split("\t")
    return Arrival(paper, scope, from_ms(at), *content)


def _riser(member: str, at: float) -> Riser:
    paper, _, reached = member.partition("\t")
    return Riser(paper, reached, from_ms(at))


def _spelt(entry: Entry, now: datetime) -> list[object]:
    """An entry as the script takes it."""
    paper = entry.paper
    before = codec.dump(entry.before) if entry.before else ""
    place = datetime.combine(paper.day, time(), UTC) if paper.day else now
    day = paper.day.isoformat() if paper.day else ""
    gained = gain(entry.before, paper, now.astimezone(UTC).date())
    return [
        paper.id,
        before,
        codec.dump(paper),
        entry.title_key or "",
        day,
        "\t".join(entry.aliases),
        to_ms(place),
        entry.namesake,
        int(asks_again(entry.before, paper)),
        mark(paper) if rose(entry.before, paper) else "",
        paper.upvotes,
        paper.code_stars,
        *((gained.day.isoformat(), gained.upvotes, gained.stars) if gained else ("", 0, 0)),
    ]
