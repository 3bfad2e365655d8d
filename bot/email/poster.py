"""Email's way of taking one message.

    post ──► whose mailbox? ──► letter ──► the mail server ──► receipt: the mail's Message-ID
    find ──► never: a mail server does not say what it took (ADR 17)
    edit ──► never: what was mailed is mailed

The mailbox is read at the last moment: who left a second ago is sent nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.email.letter import Envelope, Letterhead, Ways, digest_letter, invitation_letter, is_due, message_id
from bot.email.line import TAKING, Line, Mail
from bot.mail_links import Links
from papers.addresses import masked
from papers.errors import Rejected, Unverifiable
from papers.mailbox import Mailbox
from papers.model import Delivery, Destination, Paper, Receipt
from papers.services.mailing import Mailing
from papers.stores.outbox import Pace

PER_MAIL: Final = 0.2
"""Seconds between two mails, whoever they go to: five a second, which small servers take without holding us up."""

TIMEOUT: Final = TAKING + 60.0
"""Seconds for one mail: what the server may take for it, and the mails that are before it on the line."""

LOOK_AFTER: Final = 1.0
LEASE: Final = 2 * TIMEOUT + LOOK_AFTER + 10.0
"""Seconds a claim is good for."""


def paces(destination: Destination) -> Sequence[Pace]:
    """One pace for all, which a server that cannot be reached holds up."""
    return [Pace(destination.platform, PER_MAIL, everywhere=True)]


class EmailPoster:
    """A `papers.ports.Poster`."""

    def __init__(
        self, line: Line, links: Links, head: Letterhead, mailing: Mailing, clock: Callable[[], datetime]
    ) -> None:
        self._mailing = mailing
        self._line = line
        self._links = links
        self._head = head
        self._clock = clock

    async def post(self, delivery: Delivery, papers: Mapping[str, Paper], thread: str | None) -> Receipt:
        """Mail. Raises RetryAfter if it certainly did not go out, Rejected if it never will, else Unknown."""
        del thread  # a mail stands alone
        now = self._clock()
        to, data = await asyncio.to_thread(self._letter, delivery, papers, now)
        await self._line.send(Mail(self._head.sender.addr_spec, to, data, now - delivery.due))
        return Receipt(message_id(delivery, self._head), now)

    async def find(self, delivery: Delivery, thread: str | None) -> Receipt | None:
        """Raises Unverifiable."""
        del delivery, thread
        raise Unverifiable("a mail server does not say what it took")

    async def edit(self, delivery: Delivery, papers: Mapping[str, Paper], message: str, thread: str | None) -> None:
        """Raises Rejected."""
        del delivery, papers, message, thread
        raise Rejected("what was mailed cannot be changed")

    def _letter(self, delivery: Delivery, papers: Mapping[str, Paper], now: datetime) -> tuple[str, bytes]:
        """The address, and the mail. Raises Rejected where nobody wants it any more."""
        mailbox = self._links.book.get(delivery.destination.channel)
        if mailbox is None or not mailbox.address or mailbox.destination != delivery.destination:
            raise Rejected("no address is kept for it: invite it again", suspends=True)
        if not is_due(delivery, mailbox):
            raise Rejected(f"{masked(mailbox.address)} does not want it any more")
        return mailbox.address, self._written(Envelope(delivery, mailbox.address, self._head, now), mailbox, papers)

    def _written(self, envelope: Envelope, mailbox: Mailbox, papers: Mapping[str, Paper]) -> bytes:
        if envelope.delivery.kind == "notice" and (offered := mailbox.offered(envelope.delivery.id)):
            return invitation_letter(envelope, offered, self._links.confirm(mailbox, offered))
        ways = Ways(self._links.leave(mailbox), self._links.manage(mailbox))
        return digest_letter(envelope, papers, ways, self._mailing.missed(mailbox))
