"""Secrets sealed and opened by AES-256-GCM, under keys that can be changed without a day when nothing opens.

A sealed record is `version (1 byte) | key id (8) | nonce (12) | ciphertext and tag`. The nonce is random and 96 bits
long: safe for 2**32 records a key (NIST SP 800-38D, 8.3), which is more than a workspace's tokens will ever need. The
record's name is authenticated with it, so that a record that was moved to another name does not open.

`Envelope` is for what should be sealed but need not be: without a key it keeps data as it is.

Where records are kept is `papers.stores.vault`'s business.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from papers.errors import StoreError

VERSION = b"\x01"
OPEN = b"\x00"
"""What a record begins with that is not sealed."""

KEY = 32
KEY_ID = 8
NONCE = 12
HEADER = len(VERSION) + KEY_ID
"""Bytes before the nonce; the sizes are bytes too."""

MAKE_ONE = "`openssl rand -base64 32` makes one"

SETTING = "PAPERBOY_ENCRYPTION_KEYS"
"""Where the keys are set, for whoever has to mend them."""


class Keyring:
    """Keys of 32 bytes: the first one seals, each of them opens. ValueError for none, and for one that is none."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("no key at all")
        for number, key in enumerate(keys, start=1):
            if len(key) != KEY:
                raise ValueError(f"key {number} is {len(key)} bytes, not {KEY}; {MAKE_ONE}")
        self._ciphers = {_id(key): AESGCM(key) for key in keys}
        self._newest = _id(keys[0])

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """Keys as they are set: comma-separated, newest first, each the base64 of 32 bytes.

        Raises ValueError that counts the keys and never repeats one.
        """
        return cls([_decoded(number, part.strip()) for number, part in enumerate(text.split(","), start=1)])

    def __repr__(self) -> str:
        return f"Keyring({len(self._ciphers)} keys)"

    def seal(self, name: str, data: bytes) -> bytes:
        """The record of `data` under that name: another one each time."""
        header = VERSION + self._newest
        nonce = secrets.token_bytes(NONCE)
        return header + nonce + self._ciphers[self._newest].encrypt(nonce, data, header + name.encode())

    def unseal(self, name: str, record: bytes) -> bytes:
        """What was sealed under that name. Raises StoreError if no key fits, or if it is another record."""
        header, nonce, sealed = record[:HEADER], record[HEADER : HEADER + NONCE], record[HEADER + NONCE :]
        cipher = self._ciphers.get(header[len(VERSION) :]) if header.startswith(VERSION) else None
        if cipher is None:
            advice = f"add the key it was sealed with to {SETTING}, behind the newest one"
            raise StoreError(f"no key of {SETTING} opens the secret {name}", advice=advice)
        try:
            return cipher.decrypt(nonce, sealed, header + name.encode())
        except (InvalidTag, ValueError) as error:  # ValueError: what is left of it is shorter than a nonce
            advice = "install Paperboy in that workspace again"
            raise StoreError(f"the secret {name} was changed since it was sealed", advice=advice) from error

    def is_newest(self, record: bytes) -> bool:
        """Whether the record is sealed with the key that seals now."""
        return record.startswith(VERSION + self._newest)


class Envelope:
    """Seals with a keyring if there is one, else keeps data open behind a byte that says so; opens either.

    What was kept open before there was a key is not "newest": it is sealed when it is read.
    """

    def __init__(self, keyring: Keyring | None) -> None:
        self._keyring = keyring

    def seal(self, name: str, data: bytes) -> bytes:
        """The record of `data` under that name."""
        return self._keyring.seal(name, data) if self._keyring else OPEN + data

    def unseal(self, name: str, record: bytes) -> bytes:
        """What was kept under that name. Raises StoreError where it is sealed and no key fits."""
        if record.startswith(OPEN):
            return record[len(OPEN) :]
        if self._keyring is None:
            raise StoreError(f"the secret {name} is sealed", advice=f"set {SETTING} to the key it was sealed with")
        return self._keyring.unseal(name, record)

    def is_newest(self, record: bytes) -> bool:
        """Whether it would be kept the same way now."""
        return self._keyring is None or self._keyring.is_newest(record)


def _id(key: bytes) -> bytes:
    """Tells keys apart and gives nothing away: part of a hash of 256 random bits."""
    return hashlib.sha256(b"paperboy key id" + key).digest()[:KEY_ID]


def _decoded(number: int, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        # not chained: the cause may show what was typed, which is nearly a key
        raise ValueError(f"key {number} is not base64; {MAKE_ONE}") from None
