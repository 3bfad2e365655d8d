"""Where a connection may go and how long it may take: `papers.sources.network`."""

import socket
import ssl
from collections.abc import Iterable

import httpcore2
import pytest

from papers.errors import SourceForbidden, SourceUnreachable
from papers.sources.addresses import refusal
from papers.sources.network import Deadline, Network, Refusal, Resolve, resolve

PUBLIC, OTHER, PRIVATE = "93.184.216.34", "8.8.8.8", "127.0.0.1"


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Stream(httpcore2.NetworkStream):
    """The far end: keeps what it is told and with which timeout."""

    def __init__(self, peer: str) -> None:
        self.peer = peer
        self.timeouts: list[float | None] = []
        self.closed = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.timeouts.append(timeout)
        return b"x" * min(1, max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del buffer
        self.timeouts.append(timeout)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        del ssl_context, server_hostname
        self.timeouts.append(timeout)
        return self

    def close(self) -> None:
        self.closed = True

    def get_extra_info(self, info: str) -> object:
        return (self.peer, 80) if info == "server_addr" else None


class Dial(httpcore2.NetworkBackend):
    """Answers at the addresses in `up`; whoever connects meets `peer`, by default the address asked for."""

    def __init__(self, *up: str, peer: str | None = None) -> None:
        self.up = up
        self.peer = peer
        self.dialled: list[str] = []
        self.stream: Stream | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        del port, timeout, local_address, socket_options
        self.dialled.append(host)
        if host not in self.up:
            raise httpcore2.ConnectError("refused")
        self.stream = Stream(self.peer or host)
        return self.stream


def answers(*addresses: list[str]) -> Resolve:
    """A resolver that gives another answer each time it is asked."""
    left = iter(addresses)
    return lambda _host, _port: next(left)


def connect(
    dial: Dial, resolve: Resolve, *, check: Refusal = refusal, clock: Clock | None = None
) -> httpcore2.NetworkStream:
    network = Network(Deadline(10, clock or Clock()), refusal=check, resolve=resolve, dial=dial)
    return network.connect_tcp("feeds.example", 80)


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    dial = Dial(PUBLIC)
    connect(dial, answers([PUBLIC]))
    assert dial.dialled == [PUBLIC]


def test_a_name_that_changes_its_address_after_the_check_gains_nothing() -> None:
    dial = Dial(PUBLIC, PRIVATE)
    connect(dial, answers([PUBLIC], [PRIVATE]))
    assert dial.dialled == [PUBLIC]


def test_a_private_address_is_never_dialled() -> None:
    dial = Dial(PRIVATE)
    with pytest.raises(SourceForbidden, match="loopback"):
        connect(dial, answers([PRIVATE]))
    assert dial.dialled == []


def test_of_a_name_with_both_kinds_of_addresses_only_public_ones_are_dialled() -> None:
    dial = Dial(PRIVATE, OTHER)
    connect(dial, answers([PRIVATE, PUBLIC, OTHER]))
    assert dial.dialled == [PUBLIC, OTHER]


def test_a_connection_that_ends_up_elsewhere_is_closed_before_a_byte_is_sent() -> None:
    dial = Dial(PUBLIC, peer=PRIVATE)
    with pytest.raises(SourceForbidden):
        connect(dial, answers([PUBLIC]))
    assert dial.stream is not None
    assert dial.stream.closed
    assert dial.stream.timeouts == []


def test_an_operators_endpoint_may_be_private() -> None:
    dial = Dial(PRIVATE)
    connect(dial, answers([PRIVATE]), check=lambda _: None)
    assert dial.dialled == [PRIVATE]


def test_a_host_that_refuses_or_has_no_address_is_unreachable() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(port, host)

    with pytest.raises(SourceUnreachable):
        connect(Dial(), answers([PUBLIC, OTHER]))
    with pytest.raises(SourceUnreachable):
        connect(Dial(), unknown)


def test_every_step_is_given_no_more_than_what_is_left_of_the_deadline() -> None:
    clock, dial = Clock(), Dial(PUBLIC)
    stream = connect(dial, answers([PUBLIC]), clock=clock)
    clock.now = 4
    stream.write(b"x", timeout=100)
    secure = stream.start_tls(ssl.create_default_context())
    clock.now = 9
    secure.read(1, timeout=0.5)
    secure.read(1, timeout=5)
    assert dial.stream is not None
    assert dial.stream.timeouts == [6, 6, 0.5, 1]
    clock.now = 10
    with pytest.raises(SourceUnreachable, match="within 10 s"):
        secure.read(1)


def test_the_system_knows_its_own_loopback_by_number() -> None:
    assert resolve("127.0.0.1", 80) == ["127.0.0.1"]
