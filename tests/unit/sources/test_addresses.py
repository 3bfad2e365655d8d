"""Which addresses may be connected to: `papers.sources.addresses`."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.sources.addresses import refusal

OFF_THE_INTERNET = """
0.0.0.0 0.255.255.255 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.0.0.53 127.255.255.255
168.63.129.16 169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1
192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250
240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 1fff::1 2001::1 2001:0:53aa:64c:0:fbff:80ff:fffe 2001:10::1
2001:20::1 2001:1ff::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1 3ffe::1 3fff::1 4000::1 5f00::1 fc00::1
fd00:ec2::254 fdff::1 fe80::1 fe80::1%eth0 febf::1 fec0::1 feff::1 ff02::1 ff0e::1
localhost example.org 127.1 2130706433 0x7f000001 017700000001 127.0.0.1:80
"""
OPENED = """
10.0.0.1 10.255.255.255 127.0.0.1 127.0.0.53 127.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255
::1 fc00::1 fdff::1
"""
"""What PAPERBOY_ALLOW_PRIVATE_FEEDS opens."""
METADATA = """
169.254.169.254 169.254.42.42 fe80::a9fe:a9fe 100.100.100.200 168.63.129.16 192.0.0.192 ::ffff:169.254.169.254
fd00:ec2::254 fd00:ec2::23 fd20:ce::254 fd00:c1::a9fe:a9fe fd00:100::100:200 fd00:42::42 fd00:a9fe:a9fe::1
"""
"""Where clouds serve credentials to whoever asks from inside."""
PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.15
169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0
223.255.255.255 2001:200::1 2003::1 2606:4700:4700::1111 2a00:1450:4001:80b::200e
"""

REGISTRIES = """
0.0.0.0/8 0.0.0.0/32 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.0.0/29
192.0.0.8/32 192.0.0.170/32 192.0.0.171/32 192.0.2.0/24 192.88.99.0/24 192.88.99.2/32 192.168.0.0/16 198.18.0.0/15
198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 255.255.255.255/32 224.0.0.0/4
::1/128 ::/128 ::/96 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001::/32 2001:2::/48
2001:10::/28 2001:20::/28 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
"""
"""Blocks of IANA's special-purpose registries that are not globally reachable, or lead on to an address inside them;
multicast (RFC 5771, RFC 4291), and what is deprecated but still configured in places: ::/96, fec0::/10, 192.88.99.0/24.
"""
LEADING_ON_TABLE = "127.0.0.1 10.0.0.1 169.254.169.254 192.168.1.1 172.16.0.1 100.64.0.1 224.0.0.1"


@pytest.mark.parametrize("block", REGISTRIES.split())
def test_of_every_special_purpose_block_the_ends_and_the_middle_are_refused(block: str) -> None:
    network = ipaddress.ip_network(block)
    middle = network.network_address + network.num_addresses // 2
    for address in (network.network_address, middle, network.broadcast_address):
        assert refusal(str(address)), address
        assert refusal(address.exploded), address


@pytest.mark.parametrize("inner", LEADING_ON_TABLE.split())
def test_no_ipv6_address_carries_a_private_one_along(inner: str) -> None:
    bits = int(ipaddress.IPv4Address(inner))
    prefixes = {"mapped": 0xFFFF << 32, "compatible": 0, "translated": 0xFFFF << 48, "nat64": 0x64FF9B << 96}
    for name, prefix in prefixes.items():
        assert refusal(str(ipaddress.IPv6Address(prefix | bits))), name
    assert refusal(str(ipaddress.IPv6Address((0x2002 << 112) | (bits << 80)))), "6to4"
    assert refusal(str(ipaddress.IPv6Address((0x20010000 << 96) | (bits ^ 0xFFFFFFFF)))), "Teredo"


@pytest.mark.parametrize("address", OFF_THE_INTERNET.split())
def test_an_address_off_the_public_internet_is_refused_with_its_reason(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize("address", OPENED.split())
def test_an_operator_may_open_private_networks_and_loopback(address: str) -> None:
    assert refusal(address)
    assert refusal(address, private=True) is None


@pytest.mark.parametrize("address", [one for one in OFF_THE_INTERNET.split() if one not in OPENED.split()])
def test_nothing_else_is_opened_with_them(address: str) -> None:
    assert refusal(address, private=True)


@pytest.mark.parametrize("address", METADATA.split())
def test_no_cloud_s_metadata_service_is_ever_opened(address: str) -> None:
    assert refusal(address)
    assert refusal(address, private=True)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_up_to_the_edge_of_a_refused_block_is_allowed(address: str) -> None:
    assert refusal(address) is None


@given(st.ip_addresses())
def test_nothing_is_allowed_that_python_calls_private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert address.is_global or refusal(str(address))


@given(st.text(alphabet="0123456789abcdefx:.%[]"))
def test_only_an_address_can_be_allowed(text: str) -> None:
    assert refusal(text) or ipaddress.ip_address(text).is_global
