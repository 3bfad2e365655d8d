"""A workspace's data: handed out whole, taken away whole, whoever dies in the midst of it, no other touched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.leaving import Comings
from bot.repair import Closures
from cli.embedded import EmbeddedValkey
from cli.main import app
from papers.answers.subscriptions import Draft, Preview
from papers.errors import UsageError
from papers.keyring import Keyring
from papers.model import Asker, Channel, Destination, Schedule
from papers.stores import keys
from papers.stores.export import Export
from papers.stores.inbox import Delivered
from papers.stores.outbox import Verdict
from papers.stores.posts import Post
from papers.stores.removal import Removal, Removed
from papers.stores.server import Server
from papers.stores.slips import RecentStore
from papers.stores.vault import Vault
from papers.wiring import Stores
from papers.workspace import Workspace
from tests.builders import hit, lesson, subscription
from tests.conftest import NOW
from tests.integration.outboxes import claimed, delivery, kept, put, waits

HERE, THERE = Workspace("slack", "T1"), Workspace("slack", "T12")
FEED = "https://lab.example/feed.xml"
TOKEN = b"xoxb-secret"


def live(stores: Stores, workspace: Workspace) -> None:
    """Everything that a workspace can leave behind, in two channels."""
    vault = Vault(stores.server, Keyring([bytes(32)]))
    vault.put("slack", workspace.name, TOKEN)
    for name in ("C1", "C2"):
        where = Destination("slack", workspace.name, name)
        stores.channels.add(subscription(destination=where, feed=FEED, query=name, created_by="U1"))
        put(stores, delivery(1, "2603.00001", where=where), delivery(2, "2603.00002", where=where))
        stores.outbox.settle(claimed(stores, where), Verdict("sent", message="m1"))
        stores.channels.set_channel(Channel(where, Schedule("daily", "07:30")), NOW, NOW)
        stores.channels.prefer(where, {"format": "full"})
        waits(stores, "2603.00003", where=where)
        stores.votes.toggle(where, lesson("2603.00001", "1:0a1b2c3d"), "U1", 1)
        stores.outlets.renew(where, NOW)
        stores.posts.put(where, Post("1", name, "digest", NOW, "text"))
        RecentStore(stores.server).add(Asker(where, "U1"), "diffusion -survey")
        draft = Draft(subscription(destination=where), Preview(name, 30, 0, 0, ()), None, can_tighten=False)
        stores.drafts.put(draft, Asker(where, "U1"))


def named(server: Server, workspace: Workspace) -> list[str]:
    """Keys, members and fields that say the workspace's name, but for what removal says it leaves."""
    name, own = f"{workspace}:", f"'{workspace.name}'"
    return [
        key
        for key, value in kept(server).items()
        if key != keys.CHANGES
        and not key.startswith(keys.shown(""))
        and (f"{{{name}" in key or name in str(value) or own in str(value))
    ]


