"""What runs each script of a channel once, for `test_stores_twice`: a function a script.

`forgetful` runs each of its scripts twice; what `stores` says afterwards is what one run makes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from papers.errors import NotFoundError
from papers.keyring import Keyring
from papers.model import Channel, Preferences
from papers.revising import Riser, edits
from papers.stores import keys
from papers.stores.backup import Backup
from papers.stores.backup_file import KeptChannel
from papers.stores.format import agree, current
from papers.stores.migrations import MIGRATIONS
from papers.stores.outbox import Settled, Verdict
from papers.stores.posts import Post
from papers.stores.removal import Removal
from papers.stores.vault import Vault
from papers.wiring import Stores
from papers.workspace import Workspace
from tests.builders import GENERAL, lesson, subscription
from tests.conftest import NOW
from tests.integration.forgetful import runs
from tests.integration.outboxes import PAST, claimed, delivery, due, put, replies, taking, waits


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


def save_subscription(stores: Stores, forgetful: Stores) -> None:
    kept_one = forgetful.channels.add(subscription(created_at=NOW))
    changed = forgetful.channels.change(replace(kept_one, bar=2.0), kept_one)
    assert stores.channels.subscriptions(GENERAL) == (changed,)


def forget_channel(stores: Stores, forgetful: Stores) -> None:
    stores.channels.set_channel(Channel(GENERAL, paused=True), None, NOW)
    stores.outlets.renew(GENERAL, NOW)
    workspace = Workspace.of(GENERAL)
    stores.departures.order(workspace)
    assert Removal(forgetful.server).run(workspace).channels == 1
    assert stores.server.call("EXISTS", keys.OUTLETS, keys.CHANNELS, keys.channel(GENERAL)) == 0


def raise_format(stores: Stores, forgetful: Stores) -> None:
    agree(forgetful.server, "0.2.0")
    assert [run.second for run in runs(forgetful) if run.script == "raise_format"] == [0] * len(MIGRATIONS)
    assert current(stores.server).version == MIGRATIONS[-1].to


def close_down(stores: Stores, forgetful: Stores) -> None:
    waits(stores, "2603.00001")
    put(stores, delivery(1))
    stores.outbox.suspend(GENERAL, "archived", "an event")
    stores.server.call("SADD", keys.CHANNELS, str(GENERAL))
    list(stores.expiry.close_down(NOW, NOW))
    list(forgetful.expiry.close_down(NOW, NOW))
    assert (stores.inbox.waiting(GENERAL), stores.outbox.by_state(GENERAL)) == (0, {"dead": 1})


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
