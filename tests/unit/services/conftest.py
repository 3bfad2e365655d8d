"""A desk at NOW, over the real stores and an archive of ten days; feeds lie on a shelf. A corpus over an empty one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from papers.errors import SourceForbidden, SourceUnreachable
from papers.model import Digest, Paper
from papers.ports import Embedder
from papers.services.corpus import Corpus
from papers.services.desk import Desk
from papers.stores.server import Server
from papers.stores.vectors import VectorStore
from papers.wiring import Core, Stores
from tests.builders import TODAY, Counting, crowd, store
from tests.conftest import NOW
from tests.shelves import Shelves
from tests.shops import Open, shop


class Shelf:
    """A FeedReader of feeds that lie here."""

    def __init__(self) -> None:
        self.feeds: dict[str, list[Paper]] = {}

    def canonical(self, url: str) -> str:
        """In lower case; private addresses are refused."""
        if "10.0.0." in url:
            raise SourceForbidden("a private address")
        return url.lower()

    def read(self, url: str) -> Digest:
        """All entries."""
        if url not in self.feeds:
            raise SourceUnreachable("no answer")
        return Digest(url, TODAY, tuple(self.feeds[url]), "cursor")


def everything(server: Server) -> dict[str, bytes]:
    """All that is stored, key by key."""
    return {key: server.call_raw("DUMP", key) for key in server.call("KEYS", "*")}


@pytest.fixture(scope="session", name="open_")
def opened(shelves: Shelves, embedder: Embedder) -> Open:
    """Opens a shop that has the papers given."""
    return lambda papers: shop(papers, shelves, embedder)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def desk(core: Core, shelf: Shelf) -> Desk:
    """A desk at NOW, over an archive of ten days with fourteen papers each."""
    store(core.stores.papers, *crowd(140))
    core.stores.papers.matched(core.stores.papers.unmatched(1000))
    return replace(core.desk, clock=lambda: NOW, feeds=shelf)


@pytest.fixture
def counting(embedder: Embedder) -> Counting:
    return Counting(embedder)


@pytest.fixture
def corpus(stores: Stores, server: Server, counting: Counting) -> Corpus:
    """A corpus over an empty archive, that tells what it embeds."""
    return Corpus(stores.papers, VectorStore(server, counting.name, counting.dim), counting)
