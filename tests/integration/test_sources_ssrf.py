"""A user's URL cannot reach anything but the public internet, whatever it is spelt like.

A canary listens on loopback, on a port that is allowed; not one connection may arrive there.
"""

from collections.abc import Iterator

import pytest

from bot.discord.render import render_error as discord_error
from bot.slack.render import render_error as slack_error
from bot.terminal.render import plain, render_error
from papers.errors import SourceForbidden, SourceUnreachable
from papers.sources.feed import Feed
from papers.sources.http import Fetcher
from tests.fakes.entries import rss
from tests.fakes.internet import Internet
from tests.fakes.upstream import Upstream

HOST_TABLE = """
127.0.0.1 127.0.0.2 127.255.255.254 localhost LOCALHOST 0.0.0.0 0 127.1 127.0.1 2130706433 0x7f000001 0x7F.1 0x7f.0.0.1
017700000001 0177.1 0x7f.0.1 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.254 192.168.0.1 192.168.255.254
169.254.169.254 168.63.129.16 100.64.0.1 192.0.0.1 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1
239.255.255.250 240.0.0.1 255.255.255.255
[::1] [0:0:0:0:0:0:0:1] [::] [::127.0.0.1] [::7f00:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:169.254.169.254]
[64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [64:ff9b:1::1] [2002:7f00:1::] [2002:a9fe:a9fe::1] [2001:0:7f00:1::]
[2001:db8::1] [fc00::1] [fd00:ec2::254] [fe80::1] [fec0::1] [feff::1] [ff02::1] [ff0e::1] [100::1] [3fff::1] [5f00::1]
"""
HOSTS = HOST_TABLE.split()
SHUT = """
0.0.0.0 0 169.254.169.254 2852039166 0xa9fea9fe 100.64.0.1 100.100.100.200 168.63.129.16 192.0.0.1 224.0.0.1 240.0.0.1
255.255.255.255 [::] [::127.0.0.1] [::ffff:169.254.169.254] [64:ff9b::a9fe:a9fe] [2002:a9fe:a9fe::1] [fd00:ec2::254]
[fe80::1] [fe80::a9fe:a9fe] [fec0::1] [ff02::1]
"""
"""What stays shut where private networks are open."""
SPELLINGS = [
    "http://user:secret@127.0.0.1:{port}/",
    "http://example.org@127.0.0.1:{port}/",
    "http://example.org\\@127.0.0.1:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://[::ffff:127.0.0.1%25lo]:{port}/",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/",
    "file://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
]


@pytest.fixture
def canary() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


def guarded(canary: Upstream) -> Fetcher:
    """What fetches users' feeds, but for the canary's port."""
    return Fetcher(ports=frozenset({80, 443, canary.port}), max_seconds=5)


@pytest.mark.parametrize("host", HOSTS)
def test_no_host_off_the_public_internet_is_connected_to(canary: Upstream, host: str) -> None:
    with pytest.raises(SourceForbidden) as caught:
        guarded(canary).get(f"http://{host}:{canary.port}/feed.xml")
    assert caught.value.advice
    assert canary.connections == 0


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_a_url_leads_around_the_check(canary: Upstream, spelling: str) -> None:
    with pytest.raises(SourceForbidden):
        guarded(canary).get(spelling.format(port=canary.port))
    assert canary.connections == 0


@pytest.mark.parametrize("host", HOSTS)
def test_no_redirect_leads_around_the_check(canary: Upstream, host: str) -> None:
    with Upstream() as public:
        public.fail("redirect", location=f"http://{host}:{canary.port}/")
        internet = Internet({"blog.example": public}, loopback=canary)
        with pytest.raises(SourceForbidden):
            internet.fetcher(canary.port).get("http://blog.example/feed.xml")
        assert len(public.requests) == 1
    assert canary.connections == 0


def test_a_public_feed_is_read_through_the_same_door() -> None:
    with Upstream() as public:
        public.feed("/feed.xml", rss())
        internet = Internet({"blog.example": public})
        assert Feed(internet.fetcher(), "http://blog.example/feed.xml").fetch(None) is not None


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 11211])
def test_other_ports_are_not_spoken_to(port: int) -> None:
    with pytest.raises(SourceForbidden, match="port"):
        Fetcher().get(f"http://93.184.216.34:{port}/")


@pytest.mark.parametrize("fetcher", [Fetcher(allow_private=True), Fetcher(allow_all=True)])
def test_the_operator_may_open_the_network(canary: Upstream, fetcher: Fetcher) -> None:
    canary.feed("/feed.xml", rss())
    assert fetcher.get(f"{canary.url}/feed.xml") is not None
    assert canary.connections == 1


@pytest.mark.parametrize("host", SHUT.split())
def test_where_private_feeds_are_allowed_only_private_networks_and_loopback_are(canary: Upstream, host: str) -> None:
    fetcher = Fetcher(allow_private=True, max_seconds=5, dial=Internet({}, loopback=canary))
    with pytest.raises(SourceForbidden):
        fetcher.get(f"http://{host}:{canary.port}/feed.xml")
    assert canary.connections == 0


def test_a_refusal_names_the_setting_only_where_that_would_open_the_address() -> None:
    for host, helps in {"10.0.0.1": True, "169.254.169.254": False}.items():
        with pytest.raises(SourceForbidden) as caught:
            Fetcher().get(f"http://{host}/feed.xml")
        assert ("PAPERBOY_ALLOW_PRIVATE_FEEDS" in caught.value.advice) is helps


def test_of_a_port_that_is_not_read_from_the_setting_is_named_in_the_terminal_alone() -> None:
    with pytest.raises(SourceForbidden, match="port 8798") as caught:
        Fetcher().get("http://127.0.0.1:8798/feed.xml")
    assert "PAPERBOY_ALLOW_PRIVATE_FEEDS" in plain(render_error(caught.value))
    assert "PAPERBOY" not in f"{slack_error(caught.value)} {discord_error(caught.value)}"


def test_a_name_that_nobody_knows_is_unreachable() -> None:
    with pytest.raises(SourceUnreachable, match="cannot find"):
        Fetcher().get("http://no-such-host.invalid/")
