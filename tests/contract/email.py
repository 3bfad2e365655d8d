"""Email's rig: its poster against a strict mail server, and what of a mail would do more than be read."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from typing import ClassVar, Self

from bot.email.letter import Letterhead
from bot.email.line import Line, MailServer
from bot.email.poster import EmailPoster
from bot.mail_links import Links
from papers.keyring import Envelope
from papers.mailbox import Mailbox
from papers.model import Destination
from papers.ports import Poster
from papers.services.mailing import Mailing
from papers.stores.mailboxes import MailboxStore
from papers.stores.vault import Vault
from papers.wiring import Stores
from tests.conftest import NOW
from tests.fakes.mail_reader import Read, read
from tests.fakes.smtp import HOST, Letter, StrictMail
from tests.integration.outboxes import PAST

HOME = "https://papers.example.org"
OURS = ("https://arxiv.org/", "https://huggingface.co/", f"{HOME}/email/")
"""What a mail may link to without having been told by a paper."""


@dataclass(frozen=True)
class Email:
    """A mailbox whose reader confirmed."""

    mail: StrictMail
    stores: Stores
    destination: Destination
    elsewhere: Destination
    knows_deliveries: ClassVar = False
    looks: ClassVar = False

    @classmethod
    @contextmanager
    def open(cls, stores: Stores) -> Iterator[Self]:
        """A mail server, and two mailboxes."""
        ada, bob = (confirmed(stores, f"{name}@example.org").destination for name in ("ada", "bob"))
        with StrictMail() as mail:
            yield cls(mail, stores, ada, bob)
        assert mail.violations == []

    @asynccontextmanager
    async def poster(self) -> AsyncIterator[Poster]:
        """Paperboy's."""
        async with email_poster(self.mail, self.stores) as poster:
            yield poster

    def shown(self) -> list[str]:
        """Subject and body, without the footer."""
        return [reading(letter) for letter in self._letters()]

    def alive(self) -> list[str]:
        """Tags that are not ours, addresses that are not, what is fetched, and characters that are not for reading."""
        return [found for letter in self._letters() for found in living(letter)]

    def _letters(self) -> list[Letter]:
        return [letter for letter in self.mail.letters if letter.to == "ada@example.org"]


def mailboxes(stores: Stores) -> MailboxStore:
    """Without a key."""
    return MailboxStore(Vault(stores.server, Envelope(None)))


def mailing(stores: Stores, clock: Callable[[], datetime] = lambda: NOW) -> Mailing:
    """The services."""
    return Mailing(mailboxes(stores), stores.channels, stores.outbox, stores.quota.spend, clock)


def confirmed(stores: Stores, address: str, workspace: str = "local") -> Mailbox:
    """A mailbox whose reader wants mails."""
    book = mailboxes(stores)
    made = Mailbox(book.id_of(workspace, address), workspace, address, "confirmed", PAST)
    assert book.put(made, None)
    return made


@asynccontextmanager
async def email_poster(
    mail: StrictMail, stores: Stores, clock: Callable[[], datetime] = lambda: NOW
) -> AsyncIterator[EmailPoster]:
    """Paperboy's poster."""
    line = Line(MailServer(HOST, mail.port, "none", "example.org"))
    head = Letterhead(Address("Paperboy", addr_spec="papers@example.org"), HOME)
    try:
        yield EmailPoster(line, Links(HOME, mailboxes(stores)), head, mailing(stores), clock)
    finally:
        await line.close()


def reading(letter: Letter) -> str:
    """What a person reads of it: the HTML's words, whose first is the subject, to the footer's rule."""
    return read(letter.html).before_rule


def living(letter: Letter) -> list[str]:
    """See `Email.alive`."""
    seen: Read = read(letter.html)
    found = [address for address in seen.links if not address.startswith(OURS)] + seen.strange
    said = [seen.text, letter.text, *(str(value) for value in letter.message.values())]
    return found + [one for text in said for one in text if one != "\n" and _is_unreadable(one)]


def _is_unreadable(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
