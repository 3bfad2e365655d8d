"""One bounded GET or POST: bytes in, or a named error. Synchronous, over httpx2.

Whoever answers is not trusted: bytes are counted while they stream, on the wire and decompressed; the whole fetch has
one deadline; every redirect is followed by hand and checked like the first URL; no proxy, cookie file or netrc of the
environment has a say. It does not retry, wait or remember: who polls does.
"""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import httpcore2
import httpx2

from papers.errors import (
    SourceForbidden,
    SourceLimited,
    SourceMalformed,
    SourceStatus,
    SourceTooLarge,
    SourceUnreachable,
)
from papers.sources.addresses import refusal
from papers.sources.network import Deadline, Network, Resolve, Transport, resolve
from papers.sources.waiting import retry_after
from papers.urls import canonical_url, checked

MAX_BYTES = 5 * 1024 * 1024
"""Of a body, on the wire as well as decompressed: arXiv's longest feed (2,000 rows) is about 4 MB; 300 KB of gzip
can hold 300 MB of nothing."""
MAX_SECONDS = 20.0
"""For a whole fetch with its redirects: a worker must not be held by a server that sends a byte a second."""
MAX_REDIRECTS = 5
"""http to https, a bare domain to www, a moved page: honest chains are shorter."""
PUBLIC_PORTS = frozenset({80, 443})
"""Other ports of a public address belong to other protocols, which a crafted URL could be made to speak to."""
STEP = 64 * 1024
"""Bytes decompressed at a time."""

_TIMEOUT = httpx2.Timeout(None, connect=5.0)
"""The deadline bounds everything; a dead address must leave time for the host's next one."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_HTTPX_ERRORS = (httpx2.HTTPError, httpx2.StreamError)
_HTTPCORE_ERRORS = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.UnsupportedProtocol,
)


def _version() -> str:
    try:
        return version("paperboy")
    except PackageNotFoundError:  # run from an unpacked source tree
        return "0"


USER_AGENT = f"Paperboy/{_version()} (+reads papers for team channels, at most every 15 minutes)"


@cache
def _trusted() -> ssl.SSLContext:
    """The bundled certificates, loaded once in a process: that takes longer than a fetch on a near network."""
    return httpx2.create_ssl_context(trust_env=False)


Turn = Callable[[], AbstractContextManager[None]]
"""Entered before a request begins, and left when its answer is there."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, complete and decompressed.

    Attributes:
        url: where it came from in the end, redirects followed.
        status: 2xx, 304 if it has not changed, or one of the statuses that the caller asked to see.
        headers: looked up without regard to case.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved: str = ""
    """Where the URL asked for lives now, by permanent redirects (RFC 9110, 15.4.2 and 15.4.9); empty if it is there."""

    @property
    def unchanged(self) -> bool:
        """Whether there is no body, for the one we know still holds."""
        return self.status == httpx2.codes.NOT_MODIFIED


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches URLs within limits. Holds no connection between fetches; safe to share between threads.

    Attributes:
        allow_private: private networks and loopback may be connected to as well, and any port.
        allow_all: any address and port may be. For endpoints that the operator names, never for a URL that a user
            typed.
        ports: what may be connected to otherwise.
        max_bytes, max_seconds: limits of one fetch.
        clock: the time that `Retry-After` dates are compared with.
        turn: entered before a `get` begins and left when it is over: whoever must wait for others waits there.
        resolve, dial: host to addresses, and address to socket; tests play an internet with them.
        tls: the certificates that are trusted.
    """

    allow_private: bool = False
    allow_all: bool = False
    ports: frozenset[int] = PUBLIC_PORTS
    max_bytes: int = MAX_BYTES
    max_seconds: float = MAX_SECONDS
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    turn: Turn = nullcontext
    resolve: Resolve = resolve
    dial: httpcore2.NetworkBackend = field(default_factory=httpcore2.SyncBackend, repr=False)
    tls: ssl.SSLContext = field(default_factory=_trusted, repr=False)

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        modified: str | None = None,
        token: str | None = None,
        also: Collection[int] = (),
    ) -> Fetched:
        """The answer of `url`; an `unchanged` one (304) if it is what it was by `etag` or `modified`.

        `token` is sent as a bearer token to the URL's own origin and to no redirect's. Statuses in `also` are
        returned like a success. Raises the SourceErrors that `papers.errors` tells apart.
        """
        headers = _conditions(etag, modified)
        with self.turn(), self._client(headers) as client:
            return self._follow(client, url, token, also)

    def post(self, url: str, body: bytes, *, token: str | None = None) -> Fetched:
        """The answer to a POST of JSON. No redirect is followed: one is a SourceStatus. Raises SourceErrors."""
        headers = {**_conditions(None, None), "content-type": "application/json", **_bearer(token)}
        with self._client(headers) as client, client.stream("POST", self._allowed(url), content=body) as response:
            return self._answer(response, ())

    @contextmanager
    def _client(self, headers: Mapping[str, str]) -> Iterator[httpx2.Client]:
        """A client for one fetch, whose deadline begins now; foreign errors of its use are translated."""
        deadline = Deadline(self.max_seconds, time.monotonic)
        network = Network(deadline, refusal=self._refusal, resolve=self.resolve, dial=self.dial)
        transport = Transport(network, self.tls)
        try:
            with httpx2.Client(transport=transport, trust_env=False, headers=headers, timeout=_TIMEOUT) as client:
                yield client
        except (*_HTTPX_ERRORS, *_HTTPCORE_ERRORS) as error:
            raise _translated(error) from error

    def _follow(self, client: httpx2.Client, url: str, token: str | None, also: Collection[int]) -> Fetched:
        origin = target = self._allowed(url)
        moved, for_good = "", True
        for _ in range(MAX_REDIRECTS + 1):
            own = _bearer(token if _same_origin(origin, target) else None)
            with client.stream("GET", target, headers=own) as response:
                location = response.headers.get("location")
                if response.status_code not in _REDIRECTS or not location:
                    return replace(self._answer(response, also), moved=moved)
            target = self._allowed(_joined(target, location))
            for_good = for_good and response.status_code in _PERMANENT
            moved = canonical_url(str(target)) if for_good else moved
        raise SourceStatus(f"more than {MAX_REDIRECTS} redirects", status=response.status_code)

    @property
    def opens(self) -> bool:
        """Whether anything beside the public internet's usual ports may be connected to."""
        return self.allow_private or self.allow_all

    def _refusal(self, address: str) -> str | None:
        return None if self.allow_all else refusal(address, private=self.allow_private)

    def _allowed(self, url: str) -> httpx2.URL:
        target = checked(url)
        port = target.port or (443 if target.scheme == "https" else 80)
        if not self.opens and port not in self.ports:
            advice, opens = "use an address on port 80 or 443", "PAPERBOY_ALLOW_PRIVATE_FEEDS"
            raise SourceForbidden(f"port {port} is not read from", advice=advice, setting=opens)
        return target

    def _answer(self, response: httpx2.Response, also: Collection[int]) -> Fetched:
        status = response.status_code
        asked = {"if-none-match", "if-modified-since"} & set(response.request.headers)
        if status == httpx2.codes.NOT_MODIFIED and asked:
            return Fetched(str(response.url), status, response.headers, b"")
        waits = status == httpx2.codes.SERVICE_UNAVAILABLE and "retry-after" in response.headers
        if status == httpx2.codes.TOO_MANY_REQUESTS or waits:
            wait = retry_after(response.headers, self.clock())
            raise SourceLimited(f"{response.url.host} asks to wait {wait:g} s", retry_after=wait)
        if not response.is_success and status not in also:
            raise SourceStatus(
                f"{response.url.host} answered {status} {response.reason_phrase}".rstrip(), status=status
            )
        body = b"".join(self._body(response))
        return Fetched(str(response.url), status, response.headers, body)

    def _body(self, response: httpx2.Response) -> Iterator[bytes]:
        announced = response.headers.get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced[:18]) > self.max_bytes:
            raise self._too_large()
        raw = _counted(response.iter_raw(), self.max_bytes, self._too_large)
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding in {"gzip", "x-gzip"}:
            return _counted(_gunzip(raw), self.max_bytes, self._too_large)
        if encoding in {"identity", ""}:
            return raw
        raise SourceMalformed(f"the answer is packed as {encoding[:40]!r}, which was not asked for")

    def _too_large(self) -> SourceTooLarge:
        return SourceTooLarge(f"the answer is longer than {self.max_bytes:,} bytes")


