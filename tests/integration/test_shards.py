"""Two workers with half the subscriptions each do what one does with all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from papers.matching.hits import Hit
from papers.matching.shards import WHOLE, Shard
from papers.model import Destination, Want
from papers.ports import Embedder
from papers.services.corpus import Corpus
from papers.stores.vectors import VectorStore
from papers.wiring import Stores
from tests.builders import crowd, paper, store, subscription, untaught
from tests.conftest import NOW
from workers.match import MatchStage

CHANNELS = [Destination("terminal", "local", f"c{number}") for number in range(12)]
WANTS = [
    Want("attention OR graphs"),
    Want(topic="a robot arm grasps objects"),
    Want("noise", "kernel regression", per_day=5.0),
    Want(topic="whispered speech", per_day=2.0),
]
LATER = NOW + timedelta(hours=1)
HALVES = (Shard(1, 2), Shard(2, 2))


def stage(stores: Stores, embedder: Embedder, shard: Shard) -> MatchStage:
    corpus = Corpus(stores.papers, VectorStore(stores.server, embedder.name, embedder.dim), embedder)
    return MatchStage(stores.papers, stores.channels, stores.inbox, corpus, untaught(embedder), shard=shard)


def subscribe(stores: Stores) -> None:
    for number, where in enumerate(CHANNELS):
        for want in WANTS[number % 3 :]:
            stores.channels.add(subscription(0, want=want, destination=where, created_at=NOW))


@pytest.fixture
def subscribed(stores: Stores) -> Stores:
    subscribe(stores)
    return stores


def waiting(stores: Stores) -> dict[Destination, list[Hit]]:
    return {where: sorted(stores.inbox.read(where), key=str) for where in CHANNELS}


def brought(stores: Stores, embedder: Embedder, *shards: Shard) -> dict[Destination, list[Hit]]:
    """What waits in the channels of a server that knew nothing, once these have matched a day."""
    stores.server.call("FLUSHALL")
    subscribe(stores)
    store(stores.papers, *crowd(140), now=LATER)
    for shard in shards:
        stage(stores, embedder, shard).run(LATER)
    assert stores.papers.unmatched(1000) == []
    return waiting(stores)


def test_two_halves_bring_what_the_whole_brings(stores: Stores, embedder: Embedder) -> None:
    whole = brought(stores, embedder, WHOLE)
    assert brought(stores, embedder, *HALVES) == whole
    assert all(whole.values())


def test_an_arrival_waits_until_every_half_has_matched_it(subscribed: Stores, embedder: Embedder) -> None:
    store(subscribed.papers, *crowd(20), now=LATER)
    first, second = HALVES
    assert stage(subscribed, embedder, first).run(LATER).arrivals == 20
    assert subscribed.papers.unmatched(1000, first) == []
    assert len(subscribed.papers.unmatched(1000, second)) == 20
    held = {where for where, hits in waiting(subscribed).items() if hits}
    assert held
    assert all(map(first.owns, held))
    assert stage(subscribed, embedder, second).run(LATER).arrivals == 20
    assert subscribed.papers.unmatched(1000, first) == subscribed.papers.unmatched(1000) == []


def test_arrivals_that_one_half_is_behind_with_do_not_keep_the_other_from_new_ones(
    subscribed: Stores, embedder: Embedder
) -> None:
    first, second = HALVES
    store(subscribed.papers, *crowd(30), now=LATER)
    stage(subscribed, embedder, first).run(LATER)
    store(subscribed.papers, paper(900, "One more of attention"), now=LATER)
    assert [one.paper for one in subscribed.papers.unmatched(5, first)] == [paper(900).id]
    assert len(subscribed.papers.unmatched(1000, second)) == 31


def test_where_the_number_of_halves_changes_everything_is_matched_by_all_of_the_new(
    subscribed: Stores, embedder: Embedder
) -> None:
    store(subscribed.papers, *crowd(20), now=LATER)
    stage(subscribed, embedder, HALVES[0]).run(LATER)
    for shard in (Shard(1, 3), Shard(2, 3), Shard(3, 3)):
        assert len(subscribed.papers.unmatched(1000, shard)) == 20
        stage(subscribed, embedder, shard).run(LATER)
    assert subscribed.papers.unmatched(1000) == []
    assert subscribed.server.call("EXISTS", "paperboy:matched") == 0


def test_a_subscription_saved_meanwhile_is_known_to_the_half_that_holds_it(
    subscribed: Stores, embedder: Embedder
) -> None:
    halves = [stage(subscribed, embedder, half) for half in HALVES]
    for half in halves:
        half.run(NOW)
    for where in CHANNELS:
        subscribed.channels.add(subscription(0, "zebra", destination=where, created_at=NOW))
    store(subscribed.papers, paper(900, "A zebra"), now=LATER)
    for half in halves:
        half.run(LATER)
    assert all(subscribed.inbox.holds(where, paper(900).id) for where in CHANNELS)
