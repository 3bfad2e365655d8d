"""Tellings of one work, and what the archive made of them."""

from __future__ import annotations

from dataclasses import replace

from papers.identity import paper_id
from papers.model import Paper
from papers.wiring import Stores
from tests.builders import paper

FEED = "https://lab.example/feed.xml"

TITLE = "Attention on graphs of molecules"
HUGGING_FACE = paper(1, TITLE, authors=("Ada Lovelace", "Donald Knuth"), upvotes=5, organization="Deep Lab")
ARXIV = replace(
    HUGGING_FACE, sources=("arxiv",), upvotes=0, organization=None, categories=("cs.LG",), abstract="We attend."
)
BLOG = paper(1, TITLE, id=paper_id(guid="https://lab.example/17"), sources=("lab.example",), authors=("D. Knuth",))
"""A telling that does not name the arXiv id."""


def only(stores: Stores) -> Paper:
    """The archive's one paper."""
    (one,) = stores.papers.recent(10)
    return stores.papers.get([one])[one]


def unmatched(stores: Stores) -> list[tuple[str, str]]:
    """What waits to be matched for the first time: papers and scopes."""
    return [(arrival.paper, arrival.scope) for arrival in stores.papers.unmatched(100) if not arrival.content]
