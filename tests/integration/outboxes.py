"""Deliveries for an outbox, a server's time moved on, and everything that a server keeps, to be compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from papers.model import Delivery, Destination, Heading, Item
from papers.stores import keys
from papers.stores.clock import to_ms
from papers.stores.inbox import Delivered
from papers.stores.outbox import Claim
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import GENERAL, TODAY, hit
from tests.conftest import NOW

LEASE = 60.0

PAST = datetime(2025, 1, 1, tzinfo=UTC)
"""Before any clock that a test runs by, so that what is due then is due."""


def delivery(number: int, *papers: str, where: Destination = GENERAL, **changes: Any) -> Delivery:
    """A message with a readable id, due long ago, that brings these papers."""
    items = tuple(Item(one, 1.0, (1,), ()) for one in papers)
    plain = Delivery(f"{number:024}", where, "digest", Heading(TODAY, len(papers)), PAST, items)
    return replace(plain, **changes)


def replies(to: Delivery, count: int) -> list[Delivery]:
    """Messages in the thread of another, numbered from 1 on after it."""
    first = int(to.id) + 1
    return [delivery(first + i, where=to.destination, kind="more", parent=to.id) for i in range(count)]


def put(stores: Stores, *deliveries: Delivery, now: datetime = PAST) -> None:
    """Plan these for their channel, whatever its inbox holds."""
    where = deliveries[0].destination
    due(stores, where, now)
    assert stores.outbox.commit(where, deliveries, taken={}, was_due=now, next_slot=None, now=now)


def subscribed(stores: Stores, *channels: Destination) -> None:
    """Let channels have had a subscription: others take no matches."""
    stores.server.together([["HSETNX", keys.channel(where), "last", 1] for where in channels])


def due(stores: Stores, where: Destination, when: datetime) -> None:
    """Let a channel be due then."""
    stores.server.call("ZADD", keys.DUE, to_ms(when), str(where))


def claimed(stores: Stores, where: Destination = GENERAL) -> Claim:
    """The channel's next delivery, claimed; it must have one that is due."""
    claim = stores.outbox.claim(where, LEASE)
    assert isinstance(claim, Claim)
    return claim


def waits(stores: Stores, *papers: str, where: Destination = GENERAL, now: datetime = NOW) -> None:
    """Let matches of these papers wait in the channel's inbox."""
    subscribed(stores, where)
    stores.inbox.put([Delivered(where, {one: [hit(one)] for one in papers})], now)


def time_passes(stores: Stores, seconds: float, where: Destination = GENERAL) -> None:
    """Move every time of a channel's outbox into the past: the scripts go by the server's clock, which stands firm."""
    for key in (keys.outbox(where), keys.platform(where.platform)):
        for name, _ in stores.server.call("ZRANGE", key, 0, -1, "WITHSCORES"):
            stores.server.call("ZINCRBY", key, -int(seconds * 1000), name)
    in_flight = stores.server.call("GET", keys.sending(where))
    if in_flight:
        stores.server.call("HINCRBY", keys.delivery(where, in_flight), "lease", -int(seconds * 1000))


def kept(server: Server, *names: str) -> dict[str, object]:
    """All that a server holds, by key; without the instant at which a delivery came into its state.

    With `names`, only keys that have one of them in theirs.
    """
    found = (key for key in sorted(server.call("KEYS", "*")) if not names or any(name in key for name in names))
    return {key: _value(server, key) for key in found}


def _value(server: Server, key: str) -> object:
    kind = server.call("TYPE", key)
    if kind == "hash":
        fields = dict(server.call_raw("HGETALL", key))  # secrets are bytes
        fields.pop(b"at", None)
        return fields
    reads: dict[str, list[object]] = {
        "string": ["GET", key],
        "list": ["LRANGE", key, 0, -1],
        "zset": ["ZRANGE", key, 0, -1, "WITHSCORES"],
        "stream": ["XRANGE", key, "-", "+"],
    }
    return sorted(server.call("SMEMBERS", key)) if kind == "set" else server.call(*reads[kind])


def taking(stores: Stores, *papers: str) -> dict[str, str]:
    """These papers as they lie in the general channel's inbox, for a plan that takes them."""
    fields = stores.inbox.fields(GENERAL)
    return {paper: fields.get(paper, "") for paper in papers}
