"""A channel's inbox: papers that its subscriptions want, waiting for the channel's next post."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from papers.matching.hits import Hit
from papers.model import Destination
from papers.stores import keys
from papers.stores.clock import from_ms, to_ms
from papers.stores.server import Server

BATCH = 200
"""Channels a script call."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Hits of one batch for one channel, by paper.

    `served` names the trending subscriptions, as `number:day`, that these hits serve for good.
    """

    destination: Destination
    hits: Mapping[str, Sequence[Hit]]
    served: tuple[str, ...] = ()


class Inbox:
    """Every channel's inbox."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def put(self, batch: Iterable[Delivered], now: datetime) -> int:
        """Add hits, leaving out papers that the channel was brought before. Returns how many papers were added."""
        added, coming = 0, iter(batch)
        while part := list(islice(coming, BATCH)):
            touched: list[str] = [keys.DUE]
            arguments: list[object] = [to_ms(now), len(part)]
            for one in part:
                channel = one.destination
                touched += [keys.inbox(channel), keys.seen(channel), keys.channel(channel), keys.trended(channel)]
                arguments += [str(channel), len(one.served), *one.served, len(one.hits)]
                for paper, hits in one.hits.items():
                    arguments += [paper, json.dumps(hits)]
            added += int(self._server.run("put_hits", touched, arguments))
        return added

    def fields(self, destination: Destination) -> dict[str, str]:
        """Everything that waits, as it lies there: JSON arrays of hits, by paper."""
        return dict(self._server.call("HGETALL", keys.inbox(destination)))

    def read(self, destination: Destination) -> list[Hit]:
        """Everything that waits."""
        return hits_in(self.fields(destination))

    def waiting(self, destination: Destination) -> int:
        """How many papers wait."""
        return int(self._server.call("HLEN", keys.inbox(destination)))

    def holds(self, destination: Destination, paper: str) -> bool:
        """Whether this paper waits."""
        return bool(self._server.call("HEXISTS", keys.inbox(destination), paper))

    def seen(self, destination: Destination, papers: Sequence[str]) -> dict[str, datetime]:
        """When the channel was brought each of these papers, for those that it was."""
        if not papers:
            return {}
        scores = self._server.call("ZMSCORE", keys.seen(destination), *papers)
        return {paper: from_ms(score) for paper, score in zip(papers, scores, strict=True) if score is not None}

    def served(self, destination: Destination) -> frozenset[str]:
        """Trending subscriptions served already, as `number:day`."""
        return frozenset(self._server.call("SMEMBERS", keys.trended(destination)))

    def due(self, now: datetime, limit: int = 1000) -> list[tuple[Destination, datetime]]:
        """Channels whose next post is to be planned by now, longest due first, and when each was due."""
        ceiling = to_ms(now)
        words = ["ZRANGE", keys.DUE, "-inf", ceiling, "BYSCORE", "LIMIT", 0, limit, "WITHSCORES"]
        return [(Destination.parse(name), from_ms(score)) for name, score in self._server.call(*words)]

    def next_slot(self, destination: Destination) -> datetime | None:
        """When the channel's next post is to be planned."""
        score = self._server.call("ZSCORE", keys.DUE, str(destination))
        return None if score is None else from_ms(score)

    def next_due(self) -> datetime | None:
        """When the first of all channels is due."""
        first = self._server.call("ZRANGE", keys.DUE, 0, 0, "WITHSCORES")
        return from_ms(first[0][1]) if first else None


def hits_in(fields: Mapping[str, str]) -> list[Hit]:
    """The hits of an inbox's fields."""
    return [Hit(*hit) for text in fields.values() for hit in json.loads(text)]
