"""Public hosts, played by servers on loopback: what guards the way to them is exercised, and no network is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import httpcore2

from papers.sources.http import Fetcher
from tests.fakes.upstream import Upstream


class Internet(httpcore2.NetworkBackend):
    """Names, each with a public address of its own; connections to it end at its server.

    Whatever else is connected to is looked up in `loopback`, so that a hole in the guard shows as a connection there.
    """

    def __init__(self, hosts: Mapping[str, Upstream], loopback: Upstream | None = None) -> None:
        self._addresses = {name: f"93.184.216.{number}" for number, name in enumerate(hosts, 1)}
        self._servers = {self._addresses[name]: server for name, server in hosts.items()}
        self._loopback = loopback
        self._backend = httpcore2.SyncBackend()

    def resolve(self, host: str, port: int) -> list[str]:
        """The address of a known name; an unknown one is taken for an address."""
        del port
        return [self._addresses.get(host, host)]

    def fetcher(self, *ports: int) -> Fetcher:
        """A guarded fetcher in this internet, with `ports` beside the public ones."""
        return Fetcher(ports=frozenset({80, 443, *ports}), max_seconds=5, resolve=self.resolve, dial=self)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the server behind the address, which says that it is there."""
        del port
        server = self._servers.get(host, self._loopback)
        if server is None:
            raise httpcore2.ConnectError(f"nobody at {host}")
        stream = self._backend.connect_tcp("127.0.0.1", server.port, timeout, local_address, socket_options)
        return _Far(stream, host)


class _Far(httpcore2.NetworkStream):
    """A stream whose peer is at another address than its socket's."""

    def __init__(self, inner: httpcore2.NetworkStream, peer: str) -> None:
        self._inner = inner
        self._peer = peer

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> object:
        return (self._peer, 80) if info == "server_addr" else self._inner.get_extra_info(info)
