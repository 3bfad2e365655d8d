"""Names, answers, redirects and spellings that mean to lead a fetch off the public internet: none arrives there.

As in test_sources_ssrf.py, a canary listens where they lead; not one connection may arrive.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from papers.errors import SourceError, SourceForbidden, SourceUnreachable
from papers.sources.http import Fetcher
from tests.fakes.internet import Internet
from tests.fakes.upstream import Upstream

SPELLINGS_TABLE = """
http://127.0.0.1.:{port}/ http://localhost.:{port}/ http://127\u30020\uff0e0\uff611:{port}/
http://127%2e0%2e0%2e1:{port}/ http://0300.0250.0.1:{port}/ http://4294967297:{port}/
http://127.0.0.1%00.example:{port}/ http://localhost%00:{port}/ http://[fe80::1%25eth0]:{port}/
http://[::1%25lo]:{port}/ http://[::ffff:7f00:1%25lo]:{port}/ http:/127.0.0.1:{port}/ http:127.0.0.1:{port}/
http:\\\\127.0.0.1:{port}/ http:///127.0.0.1:{port}/ http://127.0.0.1:{port}@no.invalid/
http://no.invalid#@127.0.0.1:{port}/ http://127.1.1.1:{port}\\@no.invalid/ http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/
http://lo\u00adcalhost:{port}/ http://127.0.0.1:0{port}/ http://127.0.0.0x1:{port}/ http://127.000.000.001:{port}/
http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/ http://[::ffff:0:127.0.0.1]:{port}/ HTTP://LOCALHOST:{port}/
http://[2001:0:53aa:64c:0:fbff:80ff:fffe]:{port}/ jar:http://127.0.0.1:{port}/ dict://127.0.0.1:{port}/
ldap://127.0.0.1:{port}/ unix:///run/valkey.sock data:text/xml,<rss/> http://127.0.0.1:{port}:80/ http://[::1:{port}/
http://::1:{port}/ http://1\u20e3:{port}/ http://127.0.0.1:65536/ http://127.0.0.1:-1/ http://127.0.0.1:\u0668\u0660/
"""
SPELLINGS = SPELLINGS_TABLE.split()
WITHIN_TABLE = """
127.0.0.1 ::1 ::ffff:127.0.0.1 10.1.2.3 169.254.169.254 fd00:ec2::254 168.63.129.16 100.100.100.200
"""
WITHIN = WITHIN_TABLE.split()
"""What a name of somebody's own domain can be told to mean: loopback, a private network, clouds' metadata services."""


class Answers(Internet):
    """An internet whose name servers say something else each time they are asked."""

    def __init__(self, public: Upstream, canary: Upstream, *answers: list[str]) -> None:
        super().__init__({"blog.example": public}, loopback=canary)
        self._left = iter(answers)
        self._last = answers[-1]

    def resolve(self, host: str, port: int) -> list[str]:
        return next(self._left, self._last) if host.startswith("evil") else super().resolve(host, port)


@pytest.fixture
def public() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


@pytest.fixture
def canary() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running
        assert running.connections == 0


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_odd_spelling_arrives(canary: Upstream, spelling: str) -> None:
    with pytest.raises((SourceForbidden, SourceUnreachable)):
        Fetcher(ports=frozenset({80, 443, canary.port}), max_seconds=5).get(spelling.format(port=canary.port))


@pytest.mark.parametrize("character", ["\t", "\n", "\r", "\x00", " ", "\u2028"])
def test_no_control_character_in_a_url_arrives(canary: Upstream, character: str) -> None:
    for url in ("http://{}127.0.0.1:{}/", "http://127.0.0.1{}:{}/"):
        with pytest.raises(SourceError):
            Fetcher(ports=frozenset({80, canary.port}), max_seconds=5).get(url.format(character, canary.port))


@pytest.mark.parametrize("address", WITHIN)
def test_a_name_of_ones_own_that_leads_within_is_refused(public: Upstream, canary: Upstream, address: str) -> None:
    for name in ("evil.example", "evil.example.", "EVIL.example"):
        with pytest.raises((SourceForbidden, SourceUnreachable)):
            Answers(public, canary, [address]).fetcher(80).get(f"http://{name.lower()}/")


@pytest.mark.parametrize("address", WITHIN)
def test_of_answers_that_mix_public_and_private_only_the_public_one_is_used(
    public: Upstream, canary: Upstream, address: str
) -> None:
    public.feed("/feed.xml", b"<rss/>")
    for answer in ([address, "93.184.216.1"], ["93.184.216.1", address]):
        got = Answers(public, canary, answer).fetcher().get("http://evil.example/feed.xml")
        assert got.body == b"<rss/>"


@pytest.mark.parametrize("address", WITHIN)
def test_a_name_that_turns_private_between_two_redirects_is_refused(
    public: Upstream, canary: Upstream, address: str
) -> None:
    public.fail("redirect", location="http://evil.example/again")
    with pytest.raises(SourceForbidden):
        Answers(public, canary, ["93.184.216.1"], [address]).fetcher().get("http://evil.example/")
    assert len(public.requests) == 1


@pytest.mark.parametrize(
    "location",
    [
        "http://blog.example:22/",
        "http://blog.example:6379/",
        "https://blog.example:8443/",
        "ftp://blog.example/",
        "file:///etc/passwd",
        "gopher://blog.example/_FLUSHALL",
        "javascript:alert(1)",
        "data:text/xml,<rss/>",
        "http://user:secret@blog.example/",
        "//127.0.0.1/",
        "http://[::1/",
    ],
)
def test_a_redirect_to_another_port_or_protocol_or_with_a_password_is_refused(
    public: Upstream, canary: Upstream, location: str
) -> None:
    public.fail("redirect", location=location)
    with pytest.raises(SourceForbidden):
        Answers(public, canary, ["127.0.0.1"]).fetcher().get("http://blog.example/feed.xml")
    assert len(public.requests) == 1
