"""Secrets in Redis, sealed: workspaces' tokens, one hash a kind, whose fields are names.

What a record looks like, and who can open it, is `papers.keyring`'s business. Nothing here logs, and no error shows
what was sealed.
"""

from __future__ import annotations

from typing import Protocol

from papers.stores import keys
from papers.stores.server import Server


class Seal(Protocol):
    """Seals data under a name, and opens it: `papers.keyring` has them."""

    def seal(self, name: str, data: bytes) -> bytes:
        """The record of `data` under that name."""

    def unseal(self, name: str, record: bytes) -> bytes:
        """What was sealed under that name. Raises StoreError."""

    def is_newest(self, record: bytes) -> bool:
        """Whether it would be sealed the same way now."""


class Vault:
    """Secrets by kind (`slack`) and name (`T1`). Every method raises StoreError where the server or a key fails it.

    `reseals`: what an older key sealed is sealed with the newest when it is read. Who only looks must not: the key that
    it was started with may be one on trial, which no running process knows.
    """

    def __init__(self, server: Server, keyring: Seal, *, reseals: bool = True) -> None:
        self._server = server
        self._keyring = keyring
        self._reseals = reseals

    def put(self, kind: str, name: str, data: bytes) -> None:
        """Keep a secret, in place of what was kept under that name."""
        self._server.call_raw("HSET", keys.vault(kind), name, self._keyring.seal(_full(kind, name), data))

    def add(self, kind: str, name: str, data: bytes) -> bool:
        """Keep a secret if there is none of that name; whether there was none."""
        return bool(
            self._server.call_raw("HSETNX", keys.vault(kind), name, self._keyring.seal(_full(kind, name), data))
        )

    def get(self, kind: str, name: str) -> bytes | None:
        """The secret of that name, sealed anew if that is to be done and it did not just change."""
        record = self._record(kind, name)
        if record is None:
            return None
        data = self._keyring.unseal(_full(kind, name), record)
        if self._reseals and not self._keyring.is_newest(record):
            self._swap(kind, name, record, data)
        return data

    def replace(self, kind: str, name: str, old: bytes, new: bytes) -> bool:
        """Keep `new` if `old` is what is kept. False if it is not any more, or if nothing is: nothing changed then."""
        while (record := self._record(kind, name)) is not None:
            if self._keyring.unseal(_full(kind, name), record) != old:
                return False
            if self._swap(kind, name, record, new):
                return True  # else it was sealed anew meanwhile, or changed
        return False

    def delete(self, kind: str, name: str) -> bool:
        """Forget a secret; whether there was one."""
        return bool(self._server.call("HDEL", keys.vault(kind), name))

    def names(self, kind: str) -> list[str]:
        """Every name of that kind, sorted."""
        return sorted(self._server.call("HKEYS", keys.vault(kind)))

    def _record(self, kind: str, name: str) -> bytes | None:
        record: bytes | None = self._server.call_raw("HGET", keys.vault(kind), name)
        return record

    def _swap(self, kind: str, name: str, record: bytes, data: bytes) -> bool:
        sealed = self._keyring.seal(_full(kind, name), data)
        return bool(self._server.run("swap_secret", [keys.vault(kind)], [name, record, sealed]))


def _full(kind: str, name: str) -> str:
    """The name that a record is bound to."""
    return f"{kind}:{name}"
