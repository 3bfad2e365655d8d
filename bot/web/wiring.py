"""Builds the web role's pages over the core."""

from __future__ import annotations

from bot.serving import Pages
from papers.wiring import Core


def pages(core: Core) -> Pages:
    """Every page of the role."""
    del core  # the first pages come with channels' feeds
    return {}
