"""Mailboxes in Redis, each sealed whole, under names that tell nobody an address.

A mailbox's id and the links in its mails are made with a secret of the installation: HMAC-SHA256 (RFC 2104), cut to 96
and 128 bits. So an address finds its mailbox without an index, and a link needs no record of its own: nothing that
opens one is stored. Without encryption keys all of it lies open to who can read the server.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterator
from typing import Final

from papers import addresses
from papers.mailbox import Mailbox
from papers.stores import codec
from papers.stores.vault import Vault

KIND: Final = "email"
OURS: Final = ("email-secret", "1")
"""Where the installation's own secret is kept: its kind, and its name."""

ID: Final = 24
"""Hex digits of a mailbox's id."""

PROOF: Final = 16
"""Bytes that prove a link."""


class MailboxStore:
    """Every mailbox. Each method raises StoreError where the server or a key fails it."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def id_of(self, workspace: str, address: str) -> str:
        """The id of an address in a workspace."""
        return self._mac(f"mailbox|{workspace}|{addresses.same(address)}").hex()[:ID]

    def get(self, mailbox: str) -> Mailbox | None:
        """The mailbox with that id."""
        data = self._vault.get(KIND, mailbox)
        return codec.load(Mailbox, data) if data is not None else None

    def put(self, mailbox: Mailbox, before: Mailbox | None) -> bool:
        """Keep a mailbox if `before` is what is kept (None: nothing is); False, and nothing changed, if it is not."""
        data = codec.dump(mailbox).encode()
        if before is None:
            return self._vault.add(KIND, mailbox.id, data)
        return self._vault.replace(KIND, mailbox.id, codec.dump(before).encode(), data)

    def delete(self, mailbox: str) -> bool:
        """Forget a mailbox; whether there was one."""
        return self._vault.delete(KIND, mailbox)

    def all(self) -> Iterator[Mailbox]:
        """Every mailbox, in the order of their ids, which is none."""
        return filter(None, map(self.get, self._vault.names(KIND)))

    def link(self, purpose: str, mailbox: str, once: str = "") -> str:
        """A token for a link, safe in a URL; `once` is what ends with its use."""
        return mailbox + self._proof(purpose, mailbox, once)

    def holder(self, token: str) -> Mailbox | None:
        """The mailbox that a token names; `proves` says whether it may."""
        return self.get(token[:ID]) if token.isascii() and token[:ID].isalnum() else None

    def proves(self, token: str, purpose: str, once: str = "") -> bool:
        """Whether a token is one that `link` made for this."""
        made = self.link(purpose, token[:ID], once)
        return token.isascii() and hmac.compare_digest(token, made)

    def _proof(self, purpose: str, mailbox: str, once: str) -> str:
        proof = self._mac(f"link|{purpose}|{mailbox}|{once}")[:PROOF]
        return base64.urlsafe_b64encode(proof).decode().rstrip("=")

    def _mac(self, text: str) -> bytes:
        return hmac.digest(self._secret(), text.encode(), hashlib.sha256)

    def _secret(self) -> bytes:
        """The installation's secret; made by whoever needs it first."""
        kept = self._vault.get(*OURS)
        if kept is None:
            self._vault.add(*OURS, secrets.token_bytes(32))
            kept = self._vault.get(*OURS)
        return kept or self._secret()
