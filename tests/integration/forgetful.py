"""A connection that forgets: every answer of a script is lost once, so that each script runs twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from papers.stores.server import Server
from papers.wiring import Stores
from tests.integration.outboxes import kept


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


def runs(stores: Stores) -> list[Run]:
    """Every script that ran over such a connection."""
    server = stores.server
    assert isinstance(server, ForgetfulServer)
    return server.runs
