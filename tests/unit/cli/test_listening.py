"""`doctor` finds ports that somebody else holds, before a role does not start for it."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from bot.checked import Checked
from cli.listening import examine
from papers.settings import Settings
from papers.stores.presence import Presence
from tests.conftest import NOW

HERE = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that is listened on."""
    with socket.create_server((HERE, 0)) as listener:
        yield int(listener.getsockname()[1])


def found(settings: Settings, *running: Presence) -> list[Checked]:
    return list(examine(settings, running, "box"))


def test_a_port_that_another_program_holds_is_bad(taken: int) -> None:
    (told,) = found(Settings(http_port=taken))
    assert told.grade == "bad"
    assert told.what == f"cannot listen on {HERE}:{taken} (HTTP_PORT): Address already in use"
    assert "set another HTTP_PORT" in told.mend


@pytest.mark.parametrize(("machine", "grade"), [("box", "good"), ("another", "bad")])
def test_one_that_a_role_of_this_machine_holds_is_good(taken: int, machine: str, grade: str) -> None:
    role = Presence("worker fetch", machine, 7, 0, taken, "0.1.0", NOW, 1, 1, "wordllama")
    assert [one.grade for one in found(Settings(http_port=taken), role)] == [grade]


def test_a_free_one_is_good_and_let_go() -> None:
    with socket.create_server((HERE, 0)) as other:
        free = int(other.getsockname()[1])
    assert [one.grade for one in found(Settings(http_port=free))] == ["good"]
    socket.create_server((HERE, free)).close()


def test_the_port_of_pages_is_looked_at_where_pages_are_served(taken: int) -> None:
    served = Settings(web_port=taken, paperboy_public_url="https://papers.example.org")
    assert [(one.grade, "(WEB_PORT)" in one.what) for one in found(served)] == [("bad", True)]
    assert found(Settings(web_port=taken)) == []


def test_a_host_that_is_not_this_machine_is_bad_even_without_a_port() -> None:
    (told,) = found(Settings(http_host="192.0.2.1"))
    assert told.grade == "bad"
    assert "set HTTP_HOST" in told.mend
