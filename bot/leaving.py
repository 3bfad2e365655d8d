"""Workspaces that remove Paperboy, and come back: closed at once and kept for a while, should that have been a mistake.

How long, and what then deletes them, is `workers.clean`'s business.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.repair import Closures
from papers.stores.departures import Departures
from papers.workspace import Workspace


class Comings:
    """Workspaces' comings and goings."""

    def __init__(self, closures: Closures, departures: Departures, clock: Callable[[], datetime]) -> None:
        self._closures = closures
        self._departures = departures
        self._clock = clock

    def left(self, workspace: Workspace, reason: str) -> None:
        """Close every channel of a workspace that removed Paperboy, and note when it did."""
        self._departures.note(workspace, self._clock())
        self._closures.close_all(workspace.platform, workspace.name, reason)

    def back(self, workspace: Workspace) -> None:
        """Go on in a workspace that has Paperboy again: it finds what it had."""
        self._departures.forget(workspace)
        self._closures.open_all(workspace.platform, workspace.name)
