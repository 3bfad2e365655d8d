"""What users said outlives the server: kept in a file, and put back beside what there is by then."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from cli.embedded import EmbeddedValkey
from papers.errors import BackupError, StoreUnavailable
from papers.model import Channel, Destination, Preferences, Schedule, Subscription, Want
from papers.schedule import next_slot
from papers.stores import keys
from papers.stores.backup import Backup, Restored
from papers.stores.backup_file import Kept, KeptChannel, KeptFeed, read, write
from papers.stores.channels import MAX_SUBSCRIPTIONS
from papers.stores.format import agree
from papers.stores.inbox import Delivered
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import GENERAL, lesson, paper, store, subscription
from tests.conftest import NOW
from tests.integration.outboxes import delivery, kept, put, waits
from tests.repository import ROOT

FEED = "https://lab.example/feed.xml"
VISION = Destination("slack", "T1", "C7")
DAILY = Schedule("daily", "07:30", "Europe/Berlin", weekdays=True)


@pytest.fixture
def lived(stores: Stores) -> Stores:
    """Two channels that have a history: what was read, subscribed, posted, unsubscribed, suspended."""
    for want in (Want("diffusion -survey"), Want(topic="robots", per_day=3.0), Want(feed=FEED), Want(trending=5)):
        stores.channels.add(Subscription("", 0, GENERAL, want, bar=2.5 if want.topic else None, created_at=NOW))
    stores.channels.remove(stores.channels.add(subscription(query="gone")))
    put(stores, delivery(1, "2603.00001", "2603.00002"))
    stores.channels.set_channel(Channel(GENERAL, DAILY), next_slot(DAILY, NOW), NOW)
    stores.inbox.put([Delivered(GENERAL, {}, ("4:2026-03-10",))], NOW)
    stores.channels.add(subscription(destination=VISION, feed=FEED, created_at=NOW))
    stores.channels.set_channel(Channel(VISION, DAILY, paused=True), None, NOW)
    stores.server.call("HSET", keys.channel(VISION), "suspended", "channel_not_found")
    store(stores.papers, paper(8), paper(9), scope=FEED, announce=False)
    stores.channels.prefer(GENERAL, {"format": "full", "quiet": "off"})
    stores.votes.toggle(GENERAL, lesson("2603.00001"), "ada", 1)
    stores.votes.toggle(GENERAL, lesson("2603.00001"), "bob", -1)
    stores.votes.toggle(GENERAL, lesson("2603.00002", "2:0a1b2c3d"), "bob", -1)
    return stores


def kept_by(stores: Stores) -> list[Kept]:
    return list(Backup(stores.server).read())


def channels_of(stores: Stores) -> dict[Destination, KeptChannel]:
    return {one.channel.destination: one for one in kept_by(stores) if isinstance(one, KeptChannel)}


def restore(stores: Stores, everything: list[Kept], now: datetime = NOW) -> list[Restored]:
    return [Backup(stores.server).restore(one, now) for one in everything]


def file_of(everything: list[Kept]) -> bytes:
    file = BytesIO()
    write(everything, file, NOW)
    return file.getvalue()


def read_back(file: bytes) -> list[Kept]:
    return list(read(file.splitlines(keepends=True)))


def test_an_emptied_server_gets_everything_back(lived: Stores) -> None:
    everything = read_back(file_of(kept_by(lived)))
    feeds = lived.server.call("HGETALL", keys.FEEDS)
    lived.server.call("FLUSHALL")
    before = lived.channels.last_change()
    restore(lived, everything)
    assert kept_by(lived) == everything
    assert lived.server.call("HGETALL", keys.FEEDS) == feeds == {FEED: "2"}
    assert lived.channels.changes(before)[0] == [VISION, GENERAL]
    general = channels_of(lived)[GENERAL]
    assert (len(general.subscriptions), general.last, general.channel.schedule) == (4, 5, DAILY)
    assert set(lived.inbox.seen(GENERAL, ["2603.00001", "2603.00002", "2603.00003"])) == {"2603.00001", "2603.00002"}
    assert lived.inbox.served(GENERAL) == {"4:2026-03-10"}
    assert lived.outbox.suspended(VISION) == "channel_not_found"
    assert general.channel.preferences == Preferences(format="full", quiet=False)
    assert general.feedback == {"2603.00001": {"ada": 1, "bob": -1}, "2603.00002": {"bob": -1}}
    assert lived.votes.totals(GENERAL) == (1, 2)
    assert lived.lessons.of([GENERAL]) == {GENERAL: (lesson("2603.00002", "2:0a1b2c3d", down=1),)}


def test_votes_and_preferences_since_the_backup_are_left_as_they_are(lived: Stores) -> None:
    everything = kept_by(lived)
    lived.channels.prefer(GENERAL, {"format": "compact"})
    lived.votes.toggle(GENERAL, lesson("2603.00001"), "bob", 1)
    lived.votes.toggle(GENERAL, lesson("2603.00001", "2:0a1b2c3d"), "ada", 1)
    lived.lessons.forget(GENERAL, 2)
    lived.votes.toggle(GENERAL, lesson("2603.00003", "2:0a1b2c3d"), "ada", 1)
    restore(lived, everything)
    assert lived.channels.channel(GENERAL).preferences == Preferences(quiet=False)
    assert lived.votes.all(GENERAL)["2603.00001"] == {"ada": 1, "bob": 1}
    assert lived.votes.totals(GENERAL) == (3, 1)
    assert [one.paper for one in lived.lessons.of([GENERAL])[GENERAL]] == ["2603.00003"]  # the rest was forgotten since


def test_channels_are_due_at_their_next_slot_and_not_while_they_are_paused(lived: Stores) -> None:
    everything, later = kept_by(lived), NOW + timedelta(days=40)
    lived.server.call("FLUSHALL")
    restore(lived, everything, later)
    assert lived.inbox.next_slot(GENERAL) == next_slot(DAILY, later)
    assert lived.inbox.next_slot(VISION) is None


def test_a_restored_channel_goes_on_with_its_numbers(lived: Stores) -> None:
    everything = kept_by(lived)
    lived.server.call("FLUSHALL")
    restore(lived, everything)
    assert lived.channels.add(subscription(query="another")).number == 6


def test_restoring_twice_or_where_nothing_was_lost_changes_nothing(lived: Stores) -> None:
    everything, before = kept_by(lived), kept(lived.server)
    assert restore(lived, everything) == [Restored(0, scheduled=False, seen=0)] * 3
    assert kept(lived.server) == before


def test_what_came_since_the_backup_is_left_as_it_is(lived: Stores) -> None:
    everything = kept_by(lived)
    newer = lived.channels.add(subscription(query="newer", created_at=NOW))
    weekly = Schedule("weekly", "10:00")
    lived.channels.set_channel(Channel(GENERAL, weekly), next_slot(weekly, NOW), NOW)
    lived.outbox.unsuspend(VISION, NOW)
    lived.channels.remove(lived.channels.subscription(GENERAL, 3))
    lived.server.call("ZADD", keys.seen(GENERAL), 7, "2603.00007")
    restore(lived, everything)
    assert newer in lived.channels.subscriptions(GENERAL)
    assert lived.channels.subscription(GENERAL, 3).want == Want(feed=FEED)
    assert lived.channels.channel(GENERAL).schedule == weekly
    assert lived.inbox.next_slot(GENERAL) == next_slot(weekly, NOW)
    assert lived.outbox.suspended(VISION) is None
    assert len(lived.inbox.seen(GENERAL, ["2603.00001", "2603.00007"])) == 2
    assert lived.channels.add(subscription(query="last of all")).number == 7


def test_feeds_are_counted_once_however_often_they_come_back(lived: Stores) -> None:
    everything = kept_by(lived)
    lived.channels.remove(lived.channels.subscription(GENERAL, 3))
    restore(lived, everything)
    restore(lived, everything)
    lived.channels.remove(lived.channels.subscription(GENERAL, 3))
    lived.channels.remove(lived.channels.subscription(VISION, 1))
    assert lived.channels.feeds() == []


def test_a_paper_that_the_channel_was_brought_waits_no_more(lived: Stores) -> None:
    everything = kept_by(lived)
    lived.server.call("FLUSHALL")
    waits(lived, "2603.00001", "2603.00005")
    restore(lived, everything)
    assert [one.paper for one in lived.inbox.read(GENERAL)] == ["2603.00005"]


def test_what_waits_in_an_instant_channel_is_due_at_once(stores: Stores) -> None:
    waits(stores, "2603.00005")
    stores.server.call("DEL", keys.DUE)
    restore(stores, [KeptChannel(Channel(GENERAL), (subscription(),), 1)])
    assert stores.inbox.next_slot(GENERAL) == NOW


def test_a_schedule_that_nobody_set_is_not_said_to_be_back(stores: Stores) -> None:
    plain, daily = (KeptChannel(Channel(GENERAL), (subscription(),), 1), KeptChannel(Channel(VISION, DAILY)))
    assert [one.scheduled for one in restore(stores, [plain, daily])] == [False, True]


def test_a_feeds_old_entries_are_no_news_after_a_restore_but_those_that_waited_are(lived: Stores) -> None:
    store(lived.papers, paper(10), paper(11), scope=FEED)  # they arrive, and nobody has matched them yet
    waits(lived, "2603.00009", where=VISION)
    elsewhere = replace(VISION, channel="C8")
    lived.channels.add(subscription(destination=elsewhere, query="old"))
    waits(lived, "2603.00008", where=elsewhere)  # that channel has it by another way, and does not wait for the feed's
    (feed,) = [one for one in kept_by(lived) if isinstance(one, KeptFeed)]
    assert feed == KeptFeed(FEED, ("2603.00008",))
    lived.server.call("FLUSHALL")
    restore(lived, [feed])
    store(lived.papers, *(paper(number) for number in range(8, 13)), scope=FEED)
    assert {one.paper[-2:] for one in lived.papers.unmatched(9)} == {"09", "10", "11", "12"}


def test_a_number_that_holds_another_subscription_is_a_conflict_and_nothing_is_written(lived: Stores) -> None:
    (*_, general) = kept_by(lived)
    old = lived.channels.subscription(GENERAL, 1)
    lived.channels.change(replace(old, want=Want("edited")), old)
    before = kept(lived.server)
    assert Backup(lived.server).conflicts(general) == [f"{GENERAL} #1"]
    with pytest.raises(BackupError, match="just now"):
        restore(lived, [general])
    assert kept(lived.server) == before


def test_a_channel_is_not_filled_beyond_its_limit(stores: Stores) -> None:
    for number in range(MAX_SUBSCRIPTIONS):
        stores.channels.add(subscription(query=f"w{number}"))
    (conflict,) = Backup(stores.server).conflicts(KeptChannel(Channel(GENERAL), (subscription(40),), 40))
    assert "33" in conflict


def test_a_server_that_goes_away_leaves_nothing_written(tmp_path: Path) -> None:
    own = EmbeddedValkey(tmp_path)
    assert own.start()
    server = Server(own.url)
    Stores(server).channels.add(subscription())
    reading, out = Backup(server).read(), BytesIO()
    own.stop()
    with pytest.raises(StoreUnavailable):
        write(reading, out, NOW)
    assert out.getvalue() == b""
    server.close()


def paperboy(*words: str, **run: Any) -> subprocess.CompletedProcess[bytes]:
    """The command line, in the data directory of this test's environment."""
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "cli", *words],
        capture_output=True,
        check=False,
        timeout=60,
        **{"env": {**os.environ, "PYTHONPATH": str(ROOT)}, **run},
    )


