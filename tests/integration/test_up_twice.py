"""A second `paperboy up` over the same server, or on the same port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace

import pytest

from cli import up
from cli.health import listen
from papers.errors import SettingsError, StoreUnsafe
from papers.settings import Settings
from papers.stores.presence import Presence, PresenceStore
from papers.stores.server import Server
from tests.conftest import NOW

FIRST = Presence("up", socket.gethostname(), os.getppid(), 1, 9101, "0.1.0", NOW, 1, 1, "wordllama")


def test_a_second_one_of_this_machine_on_a_server_is_refused_with_what_to_do(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", server.url)
    PresenceStore(server).announce(FIRST)
    with pytest.raises(StoreUnsafe, match=f"another `paperboy up` runs on this server: pid {FIRST.pid}") as caught:
        up.up()
    assert "stop it first" in caught.value.advice


def test_other_machines_other_roles_and_one_that_was_killed_are_in_nobodys_way() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    others = [replace(FIRST, host="elsewhere"), replace(FIRST, role="web")]
    up.be_alone([*others, replace(FIRST, pid=gone.pid), replace(FIRST, pid=os.getpid())])


def test_a_port_that_is_taken_says_by_whom_it_may_be() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SettingsError, match="another Paperboy may run there: stop it, or set another HTTP_PORT"):
            listen(lambda _: (200, b"", ""), Settings.model_construct(http_port=taken.getsockname()[1]))
