"""Which IP addresses a URL given by a user may lead to: the public internet's unicast ones, and no others.

Where the operator opened private networks, also theirs and loopback; nothing besides, and no metadata service.

Our own table, for `ipaddress.ip_address(…).is_global` calls multicast, NAT64 and 6to4 addresses public, all of which
can lead back into a private network. IPv4 is a list of what is refused; IPv6 is a list of what is allowed, minus
exceptions, because only one eighth of it has ever been handed out.

It does not resolve names: `papers.sources.network` asks about the address that it is about to connect to.
"""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

# https://www.iana.org/assignments/iana-ipv4-special-registry and RFC 5771 (multicast).
_REFUSED_V4 = tuple(
    (IPv4Network(block), name)
    for block, name in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "Azure's host agent, which every machine there can reach"),
        ("169.254.0.0/16", "link-local, where clouds serve their credentials"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "IETF protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relays"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved or broadcast"),
    )
)

# RFC 4291: global unicast. Outside it lie ::1, ::ffff:0:0/96 (IPv4-mapped), 64:ff9b::/96 (NAT64), 100::/64 (discard),
# fc00::/7 (unique local), fe80::/10 (link-local), fec0::/10 (site-local) and ff00::/8 (multicast).
_GLOBAL_V6 = IPv6Network("2000::/3")
# https://www.iana.org/assignments/iana-ipv6-special-registry
_REFUSED_V6 = tuple(
    (IPv6Network(block), name)
    for block, name in (
        ("2001::/23", "IETF protocol assignments, among them Teredo"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4, which embeds an IPv4 address"),
        ("3ffe::/16", "the former 6bone"),
        ("3fff::/20", "documentation"),
    )
)

# RFC 1918 and loopback (RFC 1122); RFC 4193 and RFC 4291. Carrier-grade NAT is not among them: Alibaba Cloud serves
# its metadata at 100.100.100.200.
_PRIVATE_V4 = tuple(map(IPv4Network, ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_PRIVATE_V6 = tuple(map(IPv6Network, ("::1/128", "fc00::/7")))

_METADATA_V6 = tuple(
    IPv6Network(block)
    for block in (
        "fd00:ec2::/32",  # Amazon
        "fd20:ce::254",  # Google
        "fd00:c1::a9fe:a9fe",  # Oracle
        "fd00:100::100:200",  # Alibaba
        "fd00:42::42",  # Scaleway
        "fd00:a9fe:a9fe::1",  # Akamai
    )
)
"""Within fc00::/7: where clouds serve credentials to whoever asks from a machine there."""


def refusal(address: str, *, private: bool = False) -> str | None:
    """Why `address` (an IP literal, as a socket spells it) must not be connected to; None if it may be.

    `private`: private networks and loopback may be. Anything that is not an IP literal is refused: a name here means
    that something other than an address was about to be connected to.
    """
    try:
        parsed = IPv6Address(address) if ":" in address else IPv4Address(address)
    except AddressValueError:
        return "not an IP address"
    if private and _is_private(parsed):
        return None
    return _refusal_v6(parsed) if isinstance(parsed, IPv6Address) else _refusal_v4(parsed)


def _is_private(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return any(address in block for block in _PRIVATE_V4)
    return any(address in block for block in _PRIVATE_V6) and not _is_metadata(address)


def _is_metadata(address: IPv6Address) -> bool:
    return any(address in block for block in _METADATA_V6)


def _refusal_v4(address: IPv4Address) -> str | None:
    return next((name for block, name in _REFUSED_V4 if address in block), None)


def _refusal_v6(address: IPv6Address) -> str | None:
    if _is_metadata(address):
        return "a cloud's metadata service"
    if address not in _GLOBAL_V6:
        return "not a global unicast address"
    return next((name for block, name in _REFUSED_V6 if address in block), None)
