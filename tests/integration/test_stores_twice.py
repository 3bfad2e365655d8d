"""Every script may run twice: a call whose answer was lost is sent again, and then the second answer is all we get."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any

import numpy as np
import pytest

from papers.errors import NotFoundError
from papers.keyring import Keyring
from papers.matching.shards import Shard
from papers.model import Channel, Preferences
from papers.revising import Riser, edits
from papers.stores.backup import Backup
from papers.stores.backup_file import KeptChannel
from papers.stores.coverage import Coverage
from papers.stores.outbox import Settled, Verdict
from papers.stores.posts import Post
from papers.stores.server import Server
from papers.stores.vault import Vault
from papers.stores.vectors import VectorStore
from papers.wiring import Stores
from tests.builders import GENERAL, lesson, paper, store, subscription
from tests.conftest import NOW
from tests.integration.outboxes import PAST, claimed, delivery, due, kept, put, replies, taking, waits


@dataclass(frozen=True)
class Run:
    """One script, run twice: both answers, and whether the second run changed anything."""

    script: str
    first: Any
    second: Any
    changed: bool


class ForgetfulServer(Server):
    """A connection that loses each script's first answer, and therefore runs it again."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.runs: list[Run] = []

    def run(self, script: str, keys: Any, arguments: Any) -> Any:
        first = super().run(script, keys, arguments)
        before = kept(self)
        second = super().run(script, keys, arguments)
        self.runs.append(Run(script, first, second, kept(self) != before))
        return second


@pytest.fixture
def forgetful(stores: Stores) -> Iterator[Stores]:
    """The data of `stores` over such a connection."""
    server = ForgetfulServer(stores.server.url)
    yield Stores(server)
    server.close()


def runs(stores: Stores) -> list[Run]:
    server = stores.server
    assert isinstance(server, ForgetfulServer)
    return server.runs


def claim(stores: Stores, forgetful: Stores) -> None:
    put(stores, delivery(1))
    assert forgetful.outbox.claim(GENERAL, 60) is None


def commit_plan(stores: Stores, forgetful: Stores) -> None:
    waits(stores, "2603.00001")
    due(stores, GENERAL, PAST)
    planned = [delivery(1, "2603.00001")]
    forgetful.outbox.commit(
        GENERAL, planned, taken=taking(forgetful, "2603.00001"), was_due=PAST, next_slot=NOW, now=PAST
    )
    assert [record.state for record in stores.outbox.history(GENERAL)] == ["pending"]


def finish_poll(stores: Stores, forgetful: Stores) -> None:
    token = stores.sources.lease("huggingface", 60)
    assert token
    forgetful.sources.finish("huggingface", token, NOW, {"cursor": "c"})
    assert stores.sources.state("huggingface").cursor == "c"


def release(stores: Stores, forgetful: Stores) -> None:
    head = delivery(1)
    put(stores, head, *replies(head, 1))
    stores.outbox.settle(claimed(stores), Verdict("parked"))
    assert stores.outbox.claim(GENERAL, 60) is None
    assert forgetful.outbox.release(GENERAL, head.id)
    assert [record.state for record in stores.outbox.history(GENERAL)] == ["pending", "pending"]


def spend(stores: Stores, forgetful: Stores) -> None:
    assert forgetful.quota.spend("ada", 1, 60) == 0.0
    assert stores.quota.spend("ada", 1, 60) > 0


def suspend(stores: Stores, forgetful: Stores) -> None:
    put(stores, delivery(1))
    assert forgetful.outbox.suspend(GENERAL, "archived", "an event")
    assert stores.outbox.ready("terminal") == []


def unsuspend(stores: Stores, forgetful: Stores) -> None:
    waits(stores, "2603.00001")
    put(stores, delivery(1))
    stores.outbox.suspend(GENERAL, "archived", "an event")
    assert not forgetful.outbox.unsuspend(GENERAL, NOW)  # the second answer is that it is open, which is so
    assert (stores.inbox.next_slot(GENERAL), stores.outbox.ready("terminal")) == (NOW, [GENERAL])


