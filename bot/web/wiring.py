"""Builds the web role's pages over the core."""

from __future__ import annotations

import time

from bot.mail_links import Links
from bot.serving import Pages
from bot.web.feeds import Feeds
from bot.web.mail import MailPages
from papers.services.bulletin import Newsstand
from papers.wiring import Core, clock


def pages(core: Core) -> Pages:
    """Every page of the role."""
    return {**feeds(core).pages, **(_mail(core) if core.settings.has_email else {})}


def feeds(core: Core) -> Feeds:
    """Channels' private feeds."""
    stores = core.stores
    newsstand = Newsstand(stores.outlets, stores.channels, stores.outbox, stores.papers)
    return Feeds(newsstand, core.settings.paperboy_public_url or "", time.monotonic)


def _mail(core: Core) -> Pages:
    """What the links in mails lead to."""
    links = Links(core.settings.paperboy_public_url or "", core.mailboxes)
    return MailPages(core.mailing, core.stores.channels, links, clock).pages
