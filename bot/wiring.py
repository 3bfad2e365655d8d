"""Builds the bots over the core."""

from __future__ import annotations

from bot.posting import Sender
from bot.terminal.poster import Show, TerminalPoster
from papers.wiring import Core, clock


def terminal_sender(core: Core, show: Show | None = None) -> Sender:
    """The sender of terminal channels; `show` puts posts on the screen."""
    poster = TerminalPoster(core.stores.posts, clock, show)
    return Sender("terminal", core.stores.outbox, core.stores.papers, poster)
