"""Sealing: what opens, and what does not, whatever was done to it."""

from __future__ import annotations

import base64
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.errors import StoreError
from papers.keyring import Keyring

OLD, NEW, FOREIGN = (bytes([n]) * 32 for n in (1, 2, 3))
NAMES = st.text(max_size=30)


def b64(key: bytes) -> str:
    return base64.b64encode(key).decode()


@given(NAMES, st.binary(max_size=200))
def test_what_was_sealed_opens_under_its_name(name: str, data: bytes) -> None:
    ring = Keyring([NEW, OLD])
    assert ring.unseal(name, ring.seal(name, data)) == data


@given(NAMES, NAMES, st.binary(max_size=50))
def test_a_record_that_was_moved_to_another_name_does_not_open(name: str, other: str, data: bytes) -> None:
    ring = Keyring([NEW])
    if name != other:
        with pytest.raises(StoreError, match="was changed"):
            ring.unseal(other, ring.seal(name, data))


@given(st.binary(max_size=50), st.data())
def test_a_record_of_which_any_bit_was_changed_does_not_open(data: bytes, draw: st.DataObject) -> None:
    ring = Keyring([NEW, OLD])
    record = bytearray(ring.seal("slack:T1", data))
    record[draw.draw(st.integers(0, len(record) - 1))] ^= 1 << draw.draw(st.integers(0, 7))
    with pytest.raises(StoreError):
        ring.unseal("slack:T1", bytes(record))


@given(st.binary(max_size=50), st.data())
def test_a_record_that_was_cut_does_not_open(data: bytes, draw: st.DataObject) -> None:
    ring = Keyring([NEW])
    record = ring.seal("slack:T1", data)
    with pytest.raises(StoreError):
        ring.unseal("slack:T1", record[: draw.draw(st.integers(0, len(record) - 1))])


def test_the_first_key_seals_and_every_key_opens() -> None:
    before, between, after = Keyring([OLD]), Keyring([NEW, OLD]), Keyring([NEW])
    record = before.seal("slack:T1", b"secret")
    assert between.unseal("slack:T1", record) == b"secret"
    assert not between.is_newest(record)
    anew = between.seal("slack:T1", b"secret")
    assert between.is_newest(anew)
    assert after.unseal("slack:T1", anew) == b"secret"
    with pytest.raises(StoreError):
        before.unseal("slack:T1", anew)


def test_an_unknown_key_is_told_with_the_setting_to_mend_and_without_the_secret() -> None:
    record = Keyring([OLD]).seal("slack:T1", b"hunter2")
    with pytest.raises(StoreError, match="PAPERBOY_ENCRYPTION_KEYS") as caught:
        Keyring([FOREIGN]).unseal("slack:T1", record)
    assert "PAPERBOY_ENCRYPTION_KEYS" in caught.value.advice
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_the_same_secret_is_never_sealed_the_same() -> None:
    ring = Keyring([NEW])
    assert len({ring.seal("slack:T1", b"secret") for _ in range(100)}) == 100


def test_keys_are_parsed_as_they_are_set() -> None:
    ring = Keyring.parse(f"{b64(NEW)} , {b64(OLD)}")
    assert ring.is_newest(Keyring([NEW]).seal("", b""))
    assert ring.unseal("", Keyring([OLD]).seal("", b"x")) == b"x"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "key 1 is 0 bytes, not 32"),
        (b64(NEW)[:-4], "key 1 is 30 bytes, not 32"),
        (f"{b64(NEW)},", "key 2 is 0 bytes, not 32"),
        (f"{b64(NEW)},hunter2", "key 2 is not base64"),
        (b64(NEW).replace("=", "!"), "key 1 is not base64"),
        ("Schlüssel", "key 1 is not base64"),
        (b64(NEW * 2), "key 1 is 64 bytes, not 32"),
    ],
)
def test_a_key_that_is_none_is_counted_and_not_shown(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        Keyring.parse(text)
    assert "openssl rand -base64 32" in str(caught.value)
    assert not any(part in str(caught.value) for part in text.split(",") if part)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_a_keyring_has_a_key() -> None:
    with pytest.raises(ValueError, match="no key"):
        Keyring([])


def test_a_keyring_prints_no_key() -> None:
    assert repr(Keyring([NEW, OLD])) == "Keyring(2 keys)"