def _conditions(etag: str | None, modified: str | None) -> dict[str, str]:
    headers = {"user-agent": USER_AGENT, "accept": "*/*", "accept-encoding": "gzip"}
    if etag and _sendable(etag):
        headers["if-none-match"] = etag
    if modified and _sendable(modified):
        headers["if-modified-since"] = modified
    return headers


def _bearer(token: str | None) -> dict[str, str]:
    if token and not _sendable(token):
        raise SourceForbidden("the token holds characters that no header can", advice="set it anew")
    return {"authorization": f"Bearer {token}"} if token else {}


def _sendable(value: str) -> bool:
    """Whether a header can carry `value`: servers put bytes into their ETags that no client can send back."""
    return value.isascii() and value.isprintable()


def _counted(chunks: Iterable[bytes], most: int, error: Callable[[], Exception]) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > most:
            raise error()
        yield chunk


def _gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress in steps, so that a bomb is met by the counter after STEP bytes and not after all of them.

    httpx2's own decoder hands out whatever one chunk from the socket expands to, a thousandfold.
    """
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
    begun = False
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                begun = True
                yield decoder.decompress(rest, STEP)
                rest = decoder.unconsumed_tail
        yield decoder.flush()  # a few hundred bytes at most: all input is consumed
    except zlib.error as error:
        raise SourceMalformed("the answer calls itself gzip and is not") from error
    if begun and not decoder.eof:
        raise SourceUnreachable("the answer ended before its gzip stream did")


def _joined(base: httpx2.URL, location: str) -> str:
    try:
        return str(base.join(location))
    except httpx2.InvalidURL as error:
        raise SourceForbidden("a redirect leads to something that is not a URL") from error


def _same_origin(one: httpx2.URL, other: httpx2.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _translated(error: Exception) -> SourceUnreachable:
    if isinstance(error, httpcore2.TimeoutException | httpx2.TimeoutException):
        return SourceUnreachable("no complete answer in time")
    if isinstance(error, httpcore2.RemoteProtocolError | httpx2.RemoteProtocolError):
        return SourceUnreachable("the answer broke off or is not HTTP")
    return SourceUnreachable(f"the connection failed: {error}")
