"""Every command and every button, said by a stranger with another channel's numbers, ids, tokens and addresses.

Whatever can be typed or pressed has a row here, or a test fails: nothing new comes to be without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain

import pytest

from bot import acts
from bot.commands import COMMANDS
from papers.model import Destination, Platform
from papers.settings import Settings
from papers.stores.server import Server
from papers.wiring import Core
from tests.builders import crowd, paper, store
from tests.conftest import NOW
from tests.integration.tenants import SECRET, Secrets, Stranger, broke, leaked, secrets
from tests.unit.services.conftest import Shelf

FEED = f"https://{SECRET}.example/feed.xml"

LINES = {
    "subscribe QUERY": ["subscribe attention"],
    "subscribe [QUERY] about: FREE TEXT [~3/day]": ["subscribe about: robots and such ~1/day"],
    "subscribe trending [top:5]": ["subscribe trending"],
    "subscribe URL [QUERY]": ["subscribe https://other.example/feed.xml"],
    "search QUERY [since:30d] [before:2026-11-01] [has:code] [sort:new] [page:2]": [
        "search attention",
        "search {delivery}",
    ],
    "daily 09:00 [ZONE] [weekdays]": ["daily 09:00 UTC"],
    "weekly mon 09:00 [ZONE]": ["weekly mon 09:00"],
    "instant": ["instant"],
    "why ID": ["why 2603.00001", "why {delivery}"],
    "similar ID, a link or FREE TEXT [page:2]": ["similar 2603.00001", "similar {feed}"],
    "list": ["list"],
    "unsubscribe N": ["unsubscribe 1", "unsubscribe 3"],
    "repair N": ["repair 3", "repair 1"],
    "edit N QUERY": ["edit 1 kernel", "edit 2 about: graphs"],
    "edit N ~5/day": ["edit 2 ~5/day"],
    "vote up ID": ["vote up 2603.00001", "vote down 2603.00001"],
    "forget N": ["forget 2"],
    "test N or QUERY": ["test 1", "test 2", "test 3", "test attention"],
    "digest [DAY] [page:2]": ["digest"],
    "trending [week|month] [by:growth|by:stars] [page:2]": ["trending"],
    "log": ["log"],
    "resend ID": ["resend {delivery}", "resend c0ffee"],
    "settings [NAME VALUE]": ["settings", "settings language de"],
    "feed [new or off]": ["feed", "feed off", "feed new"],
    "email ADDRESS": ["email ada@example.org"],
    "pause": ["pause"],
    "resume": ["resume"],
    "help [COMMAND]": ["help", "help feed"],
    "help QUERY": ["help QUERY"],
}
"""For each form of `bot.commands.COMMANDS`, what the stranger types."""

PRESSES = {
    acts.SAY: ["list", "unsubscribe 1", "resend {delivery}"],
    acts.TURN: ["unsubscribe 2", "log"],
    acts.POST: ["list", "feed"],
    acts.FORM: ["#1", "#2", "#3", "", "attention"],
    acts.UP: ["2603.00001", "{delivery}"],
    acts.DOWN: ["2603.00002"],
    acts.SAVE: ["{draft}"],
    acts.ANYWAY: ["{draft}"],
    acts.TIGHTEN: ["{draft}"],
    acts.LOOSEN: ["{draft}"],
    acts.CANCEL: ["{draft}"],
    acts.REPAIR: ["{channel}"],
    acts.OPEN: ["{feed}"],
}
"""For each verb of `bot.acts`, what the stranger's button says."""

PAIRS: dict[str, tuple[tuple[Platform, str, str], tuple[Platform, str, str]]] = {
    "another workspace, the same ids": (("slack", "T1", "C1"), ("slack", "T2", "C1")),
    "a public channel beside a private one": (("slack", "T1", "G1"), ("slack", "T1", "C1")),
    "direct messages and a guild": (("discord", "@me", "@5"), ("discord", "1", "11")),
    "another platform, the same ids": (("slack", "local", "general"), ("terminal", "local", "general")),
    "a mailbox and a channel": (("email", "T1", "b5f1"), ("slack", "T1", "b5f1")),
}
"""Whose secrets, and where the stranger is."""


@pytest.fixture(scope="module")
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


@pytest.fixture
def scene(
    request: pytest.FixtureRequest, server: Server, threads: ThreadPoolExecutor
) -> Iterator[tuple[Secrets, Stranger]]:
    """An archive, a channel with secrets, and the stranger elsewhere."""
    whose, own = (Destination(*parts) for parts in PAIRS[request.param])
    core = Core(Settings.load().model_copy(update={"paperboy_public_url": "http://localhost"}), server)
    store(core.stores.papers, *crowd(70))
    shelf = Shelf()
    shelf.feeds |= {
        FEED: [paper(9001, f"A {SECRET} in a feed")],
        "https://other.example/feed.xml": [paper(9002, "Other")],
    }
    desk = replace(core.desk, clock=lambda: NOW, feeds=shelf)
    stranger = Stranger(core, lambda: desk, own, threads)
    yield secrets(core, desk, whose, FEED), stranger
    stranger.close()
    core.library.close()


@pytest.mark.parametrize("scene", PAIRS, indirect=True)
def test_nothing_that_is_said_elsewhere_shows_or_changes_anything_of_a_channel(scene: tuple[Secrets, Stranger]) -> None:
    theirs, stranger = scene
    server = stranger.core.stores.server
    before = theirs.of(server)
    assert len(before) > 8
    for said, verb in chain(
        ((line, None) for lines in LINES.values() for line in lines),
        ((value, verb) for verb, values in PRESSES.items() for value in values),
    ):
        typed = said.format(
            delivery=theirs.delivery, draft=theirs.draft, feed=theirs.feed, channel=theirs.where.channel
        )
        told = stranger.presses(verb, typed) if verb else stranger.types(typed)
        assert not broke(told), typed
        assert leaked(told, theirs, typed) == [], (verb, typed)
        assert theirs.of(server) == before, (verb, typed)
        stranger.leaves()


def test_every_form_of_every_command_is_tried() -> None:
    assert set(LINES) == {form.usage for form in COMMANDS}


def test_every_button_is_tried() -> None:
    assert set(PRESSES) == {getattr(acts, name) for name in dir(acts) if name.isupper() and name != "CHOICES"}


@pytest.mark.parametrize("scene", ["another workspace, the same ids"], indirect=True)
def test_where_it_is_their_own_the_same_words_do_show_and_change_it(scene: tuple[Secrets, Stranger]) -> None:
    theirs, stranger = scene
    owner = Stranger(stranger.core, stranger.services, theirs.where, stranger.threads)
    assert SECRET in leaked(owner.types("list"), theirs, "list")
    assert theirs.delivery[:6] in leaked(owner.types("log"), theirs, "log")
    assert theirs.feed in leaked(owner.types("feed"), theirs, "feed")
    before = theirs.of(owner.core.stores.server)
    for line in ("unsubscribe 1", "resend c0ffee", "settings language de", "feed off", "vote down 2603.00001"):
        owner.types(line)
        now = theirs.of(owner.core.stores.server)
        assert now != before, line
        before = now
    assert "Subscribed" in owner.presses(acts.SAVE, theirs.draft)
    owner.close()
