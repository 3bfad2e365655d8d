"""A mail as bytes: its headers, and both looks of what it says. Pure: the time and the addresses are passed in.

The id of a mail follows from its delivery's, so that a server or a program that keeps one mail of an id keeps one.
`Precedence` is not set: RFC 2076 (3.9) calls it discouraged, and answering machines have had `Auto-Submitted` to go by
since RFC 3834 (5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from urllib.parse import quote, urlsplit

from bot.email import content, html, text
from papers.mailbox import VALID, Invitation, Mailbox
from papers.model import Delivery, Paper
from papers.wording.dates import day_text, schedule_text

POLICY: Final = SMTP.clone(cte_type="7bit")
"""Seven bits: not every server on a mail's way takes eight (RFC 6152)."""

MANAGE: Final = "What you get, and when"

LONGEST_LINE: Final = 998
"""Octets of a header's line (RFC 5322, 2.1.1)."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whom mails are from, and the address of the pages that they link to."""

    sender: Address
    home: str

    @property
    def place(self) -> str:
        """The host of the pages, for people."""
        return urlsplit(self.home).hostname or self.home


@dataclass(frozen=True, slots=True)
class Ways:
    """Links of one reader: to leave, and to see what they get."""

    leave: str
    manage: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """Which delivery a mail is of, to whom it goes, from whom, and when."""

    delivery: Delivery
    to: str
    head: Letterhead
    now: datetime


def digest_letter(
    envelope: Envelope, papers: Mapping[str, Paper], ways: Ways, missed: Sequence[Delivery] = ()
) -> bytes:
    """A delivery as a mail, from which its reader can unsubscribe in one click (RFC 8058).

    `missed` are mails that may not have come: nobody but their reader can tell.
    """
    head = envelope.head
    days = ", ".join(dict.fromkeys(day_text(one.heading.day, one.heading.language) for one in missed))
    lost = f"Did the mail of {days} not reach you? {MANAGE} has it." if missed else ""
    said = replace(
        content.digest(envelope.delivery, papers),
        small=tuple(filter(None, (f"You confirmed at {head.place} that you want these.", lost))),
        links=(("Unsubscribe", ways.leave), (MANAGE, ways.manage)),
    )
    asked = quote(f"unsubscribe {ways.leave.rpartition('/')[2]}")
    leaving = {
        "List-Unsubscribe": f"<{ways.leave}>,\r\n <mailto:{head.sender.addr_spec}?subject={asked}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return _bytes(_message(said, envelope), leaving)


def invitation_letter(envelope: Envelope, invitation: Invitation, confirm: str) -> bytes:
    """The one mail that is sent to somebody who asked for none.

    It quotes no subscription: whoever invites typed those, and a stranger's inbox is no place for their words. The page
    that it links to shows them.
    """
    said = content.Content(
        subject="Papers by mail: please confirm",
        lines=(
            f"{invitation.by} offers you research papers by mail, {schedule_text(invitation.schedule)}.",
            f"Nothing is mailed unless you confirm. The link shows what you would get; it works for {VALID.days} days.",
            "If you do not want this, do nothing; or say on that page that nobody shall invite you again.",
        ),
        links=(("See what you would get, and confirm", confirm),),
    )
    return _bytes(_message(said, envelope), {})


def message_id(delivery: Delivery, head: Letterhead) -> str:
    """The mail's id, the same however often it is made."""
    return f"<{delivery.id}@{head.sender.domain}>"


def is_due(delivery: Delivery, mailbox: Mailbox) -> bool:
    """Whether a delivery is still to be mailed: its reader wants it, or it is an invitation that waits for them."""
    if delivery.kind == "notice":
        return mailbox.offered(delivery.id) is not None
    return mailbox.state == "confirmed" and delivery.due >= mailbox.at


def _message(said: content.Content, envelope: Envelope) -> EmailMessage:
    head, message = envelope.head, EmailMessage(POLICY)
    message["From"] = head.sender
    message["To"] = Address(addr_spec=envelope.to)
    message["Subject"] = said.subject
    message["Date"] = format_datetime(envelope.now)
    message["Message-ID"] = message_id(envelope.delivery, head)
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"Papers <papers.{head.sender.domain}>"
    message.set_content(text.render(said))
    message.add_alternative(html.render(said), subtype="html")
    return message


def _bytes(message: EmailMessage, whole: Mapping[str, str]) -> bytes:
    """The mail; headers of `whole` stand in it as they are: the library would break a long address in two."""
    lines = [f"{name}: {value}\r\n" for name, value in whole.items()]
    if any(len(line) > LONGEST_LINE for header in lines for line in header.split("\r\n")):
        raise ValueError("a link is longer than a mail's line")
    return "".join(lines).encode("ascii") + message.as_bytes()
