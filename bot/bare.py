"""Web addresses that were typed without their `https://`, as browsers let one. Pure.

A QUERY may hold any word, so only what is hardly anything else is taken for one: `lab.org/feed.xml`, `www.lab.org`,
`localhost:8000/feed.xml`; not `text/image`, `node.js`, `cs.LG/cs.CL` or arXiv's old ids, `math.gt/0309136`. Whether
anything answers there is not asked.
"""

from __future__ import annotations

import re
from typing import Final

_SHAPE: Final = re.compile(
    r"""(?P<host> (?: [a-z0-9] [a-z0-9-]* \. )+ (?-i: [a-z]{2,24} ) | \d{1,3} (?: \. \d{1,3} ){3} | localhost )
        (?: : (?P<port> \d{2,5} ) )?
        (?P<path> / \S* )?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
"""The last label in lower case: arXiv's categories (`cs.LG`) and .NET's likes end in capitals."""

_NO_DOMAIN: Final = frozenset({"js", "ts", "cpp", "ipynb"})
"""Endings of programs' names (`node.js/deno`) that are no top-level domains: https://data.iana.org/TLD."""

_OLD_ID: Final = re.compile(r"/\d{7}(?:v\d+)?")
"""The rest of an arXiv identifier of before April 2007: https://info.arxiv.org/help/arxiv_identifier.html."""

_TLS: Final = "443"


def completed(word: str) -> str | None:
    """The address that `word` leaves the scheme out of, with it; None for a word. A port of its own is seldom TLS."""
    found = _SHAPE.fullmatch(word)
    if found is None or not (found["path"] or found["host"].lower().startswith("www.")):
        return None
    if found["host"].rpartition(".")[2] in _NO_DOMAIN or _OLD_ID.fullmatch(found["path"] or ""):
        return None
    return f"{'http' if found['port'] not in {None, _TLS} else 'https'}://{word}"