class Dying(Server):
    """A connection that is cut after so many commands."""

    def __init__(self, url: str, left: int) -> None:
        super().__init__(url)
        self._left = left

    def _spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise KeyboardInterrupt

    def call(self, *command: Any) -> Any:
        self._spend()
        return super().call(*command)

    def run(self, script: str, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        self._spend()
        return super().run(script, keys, arguments)


def delete(stores: Stores, workspace: Workspace) -> Removed:
    stores.departures.order(workspace)
    return Removal(stores.server).run(workspace)


def test_nothing_of_a_deleted_workspace_remains_and_nothing_of_another_is_touched(stores: Stores) -> None:
    live(stores, THERE)
    before = kept(stores.server)
    live(stores, HERE)
    assert len(named(stores.server, HERE)) > 30
    assert delete(stores, HERE).channels == 2
    assert named(stores.server, HERE) == []
    after = kept(stores.server)
    changing = {keys.CHANGES, keys.TOKEN, keys.shown("2603.00001"), keys.shown("2603.00002")}
    assert {key: value for key, value in after.items() if key not in changing} == {
        key: value for key, value in before.items() if key not in changing
    }


def test_every_key_family_that_has_a_channel_is_among_what_was_deleted(stores: Stores) -> None:
    live(stores, HERE)
    stores.inbox.put([], NOW)
    families = {keys.tagged(key)[1].partition(":")[0] for key in kept(stores.server) if "{" in key}
    here = Destination("slack", "T1", "C1")
    spelt = [keys.channel, keys.preferences, keys.outlet, keys.votes, keys.tallies, keys.lessons, keys.subscriptions]
    spelt += [keys.inbox, keys.seen, keys.outbox, keys.history, keys.posts, keys.post_order]
    assert {keys.tagged(spell(here))[1] for spell in spelt} | {"delivery", "recent"} <= families


def test_whoever_is_killed_while_deleting_leaves_a_note_and_the_next_one_ends_it(stores: Stores) -> None:
    steps, done = 0, False
    while not done:
        live(stores, HERE)
        stores.departures.order(HERE)
        dying = Dying(stores.server.url, steps)
        try:
            done = Removal(dying).run(HERE).whole
        except KeyboardInterrupt:
            assert stores.departures.until(NOW) == [HERE]
            assert Removal(stores.server).run(HERE).whole
        dying.close()
        assert named(stores.server, HERE) == []
        assert stores.server.call("HGETALL", keys.FEEDS) == {}
        steps += 3
    assert steps > 20


def test_an_address_goes_with_the_group_that_it_is_in(stores: Stores) -> None:
    vault = Vault(stores.server, Keyring([bytes(32)]))
    for group in ("lab", "other"):
        vault.put("email", f"{group}-1", b"ada@lab.example")
        put(stores, delivery(1, where=Destination("email", group, f"{group}-1")))  # invited, and no more
    delete(stores, Workspace("email", "lab"))
    assert vault.names("email") == ["other-1"]


def test_a_workspace_that_comes_back_in_the_midst_of_it_keeps_the_rest(stores: Stores) -> None:
    live(stores, HERE)
    assert not Removal(stores.server).run(HERE).whole  # it is noted nowhere
    assert len(stores.channels.of_workspace("slack", "T1")) == 2


def test_workers_learn_that_the_subscriptions_are_gone_and_what_they_still_bring_is_dropped(stores: Stores) -> None:
    live(stores, HERE)
    here = Destination("slack", "T1", "C1")
    seen = stores.channels.last_change()
    stores.departures.order(HERE)
    Removal(stores.server).run(HERE)
    assert here in stores.channels.changes(seen)[0]
    late = Delivered(here, {"2603.00009": [hit("2603.00009")]}, ("1:2026-03-10",))
    assert stores.inbox.put([late], NOW) == 0
    assert named(stores.server, HERE) == []


def test_an_export_has_everything_and_no_secret(stores: Stores) -> None:
    live(stores, THERE)
    live(stores, HERE)
    text = b"".join(Export(stores.server).lines(HERE, NOW)).decode()
    first, *things, last = [json.loads(line) for line in text.splitlines()]
    assert (first["workspace"], last["lines"]) == ("slack:T1", len(things) + 2)
    channels = [one for one in things if "subscriptions" in one]
    assert [one["channel"]["destination"]["channel"] for one in channels] == ["C1", "C2"]
    assert channels[0]["feedback"] == {"2603.00001": {"U1": 1}}
    assert set(channels[0]["seen"]) == {"2603.00001", "2603.00002"}
    assert sorted(one["state"] for one in things if "delivery" in one) == ["pending", "pending", "sent", "sent"]
    assert [one["asked"] for one in things if "asked" in one] == [["diffusion -survey"]] * 2
    outlet = stores.outlets.get(Destination("slack", "T1", "C1"))
    assert outlet is not None
    assert '"T12"' not in text
    assert outlet.secret not in text


def test_who_left_is_closed_at_once_and_noted_once_and_goes_on_where_it_was(stores: Stores) -> None:
    live(stores, HERE)
    here = Destination("slack", "T1", "C1")
    now = [NOW]
    comings = Comings(Closures(stores.outbox, stores.channels, lambda: now[0]), stores.departures, lambda: now[0])
    comings.left(HERE, "removed")
    now[0] += timedelta(days=1)
    comings.left(HERE, "revoked")
    assert (stores.departures.all(), stores.outbox.suspended(here)) == ({HERE: NOW}, "removed")
    comings.back(HERE)
    assert (stores.departures.all(), stores.outbox.suspended(here)) == ({}, None)
    assert stores.channels.subscriptions(here)


@pytest.mark.parametrize("text", ["T1", "slack:", "icq:T1", "slack:T1:C1"])
def test_what_is_no_workspace_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no workspace"):
        Workspace.parse(text)


def test_the_command_lists_exports_and_deletes_but_only_what_is_named_twice(
    stores: Stores, valkey: EmbeddedValkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", valkey.url)
    live(stores, HERE)
    file = tmp_path / "T1.jsonl"

    def said(*words: str, typed: str = "") -> Any:
        return CliRunner().invoke(app, ["workspace", *words], input=typed)

    assert "slack:T1  2 channels, 2 subscriptions\n" in said("list").output
    assert said("export", "slack:T1", str(file)).exit_code == 0
    assert file.read_bytes().splitlines()[-1].startswith(b'{"paperboy":"end"')
    assert isinstance(said("delete", "slack:T1", typed="slack:T2\n").exception, UsageError)
    assert len(stores.channels.of_workspace("slack", "T1")) == 2
    assert said("delete", "slack:T1", typed="slack:T1\n").exit_code == 0
    assert named(stores.server, HERE) == []
    assert "nothing is kept of slack:T1" in str(said("delete", "slack:T1", "--yes").exception)
