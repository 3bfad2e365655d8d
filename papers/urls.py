"""One spelling for each URL, and the refusal of those that Paperboy never opens. Pure: nothing is connected to.

What a host's name resolves to is checked at the socket: see `papers.sources.network`.
"""

from __future__ import annotations

import httpx2

from papers.errors import SourceForbidden

LONGEST = 2_000
"""Characters of a URL: what browsers, proxies and chat platforms can be relied upon to carry."""
_SCHEMES = ("http", "https")
_HOST = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789.-_:")
"""Letters of a host once it is in IDNA form; the colon is IPv6's. A `%` here only ever serves to mislead."""
_LAST_PORT = 65_535


def canonical_url(url: str) -> str:
    """`url` with scheme and host in lower case (IDNA), without default port and fragment, with a path.

    Path and query keep their letters, for servers tell them apart. Idempotent.
    Raises SourceForbidden for anything but http and https, credentials, no host, or no URL at all.
    """
    parsed = checked(url)
    return str(parsed.copy_with(raw_path=parsed.raw_path, fragment=None))


def checked(url: str) -> httpx2.URL:
    """`url`, parsed; raises SourceForbidden as `canonical_url` does. Credentials never stand in the message."""
    try:
        parsed = httpx2.URL(url.strip()) if len(url) <= LONGEST else None
    except (httpx2.InvalidURL, UnicodeEncodeError) as error:  # JSON can bring half a surrogate pair
        raise _refused("that is not a URL") from error
    if parsed is None:
        raise _refused(f"a URL has at most {LONGEST} characters")
    if parsed.scheme not in _SCHEMES:
        raise _refused("only http and https addresses are read")
    if parsed.userinfo:
        raise _refused("a URL must not hold a user name or password")
    if not parsed.host.strip(".") or not _HOST.issuperset(parsed.raw_host):
        raise _refused("a URL needs the name of a host")
    if parsed.port is not None and not 0 < parsed.port <= _LAST_PORT:
        raise _refused("a URL's port lies between 1 and 65535")
    return parsed


def web_link(value: object) -> str:
    """`value` if it is a link that may be shown to people (http or https, no credentials), else the empty string."""
    if not isinstance(value, str):
        return ""
    try:
        return canonical_url(value)
    except SourceForbidden:
        return ""


def _refused(message: str) -> SourceForbidden:
    return SourceForbidden(message, advice="give an address such as https://example.org/feed.xml")