@pytest.fixture
def shell(lived: Stores, monkeypatch: pytest.MonkeyPatch) -> Stores:
    """The server that commands reach."""
    monkeypatch.setenv("REDIS_URL", lived.server.url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-hunter2")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-hunter2")
    agree(lived.server, "0.1.0")  # as the first command did
    return lived


def test_backup_and_restore_at_a_shell(shell: Stores, tmp_path: Path) -> None:
    file, everything = tmp_path / "kept.jsonl", kept_by(shell)
    made = paperboy("backup", str(file))
    assert (made.returncode, made.stdout) == (0, b""), made.stderr
    assert b"5 subscriptions of 2 channels" in made.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.glob(".*")) == []
    assert b"hunter2" not in file.read_bytes()
    shell.server.call("FLUSHALL")
    back = paperboy("restore", str(file))
    assert back.returncode == 0, back.stderr
    assert b"5 subscriptions" in back.stderr
    assert kept_by(shell) == everything


def test_a_dash_is_standard_output_and_standard_input(shell: Stores) -> None:
    everything = kept_by(shell)
    made = paperboy("backup", "-")
    assert read_back(made.stdout) == everything
    shell.server.call("FLUSHALL")
    assert paperboy("restore", "-", input=made.stdout).returncode == 0  # a pipe, which is not read twice
    assert kept_by(shell) == everything


def test_a_cut_file_or_a_conflict_changes_nothing_and_says_why(shell: Stores) -> None:
    whole = file_of(kept_by(shell))
    old = shell.channels.subscription(GENERAL, 1)
    shell.channels.change(replace(old, want=Want("edited")), old)
    # a restore would bring this one back, and comes there first
    shell.channels.remove(shell.channels.subscription(VISION, 1))
    before = kept(shell.server)
    cut = paperboy("restore", "-", input=whole[:-9])
    assert (cut.returncode, cut.stderr.count(b"line 5")) == (1, 1)
    refused = paperboy("restore", "-", input=whole)
    assert (refused.returncode, refused.stderr.count(b"general #1")) == (1, 1)
    assert kept(shell.server) == before


def test_a_file_that_cannot_be_written_or_read_is_said_so(shell: Stores, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    for command, verb, name in (("backup", "write", "taken"), ("restore", "read", "absent")):
        failed = paperboy(command, str(tmp_path / name))
        assert (failed.returncode, failed.stderr.count(f"cannot {verb}".encode())) == (1, 1)
        assert b"Traceback" not in failed.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["taken"]
    assert len(kept_by(shell)) == 3
