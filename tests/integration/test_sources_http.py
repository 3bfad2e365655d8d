"""A bounded GET against a server with bad days: `papers.sources.http`."""

import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from papers.errors import (
    SourceError,
    SourceForbidden,
    SourceLimited,
    SourceMalformed,
    SourceStatus,
    SourceTooLarge,
    SourceUnreachable,
)
from papers.sources.http import MAX_BYTES, MAX_REDIRECTS, Fetcher
from tests.fakes.upstream import MEGABYTE, Upstream, gzip_bomb

NOW = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
FETCHER = Fetcher(allow_private=True, clock=lambda: NOW)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


def test_a_page_comes_whole_with_its_headers_and_says_who_asks(upstream: Upstream) -> None:
    url = upstream.feed("/a", b"body", etag='"1"')
    answer = FETCHER.get(url)
    assert (answer.url, answer.status, answer.body, answer.headers["ETag"]) == (url, 200, b"body", '"1"')
    assert upstream.requests[0].headers["user-agent"].startswith("Paperboy/")


def test_a_packed_page_is_unpacked(upstream: Upstream) -> None:
    body = bytes(range(256)) * 4000
    url = upstream.feed("/a", gzip.compress(body), headers={"Content-Encoding": "gzip"})
    answer = FETCHER.get(url)
    assert answer.body == body


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("429", SourceLimited),
        ("500", SourceStatus),
        ("404", SourceStatus),
        ("410", SourceStatus),
        ("304", SourceStatus),
        ("slow", SourceUnreachable),
        ("drip", SourceUnreachable),
        ("cut", SourceUnreachable),
        ("huge", SourceTooLarge),
        ("gzipbomb", SourceTooLarge),
    ],
)
def test_every_fault_has_its_named_error_and_the_next_request_is_unharmed(
    upstream: Upstream, kind: str, error: type[SourceError]
) -> None:
    url = upstream.feed("/a", b"body")
    upstream.fail(kind)
    with pytest.raises(error) as caught:
        replace(FETCHER, max_seconds=0.5 if kind in {"slow", "drip"} else 20.0).get(url)
    assert type(caught.value) is error
    answer = FETCHER.get(url)
    assert answer.body == b"body"


@pytest.mark.parametrize("kind", ["slow", "drip"])
def test_the_deadline_holds_for_a_server_that_keeps_just_alive(upstream: Upstream, kind: str) -> None:
    upstream.fail(kind)
    begun = time.monotonic()
    with pytest.raises(SourceUnreachable, match=r"within 0.4 s|in time"):
        replace(FETCHER, max_seconds=0.4).get(upstream.url)
    assert time.monotonic() - begun < 1.5


def test_an_answer_that_is_slow_but_in_time_is_read(upstream: Upstream) -> None:
    url = upstream.feed("/a", b"body")
    upstream.fail("slow", seconds=5.5)  # longer than the client library's own patience
    assert FETCHER.get(url).body == b"body"


@pytest.mark.parametrize("kind", ["huge", "gzipbomb"])
def test_memory_stays_near_the_cap_however_much_is_sent(upstream: Upstream, kind: str) -> None:
    gzip_bomb()
    upstream.fail(kind)
    tracemalloc.start()
    try:
        with pytest.raises(SourceTooLarge):
            FETCHER.get(upstream.url)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MAX_BYTES + 3 * MEGABYTE  # the server's own megabyte among them


def test_a_body_of_just_the_cap_is_read_and_a_byte_more_is_not(upstream: Upstream) -> None:
    small = replace(FETCHER, max_bytes=1000)
    answer = small.get(upstream.feed("/a", b"x" * 1000))
    assert len(answer.body) == 1000
    with pytest.raises(SourceTooLarge):
        small.get(upstream.feed("/b", b"x" * 1001))
    with pytest.raises(SourceTooLarge):
        small.get(upstream.feed("/c", gzip.compress(b"x" * 1001), headers={"Content-Encoding": "gzip"}))


@pytest.mark.parametrize(
    ("body", "encoding", "error"),
    [
        (b"not gzip", "gzip", SourceMalformed),
        (gzip.compress(b"x" * 9000, mtime=0)[:-9], "gzip", SourceUnreachable),
        (b"x", "br", SourceMalformed),
        (b"x", "gzip, gzip", SourceMalformed),
    ],
)
def test_a_packing_that_is_broken_or_was_not_asked_for_is_named(
    upstream: Upstream, body: bytes, encoding: str, error: type[SourceError]
) -> None:
    with pytest.raises(error):
        FETCHER.get(upstream.feed("/a", body, headers={"Content-Encoding": encoding}))


def test_an_unchanged_page_is_none(upstream: Upstream) -> None:
    url = upstream.feed("/a", b"body", etag='"1"', modified="Tue, 14 Jul 2026 00:00:00 GMT")
    assert FETCHER.get(url, etag='"1"', modified="Tue, 14 Jul 2026 00:00:00 GMT").unchanged
    assert upstream.requests[0].headers["if-modified-since"] == "Tue, 14 Jul 2026 00:00:00 GMT"
    assert FETCHER.get(url, etag='"0"') is not None


