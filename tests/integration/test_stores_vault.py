"""Secrets in Redis: sealed, bound to their names, and never put back by somebody who is late."""

from __future__ import annotations

import threading

import pytest

from papers.errors import StoreError
from papers.keyring import Keyring
from papers.stores import keys
from papers.stores.server import Server
from papers.stores.vault import Vault

OLD, NEW = bytes([1]) * 32, bytes([2]) * 32


@pytest.fixture
def vault(server: Server) -> Vault:
    return Vault(server, Keyring([NEW]))


class Interrupted(Server):
    """A connection on which somebody else does something just before a record is swapped, once."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.meanwhile: list[threading.Thread] = []

    def run(self, script: str, keys: object, arguments: object) -> object:
        while self.meanwhile:
            thread = self.meanwhile.pop()
            thread.start()
            thread.join()
        return super().run(script, keys, arguments)  # type: ignore[arg-type] # handed on as they came


def raw(server: Server, name: str) -> bytes:
    record = server.call_raw("HGET", keys.vault("slack"), name)
    assert isinstance(record, bytes)
    return record


def test_a_secret_is_kept_replaced_and_forgotten(vault: Vault) -> None:
    assert vault.get("slack", "T1") is None
    vault.put("slack", "T1", b"one")
    vault.put("slack", "T2", b"two")
    vault.put("discord", "G1", b"other")
    assert vault.names("slack") == ["T1", "T2"]
    assert vault.get("slack", "T1") == b"one"
    vault.put("slack", "T1", b"\x00\xff anew")
    assert vault.get("slack", "T1") == b"\x00\xff anew"
    assert vault.delete("slack", "T1")
    assert not vault.delete("slack", "T1")
    assert vault.get("slack", "T1") is None
    assert vault.names("slack") == ["T2"]


def test_nothing_of_a_secret_stands_in_redis(vault: Vault, server: Server) -> None:
    vault.put("slack", "T1", b"xoxb-hunter2")
    everything = b"".join(server.call_raw("DUMP", key) for key in server.call_raw("KEYS", "*"))
    assert everything
    assert b"hunter2" not in everything


def test_a_record_that_was_moved_to_another_workspace_does_not_open(vault: Vault, server: Server) -> None:
    vault.put("slack", "T1", b"one")
    server.call_raw("HSET", keys.vault("slack"), "T2", raw(server, "T1"))
    with pytest.raises(StoreError, match="slack:T2"):
        vault.get("slack", "T2")


def test_a_record_that_was_tampered_with_does_not_open(vault: Vault, server: Server) -> None:
    vault.put("slack", "T1", b"one")
    record = raw(server, "T1")
    server.call_raw("HSET", keys.vault("slack"), "T1", record[:-1] + bytes([record[-1] ^ 1]))
    with pytest.raises(StoreError, match="was changed"):
        vault.get("slack", "T1")


def test_a_record_of_an_unknown_key_is_kept_for_whoever_finds_the_key(vault: Vault, server: Server) -> None:
    Vault(server, Keyring([OLD])).put("slack", "T1", b"one")
    with pytest.raises(StoreError, match="PAPERBOY_ENCRYPTION_KEYS"):
        vault.get("slack", "T1")
    with pytest.raises(StoreError, match="PAPERBOY_ENCRYPTION_KEYS"):
        vault.replace("slack", "T1", b"one", b"two")
    assert Vault(server, Keyring([NEW, OLD])).get("slack", "T1") == b"one"


def test_a_record_of_an_older_key_is_sealed_with_the_newest_when_it_is_read(vault: Vault, server: Server) -> None:
    Vault(server, Keyring([OLD])).put("slack", "T1", b"one")
    assert Vault(server, Keyring([NEW, OLD])).get("slack", "T1") == b"one"
    assert vault.get("slack", "T1") == b"one"


def test_a_record_of_the_newest_key_stays_as_it_is_when_it_is_read(vault: Vault, server: Server) -> None:
    vault.put("slack", "T1", b"one")
    before = raw(server, "T1")
    vault.get("slack", "T1")
    assert raw(server, "T1") == before


def test_sealing_anew_never_undoes_a_write_that_came_between(vault: Vault, server: Server) -> None:
    Vault(server, Keyring([OLD])).put("slack", "T1", b"one")
    late = Interrupted(server.url)
    late.meanwhile.append(threading.Thread(target=vault.put, args=("slack", "T1", b"two")))
    assert Vault(late, Keyring([NEW, OLD])).get("slack", "T1") == b"one"
    assert vault.get("slack", "T1") == b"two"
    late.close()


def test_sealing_anew_never_brings_back_what_was_forgotten_meanwhile(vault: Vault, server: Server) -> None:
    Vault(server, Keyring([OLD])).put("slack", "T1", b"one")
    late = Interrupted(server.url)
    late.meanwhile.append(threading.Thread(target=vault.delete, args=("slack", "T1")))
    assert Vault(late, Keyring([NEW, OLD])).get("slack", "T1") == b"one"
    assert vault.names("slack") == []
    late.close()


def test_a_secret_is_replaced_only_if_it_is_the_one_expected(vault: Vault) -> None:
    assert not vault.replace("slack", "T1", b"one", b"two")
    assert vault.names("slack") == []
    vault.put("slack", "T1", b"one")
    assert vault.replace("slack", "T1", b"one", b"two")
    assert not vault.replace("slack", "T1", b"one", b"three")
    assert vault.get("slack", "T1") == b"two"


def test_a_secret_that_changes_while_it_is_replaced_stays_changed(vault: Vault, server: Server) -> None:
    vault.put("slack", "T1", b"one")
    late = Interrupted(server.url)
    late.meanwhile.append(threading.Thread(target=vault.put, args=("slack", "T1", b"two")))
    assert not Vault(late, Keyring([NEW])).replace("slack", "T1", b"one", b"three")
    assert vault.get("slack", "T1") == b"two"
    late.close()


def test_a_secret_that_is_sealed_anew_while_it_is_replaced_is_replaced(vault: Vault, server: Server) -> None:
    Vault(server, Keyring([OLD])).put("slack", "T1", b"one")
    both = Keyring([NEW, OLD])
    late = Interrupted(server.url)
    late.meanwhile.append(threading.Thread(target=Vault(server, both).get, args=("slack", "T1")))
    assert Vault(late, both).replace("slack", "T1", b"one", b"two")
    assert vault.get("slack", "T1") == b"two"
    late.close()


def test_who_only_looks_seals_nothing_anew(server: Server) -> None:
    Vault(server, Keyring([OLD])).put("slack", "T1", b"one")
    before = raw(server, "T1")
    assert Vault(server, Keyring([NEW, OLD]), reseals=False).get("slack", "T1") == b"one"
    assert raw(server, "T1") == before
    assert Vault(server, Keyring([NEW, OLD])).get("slack", "T1") == b"one"
    assert raw(server, "T1") != before
