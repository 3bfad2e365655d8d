"""Workspaces that removed Paperboy, and when: what they said is kept for a while, should they come back.

An ordered deletion stands here too, as one that is due since ever: so whoever dies in the midst of it leaves a note.
"""

from __future__ import annotations

from datetime import datetime

from papers.stores import keys
from papers.stores.clock import from_ms, to_ms
from papers.stores.server import Server
from papers.workspace import Workspace


class Departures:
    """Every workspace that left."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def note(self, workspace: Workspace, now: datetime) -> None:
        """Remember when it left; told a second time, the first counts."""
        self._server.call("ZADD", keys.LEFT, "NX", to_ms(now), str(workspace))

    def order(self, workspace: Workspace) -> None:
        """Have it deleted, whatever it does meanwhile."""
        self._server.call("ZADD", keys.LEFT, 0, str(workspace))

    def forget(self, workspace: Workspace) -> bool:
        """It came back, or nothing of it is left; whether it was among those that left."""
        return bool(self._server.call("ZREM", keys.LEFT, str(workspace)))

    def knows(self, workspace: Workspace) -> bool:
        """Whether it left."""
        return self._server.call("ZSCORE", keys.LEFT, str(workspace)) is not None

    def is_ordered(self, workspace: Workspace) -> bool:
        """Whether its deletion was ordered."""
        return bool(self._server.call("ZSCORE", keys.LEFT, str(workspace)) == 0)

    def until(self, moment: datetime) -> list[Workspace]:
        """Those that left by then, longest ago first."""
        named = self._server.call("ZRANGE", keys.LEFT, "-inf", to_ms(moment), "BYSCORE")
        return [Workspace.parse(name) for name in named]

    def all(self) -> dict[Workspace, datetime | None]:
        """When each left; None for one whose deletion was ordered."""
        rows = self._server.call("ZRANGE", keys.LEFT, 0, -1, "WITHSCORES")
        return {Workspace.parse(name): from_ms(at) if at else None for name, at in rows}
