"""What `papers.services.mailing` asks of the world, as Protocols."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from papers.mailbox import Mailbox
from papers.model import Delivery, Destination
from papers.ports import History


class Outgoing(History, Protocol):
    """The same, and what a channel is sent without a plan."""

    def put(self, deliveries: Sequence[Delivery], now: datetime) -> int:
        """Put deliveries that no plan made, all of one channel; those known already are left as they are."""

    def suspend(self, destination: Destination, reason: str, cause: str) -> bool:
        """Post nothing to the channel any more, and plan nothing for it; whether it was open until this."""


class Mailboxes(Protocol):
    """Addresses that papers are, were or may be mailed to, by ids that tell nobody an address."""

    def id_of(self, workspace: str, address: str) -> str:
        """The id of an address in a workspace."""

    def get(self, mailbox: str) -> Mailbox | None:
        """The mailbox with that id."""

    def all(self) -> Iterator[Mailbox]:
        """Every mailbox, in no order."""

    def put(self, mailbox: Mailbox, before: Mailbox | None) -> bool:
        """Keep a mailbox if `before` is what is kept (None: nothing is); False, and nothing changed, if it is not."""

    def delete(self, mailbox: str) -> bool:
        """Forget a mailbox; whether there was one."""

    def holder(self, token: str) -> Mailbox | None:
        """The mailbox that a link's token names, which `proves` nothing yet."""

    def proves(self, token: str, purpose: str, once: str = "") -> bool:
        """Whether a token was made for this purpose, and for what ends with its use."""
