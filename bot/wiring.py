"""Builds the bots over the core."""

from __future__ import annotations

from bot.posting import Sender
from bot.terminal.poster import Show, TerminalPoster
from bot.verdict import Judge
from papers.wiring import Core, clock


def terminal_sender(core: Core, show: Show | None = None) -> Sender:
    """The sender of terminal channels; `show` puts posts on the screen."""
    stores = core.stores
    judge = Judge(stores.papers, TerminalPoster(stores.posts, clock, show))
    return Sender("terminal", stores.outbox, stores.channels, judge)
