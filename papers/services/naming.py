"""Which paper somebody names: by its id, or by a link as they copied it."""

from __future__ import annotations

import re
from typing import Final

from papers.errors import NotFoundError
from papers.identity import arxiv_id, paper_id
from papers.model import Paper
from papers.ports import Archive
from papers.wording import shorten

_HASHED: Final = re.compile(r"x[0-9a-f]{15}")
_SHOWN: Final = 80


def find(archive: Archive, named: str) -> Paper | None:
    """The paper, if it was ever polled."""
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
    return NotFoundError(f"no paper {shorten(named, _SHOWN)} was polled", advice="`search` finds papers by their words")


def is_name(text: str) -> bool:
    """Whether `text` can only be an id or a link, known or not, so that it is not to be read as words."""
    host, slash, _ = text.partition("/")
    linked = "://" in text or (bool(slash) and "." in host.strip("."))
    return " " not in text and (linked or arxiv_id(text) is not None or _HASHED.fullmatch(text) is not None)
