"""Connections of one fetch: to checked addresses only, and never beyond the fetch's deadline.

The check sits where the socket is made. A check of the URL's host would let `http://①②⑦.⓪.⓪.①/` and names that
resolve to 127.0.0.1 through, and a name resolved once for the check and again for the connection can change in
between (DNS rebinding). Here a name is resolved once, each of its addresses is checked, the connection goes to that
very address, and the peer of the connected socket is checked again before a byte is sent.

It does not bound name resolution itself, which blocks for as long as the system's resolver is set to (seconds).
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator

import httpcore2
import httpx2

from papers.errors import SourceForbidden, SourceUnreachable
from papers.sources.addresses import refusal

Refusal = Callable[[str], str | None]
"""An IP literal to why it must not be connected to; None if it may be."""

Resolve = Callable[[str, int], list[str]]
"""(host, port) to IP literals, best first; raises OSError."""


def resolve(host: str, port: int) -> list[str]:
    """The system's answer, without doubles."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Deadline:
    """A moment after which a fetch is over, whatever it was doing."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Seconds left, above 0; raises SourceUnreachable when there are none."""
        left = self._end - self._clock()
        if left <= 0:
            raise SourceUnreachable(f"no complete answer within {self.seconds:g} s")
        return left

    def clip(self, timeout: float | None) -> float:
        """The shorter of `timeout` and what is left."""
        return self.left() if timeout is None else min(timeout, self.left())


class _Stream(httpcore2.NetworkStream):
    """A stream whose every read and write ends by the deadline: timeouts alone bound only the pauses between bytes."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.clip(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.clip(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.clip(timeout))
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class Network(httpcore2.NetworkBackend):
    """Makes the sockets, by `dial`, which is given IP literals only.

    `refusal` is the check, of each address before it is dialled and of the peer after.
    """

    def __init__(
        self,
        deadline: Deadline,
        *,
        refusal: Refusal,
        resolve: Resolve,
        dial: httpcore2.NetworkBackend,
    ) -> None:
        self._deadline = deadline
        self._refusal = refusal
        self._resolve = resolve
        self._dial = dial

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first of the host's addresses that answers.

        Raises SourceForbidden if none of them may be connected to, SourceUnreachable if none could be.
        """
        failure: Exception | None = None
        for address in self._addresses(host, port):
            try:
                stream = self._dial.connect_tcp(
                    address, port, self._deadline.clip(timeout), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
                continue
            self._check_peer(host, stream)
            return _Stream(stream, self._deadline)
        raise SourceUnreachable(f"cannot connect to {host}: {failure}") from failure

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise SourceUnreachable(f"cannot find {host}: {error}") from error
        allowed = [address for address in addresses if self._refusal(address) is None]
        if not allowed:
            raise self._forbidden(host, addresses[0] if addresses else "")
        return allowed

    def _check_peer(self, host: str, stream: httpcore2.NetworkStream) -> None:
        peer = str(stream.get_extra_info("server_addr")[0])
        if self._refusal(peer) is not None:
            stream.close()
            raise self._forbidden(host, peer)

    def _forbidden(self, host: str, address: str) -> SourceForbidden:
        reason = self._refusal(address)
        would_open = reason is not None and refusal(address, private=True) is None
        more = "; an operator can set PAPERBOY_ALLOW_PRIVATE_FEEDS" if would_open else ""
        return SourceForbidden(
            f"{host} is not on the public internet ({reason or 'no address'})", advice=f"use a public address{more}"
        )


class _Body(httpx2.SyncByteStream):
    def __init__(self, stream: Iterable[bytes], close: Callable[[], None]) -> None:
        self._stream = stream
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._close()


class Transport(httpx2.BaseTransport):
    """httpx2 over a `Network` of ours, which its own transport has no argument for. One fetch, few connections."""

    def __init__(self, network: Network, ssl_context: ssl.SSLContext) -> None:
        self._pool = httpcore2.ConnectionPool(ssl_context=ssl_context, network_backend=network)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send and return as soon as the headers are there. Raises httpcore2's errors untranslated."""
        url = request.url
        response = self._pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.read(),
                extensions=request.extensions,
            )
        )
        body = _Body(response.iter_stream(), response.close)
        return httpx2.Response(response.status, headers=response.headers, stream=body)

    def close(self) -> None:
        """Drop every connection, read to its end or not."""
        self._pool.close()
