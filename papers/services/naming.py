"""Which paper somebody names: by its id, or by a link as they copied it."""

from __future__ import annotations

import re
from typing import Final

from papers.errors import NotFoundError
from papers.identity import arxiv_id, is_meant_for_arxiv, paper_id
from papers.model import Paper
from papers.ports import Archive
from papers.text import shorten

_HASHED: Final = re.compile(r"x[0-9a-f]{15}")
_SHOWN: Final = 80
_AROUND: Final = " \"'`()[]<>,;."
"""What people put around a name, and what they end its sentence with."""


def find(archive: Archive, named: str) -> Paper | None:
    """The paper, if it was ever polled."""
    named = named.strip(_AROUND)
    links = [named] if "://" in named else [f"https://{named}", f"http://{named}"]
    ids = [arxiv_id(named) or named, *(paper_id(link=link) for link in links)]
    return next((found for one in ids if (found := archive.find(one))), None)


def known(archive: Archive, named: str) -> Paper:
    """The same. Raises NotFoundError."""
    found = find(archive, named)
    if found is None:
        raise unknown(named)
    return found


def unknown(named: str) -> NotFoundError:
    """What is said of a name that is no paper's."""
    name = named.strip(_AROUND)
    shown = (
        arxiv_id(name) or arxiv_id(f"https://{name}") or name.partition("?")[0]
    )  # what follows an address often is tracking
    said = f"there is no paper {shorten(shown, _SHOWN)} here"
    advice = "`search` finds papers by their words"
    if is_meant_for_arxiv(name) and arxiv_id(name) is None:
        advice = f"arXiv's ids are like 2607.21557, of which that is none; {advice}"
    return NotFoundError(said, advice=advice)


def is_name(text: str) -> bool:
    """Whether `text` looks like an id or a link, right or not, known or not, rather than like words."""
    name = text.strip(_AROUND)
    host, slash, _ = name.partition("/")
    return is_no_query(name) or (" " not in name and bool(slash) and "." in host.strip("."))


def is_no_query(text: str) -> bool:
    """Whether `text` can only be an id or a link; where `is_name` alone says so, it may be words: `node.js/react`."""
    name = text.strip(_AROUND)
    is_arxiv = is_meant_for_arxiv(name) or arxiv_id(f"https://{name}") is not None
    return " " not in name and ("://" in name or is_arxiv or _HASHED.fullmatch(name) is not None)
