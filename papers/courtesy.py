"""What rest a host gets between two requests of ours, all machines together. Pure.

It is kept by `papers.stores.hosts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from papers.urls import checked

REST = 1.0
"""Seconds for any host: a thousand feeds of one blog platform are read over a quarter of an hour, not in a burst."""

ARXIV = "arxiv.org"
ARXIV_REST = 3.0
"""Seconds. "No more than one request every three seconds, and limit requests to a single connection at a time", of all
machines of ours together: https://info.arxiv.org/help/api/tou.html."""


@dataclass(frozen=True, slots=True)
class Courtesy:
    """Whom a request goes to, and the seconds that host rests after it; 0.0: it needs none."""

    host: str
    rest: float = REST


def courtesy(url: str) -> Courtesy:
    """What a URL's host gets. arXiv's hosts are one, for its terms speak of them all; this very machine needs no rest.

    Raises SourceForbidden for a URL that is never fetched.
    """
    host = checked(url).host.rstrip(".")
    if is_arxiv(host):
        return Courtesy(ARXIV, ARXIV_REST)
    return Courtesy(host, 0.0 if _is_here(host) else REST)


def is_arxiv(host: str) -> bool:
    """Whether a host, in lower case, is one of arXiv's."""
    return host == ARXIV or host.endswith(f".{ARXIV}")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
