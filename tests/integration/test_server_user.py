"""The user that docs/security.md gives to Paperboy: all of Paperboy works as this user, and nothing else does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.terminal.talk import channel
from bot.wiring import terminal_sender
from cli import doctor, trust
from papers.errors import StoreError
from papers.keyring import Keyring
from papers.model import Asker
from papers.stores.backup import Backup
from papers.stores.once import Once
from papers.stores.server import Server
from papers.stores.vault import Vault
from tests.fakes.upstream import Upstream
from tests.integration.burst import burst
from tests.integration.line import HF, Line
from tests.integration.servers import HOST, running
from tests.integration.slackline import KEY
from tests.repository import ROOT

PASSWORD = "3f2a"  # noqa: S105 - of a server that lives as long as a test
PAGE = (ROOT / "docs/security.md").read_text("utf-8")
LINES = [line.replace("CHANGE-ME", PASSWORD) for line in PAGE.splitlines() if line.startswith("user ")]
GENERAL = channel("general")

FORBIDDEN = (
    ("CONFIG", "GET", "*"),
    ("CONFIG", "SET", "dir", "/root"),
    ("FLUSHALL",),
    ("FLUSHDB",),
    ("KEYS", "*"),
    ("SHUTDOWN",),
    ("REPLICAOF", HOST, 1),
    ("ACL", "LIST"),
    ("MONITOR",),
    ("SAVE",),
    ("CLIENT", "KILL", "ID", 1),
    ("EVAL", "return 1", 0),
    ("FUNCTION", "LIST"),
    ("SCRIPT", "FLUSH"),
    ("GET", "somebody:else"),
    ("SET", "paperboys", 1),
    ("PUBLISH", "elsewhere", 1),
    ("MIGRATE", HOST, 1, "paperboy:token", 0, 1),
    ("SORT", "paperboy:channels", "GET", "somebody:*"),
)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    """A connection as that user."""
    with running(tmp_path / "walled", "appendonly yes", "appendfsync always", *LINES) as walled:
        server = Server(f"redis://paperboy:{PASSWORD}@{HOST}:{walled.port}")
        yield server
        server.close()


def test_doctor_vouches_for_no_syncing_that_this_user_cannot_see(own: Server, server: Server) -> None:
    (grade, what), *others = [(one.grade, one.what) for one in doctor._trust(own, open_too=False)][1:]
    assert (grade, "cannot be seen by this user" in what, others) == ("note", True, [])
    server.call("CONFIG", "SET", "appendfsync", "always")
    try:
        assert "keeps on disk" in [one.what for one in doctor._trust(server, open_too=False)][-1]
    finally:
        server.call("CONFIG", "SET", "appendfsync", "no")


def test_all_of_paperboy_works_as_that_user(own: Server, upstream: Upstream) -> None:
    assert trust.examine(own) == ([], [])
    line = Line(own, upstream)
    line.say("subscribe diffusion OR maps")
    line.workshop.sweeper().sweep()
    environment = {"REDIS_URL": own.url, "HF_ENDPOINT": upstream.url, "PAPERBOY_ALLOW_PRIVATE_FEEDS": "true"}
    for work in ("fetch", "match"):
        burst(work, environment)
    asyncio.run(terminal_sender(line.workshop.core).drain())
    assert line.papers() == ["2603.00001", "2603.00002"]
    assert line.state(HF).error is None
    core, asker = line.workshop.core, Asker(GENERAL, "ada")
    for words in (
        "search maps",
        "why 2603.00001",
        "vote up 2603.00001",
        "daily 09:00 UTC",
        "log",
        "trending by:growth",
    ):
        line.say(words)
    token = core.stores.drafts.put(
        core.desk.draft(asker, core.desk.listing(asker).rows[0].subscription.want, replaces=1), asker
    )
    assert core.stores.drafts.take(token)
    assert core.stores.quota.spend("somebody", 1, 60) == 0
    once = Once(own)
    assert once.first("event", "E1", 60)
    assert once.redeem("state", once.issue("state", 60))
    vault = Vault(own, Keyring.parse(KEY))
    vault.put("slack", "T1", b"secret")
    assert vault.get("slack", "T1") == b"secret"
    line.workshop.embed()
    line.workshop.revise()
    line.say("unsubscribe 1")
    assert list(Backup(own).read())


def test_nothing_else_can_be_done_as_that_user(own: Server) -> None:
    for command in FORBIDDEN:
        with pytest.raises(StoreError, match=r"(?i)no permissions|can't run|NOPERM"):
            own.call(*command)


def test_nobody_is_let_in_without_a_name(own: Server) -> None:
    stranger = Server(own.url.replace(f"paperboy:{PASSWORD}@", ""))
    with pytest.raises(StoreError):
        stranger.call("PING")
    stranger.close()
