"""Addresses that lead to no Redis or Valkey at all."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

import pytest

from papers.errors import StoreError
from papers.stores.server import Server
from tests.integration.servers import HOST


def test_a_url_that_leads_to_a_web_server_is_an_error_that_says_so() -> None:
    with socket.create_server((HOST, 0)) as web:
        threading.Thread(target=_answer_as_the_web, args=(web,), daemon=True).start()
        with pytest.raises(StoreError, match="no Redis or Valkey") as caught:
            Server(f"redis://{HOST}:{web.getsockname()[1]}").call("PING")
    assert "REDIS_URL" in (caught.value.advice or "")


def _answer_as_the_web(listening: socket.socket) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
