"""Whatever is typed, something sensible is answered, and nobody changes what they may not.

A thousand lines as it stands; this tries more:

    pytest -n0 -o timeout=0 --malformed 100000 tests/integration/test_malformed.py
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from papers.model import Destination
from papers.settings import Settings
from papers.stores.server import Server
from papers.wiring import Core
from tests.builders import crowd, store
from tests.conftest import NOW
from tests.integration.malformed import lines
from tests.integration.tenants import Secrets, Stranger, broke, leaked, secrets
from tests.unit.services.conftest import Shelf

WHERE = Destination("slack", "T1", "C1")
ELSEWHERE = (
    Destination("slack", "T2", "C1"),
    Destination("discord", "2", "12"),
    Destination("terminal", "local", "general"),
)
FEED = "https://quokka.example/feed.xml"
EVERYBODYS = (":votes", ":tallies", ":lessons", ":recent:")
"""Endings of a channel's keys that its members may change without any right: votes are for all."""


@pytest.fixture
def theirs(server: Server) -> Iterator[tuple[Core, Secrets, list[Stranger]]]:
    """A channel with secrets; a member of it who may change nothing, and a stranger who may do all elsewhere."""
    core = Core(Settings.load().model_copy(update={"paperboy_public_url": "http://localhost"}), server)
    store(core.stores.papers, *crowd(70))
    shelf = Shelf()
    shelf.feeds[FEED] = []
    desk = replace(core.desk, clock=lambda: NOW, feeds=shelf)
    with ThreadPoolExecutor(1) as threads:
        member = Stranger(core, lambda: desk, WHERE, threads, locked=True)
        strangers = [Stranger(core, lambda: desk, at, threads) for at in ELSEWHERE]
        yield core, secrets(core, desk, WHERE, FEED), [member, *strangers]
        for one in (member, *strangers):
            one.close()
    core.library.close()


def test_malformed_lines_break_nothing_show_nothing_and_change_nothing(
    request: pytest.FixtureRequest, theirs: tuple[Core, Secrets, list[Stranger]]
) -> None:
    core, kept, (member, *strangers) = theirs
    server = core.stores.server

    def state() -> dict[str, object]:
        return {key: value for key, value in kept.of(server).items() if not any(part in key for part in EVERYBODYS)}

    before = state()
    for number, line in enumerate(lines(request.config.getoption("--malformed"))):
        stranger = strangers[number % len(strangers)]
        for who in (member, stranger) if number % 2 else (stranger,):
            told = who.types(line)
            assert told, repr(line)
            assert not broke(told), repr(line)
            assert who is member or leaked(told, kept, line) == [], repr(line)
        if number % 100 == 0:
            assert state() == before, repr(line)
            stranger.leaves()
    assert state() == before