def vote(stores: Stores, forgetful: Stores) -> None:
    assert forgetful.votes.toggle(GENERAL, lesson("2603.00001"), "ada", 1) == (1, 1, 0)
    assert forgetful.votes.toggle(GENERAL, lesson("2603.00001"), "ada", -1) == (-1, 0, 1)
    assert forgetful.votes.toggle(GENERAL, lesson("2603.00001"), "ada", -1) == (0, 0, 0)
    assert stores.votes.totals(GENERAL) == (0, 0)


def forget(stores: Stores, forgetful: Stores) -> None:
    stores.votes.toggle(GENERAL, lesson("2603.00001", "3:0a1b2c3d", "4:0a1b2c3d"), "ada", 1)
    assert forgetful.lessons.forget(GENERAL, 3) == 0  # the second answer is that there is nothing more to forget
    assert [one.topics for one in stores.lessons.of([GENERAL])[GENERAL]] == [("4:0a1b2c3d",)]


def put_deliveries(stores: Stores, forgetful: Stores) -> None:
    forgetful.outbox.put([delivery(1), delivery(2)], NOW)
    assert [record.delivery.id for record in stores.outbox.history(GENERAL)] == [delivery(2).id, delivery(1).id]


def put_edits(stores: Stores, forgetful: Stores) -> None:
    put(stores, delivery(1, "2603.00001"))
    stores.outbox.settle(claimed(stores), Verdict("sent", message="m1"))
    risen = Riser("2603.00001", "16↑", datetime.now(UTC) + timedelta(seconds=1))
    assert forgetful.edits.put(edits(stores.edits.showing([risen]), NOW)) == 0  # the second answer: it is known
    assert claimed(stores).delivery.kind == "edit"


def put_hits(stores: Stores, forgetful: Stores) -> None:
    waits(forgetful, "2603.00001", "2603.00002")
    assert len(stores.inbox.read(GENERAL)) == 2


def matched(stores: Stores, forgetful: Stores) -> None:
    store(stores.papers, paper(1), paper(2))
    first, second = Shard(1, 2), Shard(2, 2)
    forgetful.papers.matched(stores.papers.unmatched(1, first), first)
    assert [arrival.paper for arrival in stores.papers.unmatched(9, first)] == ["2603.00002"]
    forgetful.papers.matched(stores.papers.unmatched(1, second), second)
    assert [arrival.paper for arrival in stores.papers.unmatched(9)] == ["2603.00002"]


def unmatched(stores: Stores, forgetful: Stores) -> None:
    store(stores.papers, paper(1), paper(2))
    assert len(forgetful.papers.unmatched(9)) == 2


def put_post(stores: Stores, forgetful: Stores) -> None:
    stores.posts.put(GENERAL, Post("before", "general", "digest", NOW, "text"))
    assert forgetful.posts.put(GENERAL, Post("twice", "general", "digest", NOW, "text")) == 2
    assert [post.delivery for post in stores.posts.all(GENERAL)] == ["before", "twice"]


def remove_subscription(stores: Stores, forgetful: Stores) -> None:
    feed = subscription(query=None, feed="https://example.org/feed")
    mine = stores.channels.add(feed)
    stores.channels.add(replace(feed, want=replace(feed.want, query="graph")))
    with pytest.raises(NotFoundError):  # the second answer is that there is none, which is so
        forgetful.channels.remove(mine)
    assert [one.number for one in stores.channels.subscriptions(GENERAL)] == [2]
    assert stores.channels.feeds() == ["https://example.org/feed"]


def restore_channel(stores: Stores, forgetful: Stores) -> None:
    waits(stores, "2603.00001", "2603.00002")
    channel = KeptChannel(
        Channel(GENERAL, preferences=Preferences(format="full")),
        (subscription(7),),
        7,
        "archived",
        {"2603.00001": NOW},
        ("7:2026-03-10",),
        {"2603.00001": {"ada": 1}},
    )
    Backup(forgetful.server).restore(channel, NOW)
    assert stores.votes.totals(GENERAL) == (1, 0)
    assert stores.channels.subscriptions(GENERAL) == (subscription(7),)
    assert stores.inbox.waiting(GENERAL) == 1


