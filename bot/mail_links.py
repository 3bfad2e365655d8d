"""Where the links in mails lead: paths of `paperboy web`, which mails name and pages answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from papers.mailbox import Invitation, Mailbox
from papers.services.mailing import CONFIRM, READ
from papers.stores.mailboxes import MailboxStore

CONFIRM_PATH: Final = "/email/confirm/"
REFUSE_PATH: Final = "/email/refuse/"
LEAVE_PATH: Final = "/email/unsubscribe/"
MANAGE_PATH: Final = "/email/manage/"
BACK_PATH: Final = "/email/again/"
RESEND_PATH: Final = "/email/resend/"
"""A token follows each; what changes anything is POSTed there, as scanners follow every link with GET."""


@dataclass(frozen=True)
class Links:
    """Links for a mailbox, below the address that others reach `paperboy web` by."""

    base: str
    book: MailboxStore

    def confirm(self, mailbox: Mailbox, offered: Invitation) -> str:
        """Where its reader confirms one of the invitations that wait, or refuses them all."""
        return f"{self.base}{CONFIRM_PATH}{self.book.link(CONFIRM, mailbox.id, offered.id)}"

    def leave(self, mailbox: Mailbox) -> str:
        """Where its reader, or their mail program for them, unsubscribes."""
        return f"{self.base}{LEAVE_PATH}{self.book.link(READ, mailbox.id)}"

    def manage(self, mailbox: Mailbox) -> str:
        """Where its reader sees what is mailed, and when."""
        return f"{self.base}{MANAGE_PATH}{self.book.link(READ, mailbox.id)}"
