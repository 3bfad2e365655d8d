"""Searches of papers at hand, which are the stream too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from papers.answers.archive import SearchAnswer
from papers.model import Paper
from papers.ports import Embedder
from papers.services.library import Ruler
from papers.services.search import Shop, Wish, search
from tests.builders import stream
from tests.shelves import Shelves

Open = Callable[[Iterable[Paper]], Shop]
"""Opens a shop that has these papers."""


def shop(papers: Iterable[Paper], shelves: Shelves, embedder: Embedder) -> Shop:
    """One that has these papers."""
    listed = list(papers)
    return Shop(shelves.reader(listed), Ruler(stream(listed, embedder).background, embedder.weight), embedder)


def ask(of: Shop, query: str, **narrowed: Any) -> SearchAnswer:
    """One page."""
    return search(of, Wish(query, **narrowed))


def every_page(of: Shop, query: str, **narrowed: Any) -> list[Paper]:
    """The papers of all pages."""
    first = ask(of, query, **narrowed)
    pages = [ask(of, query, page=page, **narrowed) for page in range(1, first.pages + 1)]
    return [card.paper for page in pages for card in page.cards]