def save_papers(stores: Stores, forgetful: Stores) -> None:
    store(forgetful.papers, paper(1), paper(2))
    assert [arrival.paper for arrival in stores.papers.unmatched(9)] == ["2603.00001", "2603.00002"]


def highest(stores: Stores, forgetful: Stores) -> None:
    store(stores.papers, paper(1, upvotes=3), paper(2, "Robots on graphs", upvotes=5))
    assert forgetful.trends.highest("upvotes", [NOW.date()], slice(0, 1)) == (2, ["2603.00002"])


def save_subscription(stores: Stores, forgetful: Stores) -> None:
    kept_one = forgetful.channels.add(subscription(created_at=NOW))
    changed = forgetful.channels.change(replace(kept_one, bar=2.0), kept_one)
    assert stores.channels.subscriptions(GENERAL) == (changed,)


def set_channel(stores: Stores, forgetful: Stores) -> None:
    waits(stores, "2603.00001")
    assert forgetful.channels.set_channel(Channel(GENERAL, paused=True), None, NOW) == 1
    assert stores.inbox.due(NOW) == []


def settle(stores: Stores, forgetful: Stores) -> None:
    put(stores, delivery(1), delivery(2))
    assert forgetful.outbox.settle(claimed(stores), Verdict("sent", message="m1")) is Settled.MORE
    assert [record.state for record in stores.outbox.history(GENERAL)] == ["pending", "sent"]


def set_outlet(stores: Stores, forgetful: Stores) -> None:
    first = forgetful.outlets.renew(GENERAL, NOW)
    again = forgetful.outlets.renew(GENERAL, NOW)
    assert (stores.outlets.find(first.secret), stores.outlets.find(again.secret)) == (None, (GENERAL, again))
    forgetful.outlets.close(GENERAL)
    assert stores.outlets.get(GENERAL) is None


def swap_secret(stores: Stores, forgetful: Stores) -> None:
    keyring = Keyring([bytes(32)])
    Vault(stores.server, keyring).put("slack", "T1", b"one")
    assert Vault(forgetful.server, keyring).replace("slack", "T1", b"one", b"two")
    assert Vault(stores.server, keyring).get("slack", "T1") == b"two"


def put_vectors(stores: Stores, forgetful: Stores) -> None:
    store(stores.papers, paper(1))
    VectorStore(forgetful.server, "m", 2).put({f"{paper(1).id}:0": np.ones(2, np.float32)})
    assert list(VectorStore(stores.server, "m", 2).get([f"{paper(1).id}:0"])) == [f"{paper(1).id}:0"]


def note_coverage(stores: Stores, forgetful: Stores) -> None:
    stores.coverage.begin("m")
    assert forgetful.coverage.progress("m", 3, 9)
    assert stores.coverage.get() == Coverage("m", 3, 9)


def end_lease(stores: Stores, forgetful: Stores) -> None:
    with forgetful.coverage.lease() as taken:
        assert taken
    with stores.coverage.lease() as taken:
        assert taken


SCRIPTS = sorted(
    file.name.removesuffix(".lua")
    for file in resources.files("papers.stores").joinpath("lua").iterdir()
    if file.name.endswith(".lua")
)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_that_runs_twice_changes_nothing_the_second_time(
    script: str, stores: Stores, forgetful: Stores
) -> None:
    globals()[script](stores, forgetful)  # the case of that name; a script without one fails
    assert runs(forgetful), "the script did not run"
    assert [run for run in runs(forgetful) if run.changed] == []
    assert script in {run.script for run in runs(forgetful)}


def test_a_plan_and_a_poll_say_that_they_were_done_already(stores: Stores, forgetful: Stores) -> None:
    commit_plan(stores, forgetful)
    finish_poll(stores, forgetful)
    assert [(run.first, run.second) for run in runs(forgetful)] == [(1, 0), (1, 0)]


def test_a_paper_stored_twice_is_read_again_and_known(stores: Stores, forgetful: Stores) -> None:
    saved = store(forgetful.papers, paper(1))
    assert (saved.new, saved.known) == ((), ("2603.00001",))
    assert [run.second for run in runs(forgetful)] == [["changed"], ["known"]]
    assert stores.papers.count() == 1
