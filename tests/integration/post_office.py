"""A mail server, Paperboy's sender that hands mails in there, and two who are mailed to: fixtures for tests of both."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address

import pytest

from bot.email.letter import Letterhead
from bot.email.line import READY, Line, MailServer
from bot.email.poster import LEASE, LOOK_AFTER, TIMEOUT, EmailPoster, paces
from bot.mail_links import Links
from bot.posting import Sender
from bot.verdict import Judge
from papers.model import Destination, Record
from papers.stores import keys
from papers.wiring import Stores
from tests.conftest import NOW
from tests.contract.email import HOME, confirmed, mailboxes, mailing
from tests.fakes.smtp import HOST, StrictMail
from tests.integration.outboxes import time_passes

ADA, BOB = "ada@example.org", "bob@example.org"


@dataclass
class Office:
    """A mail server, and the sender that hands mails in there."""

    stores: Stores
    mail: StrictMail
    now: datetime = NOW

    def sender(self, server: MailServer | None = None, *, ready: float = READY) -> tuple[Sender, Line]:
        line = Line(server or self.server(), ready=ready)
        head = Letterhead(Address("Paperboy", addr_spec="papers@example.org"), HOME)
        links = Links(HOME, mailboxes(self.stores))
        poster = EmailPoster(line, links, head, mailing(self.stores), lambda: self.now)
        judge = Judge(self.stores.papers, poster, lease=LEASE, timeout=TIMEOUT, look_after=LOOK_AFTER)
        return Sender("email", self.stores.outbox, self.stores.channels, judge, paces), line

    def server(self) -> MailServer:
        return MailServer(HOST, self.mail.port, "none", "example.org")

    def work(self, server: MailServer | None = None) -> None:
        """Send what may be sent now."""

        async def drained() -> None:
            sender, line = self.sender(server)
            await sender.drain()
            await line.close()

        asyncio.run(drained())

    def later(self, seconds: float, where: Destination) -> None:
        """Let that much time pass, for the outbox and for what holds it up."""
        time_passes(self.stores, seconds, where)
        self.stores.server.call("DEL", keys.pace("email"))
        self.now += timedelta(seconds=seconds)

    def last(self, where: Destination) -> Record:
        return self.stores.outbox.history(where)[0]


@pytest.fixture
def office(stores: Stores) -> Iterator[Office]:
    with StrictMail() as mail:
        yield Office(stores, mail)
    assert mail.violations == []


@pytest.fixture
def ada(stores: Stores) -> Destination:
    return confirmed(stores, ADA).destination


@pytest.fixture
def bob(stores: Stores) -> Destination:
    return confirmed(stores, BOB).destination
