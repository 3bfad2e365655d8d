"""Builds the web role's pages over the core."""

from __future__ import annotations

import time

from bot.serving import Pages
from bot.web.feeds import Feeds
from papers.services.bulletin import Newsstand
from papers.wiring import Core


def pages(core: Core) -> Pages:
    """Every page of the role."""
    return {**feeds(core).pages}


def feeds(core: Core) -> Feeds:
    """Channels' private feeds."""
    stores = core.stores
    newsstand = Newsstand(stores.outlets, stores.channels, stores.outbox, stores.papers)
    return Feeds(newsstand, core.settings.paperboy_public_url or "", time.monotonic)