def test_a_validator_that_cannot_be_sent_back_is_left_out(upstream: Upstream) -> None:
    assert FETCHER.get(upstream.feed("/a", b"body"), etag='"\xe9"', modified="then\n") is not None
    assert {"if-none-match", "if-modified-since"}.isdisjoint(upstream.requests[0].headers)


def test_a_token_that_no_header_can_carry_is_refused_without_being_told(upstream: Upstream) -> None:
    with pytest.raises(SourceForbidden) as caught:
        FETCHER.get(upstream.url, token="secret\n")  # noqa: S106 - no secret
    assert "secret" not in repr(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5",
        b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * MEGABYTE + b"\r\n\r\n",
        b"HTTP/1.1 999 \r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe://\r\n\r\n",
        b"HTTP/1.1 429 \r\nRetry-After: \xb2\r\nRateLimit: t=\xff\r\n\r\n",
    ],
)
def test_whatever_bytes_answer_the_error_is_ours(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_answer_once, args=(listener, answer))
        thread.start()
        with pytest.raises(SourceError):
            replace(FETCHER, max_seconds=2.0).get(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join()


def _answer_once(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection, suppress(OSError):
        connection.recv(65_536)
        connection.sendall(answer)


def test_a_429_says_for_how_long_as_a_date_too(upstream: Upstream) -> None:
    upstream.fail("429", retry_after="Tue, 14 Jul 2026 12:01:30 GMT")
    with pytest.raises(SourceLimited) as caught:
        FETCHER.get(upstream.url)
    assert caught.value.retry_after == 90


def test_a_status_is_told_and_one_that_was_asked_for_is_returned(upstream: Upstream) -> None:
    upstream.fail("410")
    with pytest.raises(SourceStatus) as caught:
        FETCHER.get(upstream.url)
    assert caught.value.status == 410
    upstream.fail("400")
    answer = FETCHER.get(upstream.url, also=(400,))
    assert answer.status == 400


def test_redirects_are_followed_up_to_a_limit(upstream: Upstream) -> None:
    url = upstream.feed("/new", b"body")
    upstream.fail("redirect", times=MAX_REDIRECTS, location="/new")
    answer = FETCHER.get(upstream.url + "/old")
    assert (answer.url, answer.body) == (url, b"body")
    upstream.fail("redirect", times=None, location="/new")
    with pytest.raises(SourceStatus, match="redirects"):
        FETCHER.get(upstream.url + "/old")
    assert len(upstream.requests) == 2 * (MAX_REDIRECTS + 1)


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://example.org/", "http://a:b@127.0.0.1/", "http://[x/"]
)
def test_a_redirect_is_checked_as_the_first_url_is(upstream: Upstream, location: str) -> None:
    upstream.fail("redirect", location=location)
    with pytest.raises(SourceForbidden):
        FETCHER.get(upstream.url)


def test_a_token_is_not_taken_along_to_another_origin(upstream: Upstream) -> None:
    with Upstream() as other:
        upstream.fail("redirect", location=other.feed("/a", b""))
        FETCHER.get(upstream.url, token="secret")  # noqa: S106 - no secret
        assert upstream.requests[0].headers["authorization"] == "Bearer secret"
        assert "authorization" not in other.requests[0].headers


def test_the_environments_proxies_have_no_say(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert FETCHER.get(upstream.feed("/a", b"")) is not None


def test_a_closed_port_is_unreachable() -> None:
    with Upstream() as upstream:
        url = upstream.url
    with pytest.raises(SourceUnreachable):
        FETCHER.get(url)


def test_a_server_that_is_down_until_a_named_hour_is_left_alone_until_then(upstream: Upstream) -> None:
    upstream.fail("503", headers={"Retry-After": "3600"})
    with pytest.raises(SourceLimited) as caught:
        FETCHER.get(upstream.url)
    assert caught.value.retry_after == 3600
    upstream.fail("503")
    with pytest.raises(SourceStatus):
        FETCHER.get(upstream.url)


def test_a_page_lives_where_its_first_permanent_redirects_lead(upstream: Upstream) -> None:
    home = upstream.feed("/c", b"body")
    upstream.fail("moved", path="/a", times=2, location="/b#here")
    upstream.fail("moved", path="/b", location="/c")
    assert FETCHER.get(f"{upstream.url}/a").moved == home
    upstream.fail("redirect", path="/b", location="/c")
    assert FETCHER.get(f"{upstream.url}/a").moved == f"{upstream.url}/b", "it was sent on from there for once"
    upstream.fail("redirect", path="/a", location="/b")
    upstream.fail("moved", path="/b", location="/c")
    assert FETCHER.get(f"{upstream.url}/a").moved == "", "what is sent on for once may be sent elsewhere tomorrow"
