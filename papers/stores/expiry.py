"""What has lain for long, found by indexes or a walk in steps, and let go of in steps: none holds the server up.

Most of what goes away has an expiry of its own, and needs nobody. Here are the rest: what waits in closed channels,
feeds that nobody reads any more, and, where the operator says so, old papers. How long anything is kept is told by
whoever asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from papers.identity import title_key
from papers.model import Destination, Paper
from papers.services.intake import by_link
from papers.services.remembering import paper_key
from papers.stores import codec, keys
from papers.stores.clock import from_ms, to_ms
from papers.stores.outbox import KEPT
from papers.stores.server import Server

BATCH = 200
"""Papers, channels or deliveries a step."""

TOO_LONG = "the channel was closed for too long"


class Expiry:
    """Lets go of what has lain for long. `kept`: how long a delivery is remembered that is given up."""

    def __init__(self, server: Server, kept: timedelta = KEPT) -> None:
        self._server = server
        self._kept = int(kept.total_seconds() * 1000)

    def close_down(self, now: datetime, closed_by: datetime) -> Iterator[int]:
        """Walk through all channels: note which are closed, and empty those that were by then. Deliveries given up."""
        cursor = "0"
        while True:
            cursor, names = self._server.call("SSCAN", keys.CHANNELS, cursor, "COUNT", BATCH)
            held = [["HMGET", keys.channel(name), "suspended", "closed"] for name in names]
            rows = self._server.together(held) if held else []
            marked = [name for name, row in zip(names, rows, strict=True) if any(row)]
            yield sum(self._close_down(Destination.parse(name), now, closed_by) for name in marked)
            if str(cursor) == "0":
                return

    def _close_down(self, where: Destination, now: datetime, closed_by: datetime) -> int:
        touched = [keys.channel(where), keys.inbox(where), keys.outbox(where)]
        arguments = [to_ms(now), to_ms(closed_by), keys.delivery(where, ""), self._kept, BATCH, TOO_LONG]
        given_up = 0
        while (some := int(self._server.run("close_down", touched, arguments))) == BATCH:
            given_up += some
        return given_up + some

    def forget_sources(self, unwanted_by: datetime, wanted: Collection[str]) -> list[str]:
        """Forget sources that nobody wanted since then, and what arrived from them; subscribed again, they begin anew.

        At most BATCH of them; not those that are `wanted` after all.
        """
        asked = ["ZRANGE", keys.UNWANTED, "-inf", to_ms(unwanted_by), "BYSCORE", "LIMIT", 0, BATCH]
        found: list[str] = self._server.call(*asked)
        gone = [name for name in found if name not in wanted]
        if gone:
            self._server.call("UNLINK", *(key for name in gone for key in (keys.arrived(name), keys.source(name))))
        if found:
            self._server.call("ZREM", keys.UNWANTED, *found)
        return gone

    def prune(self, before: datetime, model: str) -> Iterator[int]:
        """Take papers of before that moment out of the archive, with that model's vectors. How many went, step by step.

        A feed's paper that never stood in the archive goes by when it was written last.
        """
        for day, _ in self._days(before):
            dropped = [keys.day(day), keys.ranking("upvotes", day), keys.ranking("stars", day)]
            self._server.together([["UNLINK", *dropped], ["ZREM", keys.DAYS, day]])
        for place in (keys.PAPERS, keys.CHANGED):
            offset = 0
            while ids := self._server.call(
                "ZRANGE", place, "-inf", f"({to_ms(before)}", "BYSCORE", "LIMIT", offset, BATCH
            ):
                gone = self._prune([*self._older(ids, before)], model)
                offset += len(ids) - gone  # those that stay are newer than where they stand says
                yield gone

    def _days(self, before: datetime) -> list[tuple[str, float]]:
        rows = self._server.call("ZRANGE", keys.DAYS, "-inf", f"({before:%Y%m%d}", "BYSCORE", "WITHSCORES")
        return [(day, score) for day, score in rows]

    def _older(self, ids: list[str], before: datetime) -> Iterator[str]:
        places = self._server.call("ZMSCORE", keys.PAPERS, *ids)
        return (one for one, at in zip(ids, places, strict=True) if at is None or from_ms(at) < before)

    def _prune(self, ids: list[str], model: str) -> int:
        """Take papers out; how many members went from each index."""
        if not ids:
            return 0
        texts = self._server.call("MGET", *map(keys.paper, ids))
        arguments: list[object] = [keys.paper(""), keys.title("")]
        for one, text in zip(ids, texts, strict=True):
            arguments += _spelt(one, codec.load(Paper, text) if text else None)
        self._server.run("prune_papers", [keys.PAPERS, keys.CHANGED, keys.ALIASES, keys.vectors(model)], arguments)
        return len(ids)

    def drop_aliases(self) -> Iterator[int]:
        """Forget other ids of papers that are gone; how many, step by step."""
        cursor = "0"
        while True:
            cursor, found = self._server.call("HSCAN", keys.ALIASES, cursor, "COUNT", BATCH)
            known = self._server.together([["EXISTS", keys.paper(of)] for of in found.values()]) if found else []
            gone = [alias for alias, is_there in zip(found, known, strict=True) if not is_there]
            if gone:
                self._server.call("HDEL", keys.ALIASES, *gone)
            yield len(gone)
            if str(cursor) == "0":
                return


def _spelt(paper_id: str, paper: Paper | None) -> list[object]:
    """A paper as the script takes it."""
    if paper is None:
        return [paper_id, "", "", ""]
    return [paper_id, title_key(paper) or "", paper_key(paper), next(iter(by_link(paper)), "")]
