"""Which data a command read or wrote, as it says it: enough to find it by, and no password."""

from __future__ import annotations

from contextlib import closing

import pytest

from cli.context import place
from papers.settings import Settings
from papers.stores.server import Sentinels, Server


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("redis://ada:hunter2@ten.example:6380/2", "the server redis://ten.example:6380/2"),
        ("rediss://ten.example?password=hunter2", "the server rediss://ten.example"),
        ("unix://ada:hunter2@/run/valkey.sock?db=1", "the server unix:///run/valkey.sock"),
    ],
)
def test_a_server_is_told_by_its_address_alone(url: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    with closing(Server(url)) as server:
        assert place(Settings.load(), server) == said


def test_sentinels_are_told_without_the_primarys_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_SENTINELS", "ten.example:26379")
    with closing(Server(Sentinels(("ten.example:26379",), "mymaster", "ada", "hunter2"))) as server:
        assert place(Settings.load(), server) == "the server sentinel://ten.example:26379/mymaster"
