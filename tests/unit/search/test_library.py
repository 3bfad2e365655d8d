"""The library follows the archive, mends itself, and says what it cannot do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from papers.errors import SearchUnavailable
from papers.model import Paper
from papers.ports import Embedder
from papers.query import parse
from papers.search import about
from papers.search.damage import Damaged
from papers.search.library import RETRY, Library
from papers.search.reader import IndexReader
from papers.services.remembering import Remembering
from papers.stores import keys
from papers.stores.papers import PaperStore
from papers.stores.server import Server
from papers.stores.vectors import VectorStore
from papers.wiring import Stores
from tests.builders import Counting, crowd, paper, store

Opened = Callable[..., Library]


class Gated(PaperStore):
    """An archive that tells of no paper, to a library's thread, before it is let to."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.gate = threading.Event()

    def get(self, ids: Iterable[str]) -> dict[str, Paper]:
        """As ever, when the gate is open."""
        if threading.current_thread().name == "index":
            self.gate.wait(30)
        return super().get(ids)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "search"


@pytest.fixture
def opened(stores: Stores, server: Server, embedder: Embedder, home: Path) -> Iterator[Opened]:
    """Opens libraries of the archive; `model` is another embedder."""
    made: list[Library] = []

    def library(
        archive: PaperStore = stores.papers, model: Embedder = embedder, *, reserve: int = 0, **options: Any
    ) -> Library:
        remembering = Remembering(model, VectorStore(server, model.name, model.dim))
        library = Library(archive, remembering, home, reserve=reserve, **options)
        made.append(library)
        return library

    yield library
    for one in made:
        one.close()


def found(library: Library, query: str) -> set[str]:
    with library.reading() as reader:
        return matched(reader, query)


def matched(reader: IndexReader, query: str) -> set[str]:
    view = reader.view
    return set(view.named(np.flatnonzero(view.holding(parse(query)) & view.alive)))


def eventually(library: Library) -> None:
    for _ in range(300):
        with library.reading() as reader:
            if reader.is_complete:
                return
        time.sleep(0.02)
    raise AssertionError("it is never complete")


def test_papers_are_found_as_soon_as_they_are_stored(opened: Opened, stores: Stores) -> None:
    library = opened()
    assert found(library, "attention") == set()
    for number in range(1, 6):
        store(stores.papers, paper(number, f"Attention number{number}"))
        assert found(library, f"number{number}") == {paper(number).id}
    assert len(found(library, "attention")) == 5


def test_what_is_told_otherwise_is_followed(opened: Opened, stores: Stores) -> None:
    library = opened()
    store(stores.papers, paper(1, "Whales"))
    assert found(library, "abstract:ice") == set()
    store(stores.papers, paper(1, "Whales", abstract="Under the ice.", upvotes=7, code_url="https://code.example"))
    assert found(library, "abstract:ice") == {paper(1).id}
    store(stores.papers, paper(1, "Whales", abstract="Under the ice.", upvotes=9))
    with library.reading() as reader:
        view = reader.view
        assert (view.upvotes[view.alive].tolist(), view.code[view.alive].tolist()) == ([9], [True])


def test_what_only_a_feed_brought_is_nobodys_business_until_the_archive_has_it(opened: Opened, stores: Stores) -> None:
    library = opened()
    private = paper(1, "Whales", sources=("lab.example",))
    store(stores.papers, private, scope="https://lab.example/feed.xml")
    assert found(library, "whales") == set()
    store(stores.papers, private)
    assert found(library, "whales") == {private.id}


def test_a_vector_that_comes_later_is_taken_in(
    opened: Opened, stores: Stores, server: Server, embedder: Embedder
) -> None:
    slow = Counting(embedder, name="slow")
    slow.at_once = 2
    papers = crowd(10)
    store(stores.papers, *papers)
    library = opened(model=slow)
    with library.reading() as reader:
        view = reader.view
        assert (view.meanings.step[view.alive] > 0).sum() == 2
    Remembering(embedder_at_leisure(slow), VectorStore(server, slow.name, slow.dim)).of_papers(papers)
    asked = len(slow.asked)
    with library.reading() as reader:
        view = reader.view
        assert (view.meanings.step[view.alive] > 0).sum() == len(view) == 10
    assert len(slow.asked) == asked


def embedder_at_leisure(of: Counting) -> Counting:
    patient = Counting(of, of.name)
    patient.at_once = 100
    return patient


def test_many_papers_are_taken_in_while_nobody_waits(opened: Opened, stores: Stores, server: Server) -> None:
    store(stores.papers, *crowd(300))
    archive = Gated(server)
    library = opened(archive, at_once=100, patience=0.0)
    with library.reading() as reader:
        assert (len(reader.view), reader.is_complete) == (100, False)
        assert reader.note == "the archive's index is being built: 100 of 300 papers so far"
    archive.gate.set()
    eventually(library)
    with library.reading() as reader:
        assert (len(reader.view), reader.note) == (300, None)


def test_a_small_archive_is_waited_for(opened: Opened, stores: Stores) -> None:
    store(stores.papers, *crowd(300))
    library = opened(at_once=100, patience=30.0)
    with library.reading() as reader:
        assert (len(reader.view), reader.is_complete) == (300, True)


def test_more_papers_of_one_instant_than_are_taken_at_once_are_all_taken_in(opened: Opened, stores: Stores) -> None:
    store(stores.papers, *crowd(150))  # a script call writes them in one millisecond
    eventually(library := opened(at_once=7))
    assert len(found(library, "-zebra")) == 150


def test_a_library_goes_on_where_it_was(opened: Opened, stores: Stores, home: Path) -> None:
    store(stores.papers, *crowd(30))
    first = opened()
    before = found(first, "grasp")
    first.close()
    store(stores.papers, paper(777, "A grasp of whales"))
    rows = (home / "0" / "tie").stat().st_size // 4
    assert found(opened(), "grasp") == before | {paper(777).id}
    assert (home / "0" / "tie").stat().st_size // 4 == rows + 1


def test_what_a_clock_that_was_set_back_hid_is_found_when_it_is_opened_again(
    opened: Opened, stores: Stores, server: Server
) -> None:
    store(stores.papers, paper(1, "Attention"))
    first = opened()
    assert found(first, "attention") == {paper(1).id}
    store(stores.papers, paper(2, "Attention too"))
    server.call("ZADD", keys.CHANGED, stores.papers.newest_change() - 10_000, paper(2).id)
    assert found(first, "attention") == {paper(1).id}
    first.close()
    assert found(opened(), "attention") == {paper(1).id, paper(2).id}


def test_two_processes_never_share_a_directory(opened: Opened, stores: Stores, home: Path) -> None:
    store(stores.papers, *crowd(30))
    one, other = opened(), opened()
    assert found(one, "grasp") == found(other, "grasp")
    assert sorted(path.name for path in home.iterdir()) == ["0", "1"]
    one.close()
    assert found(opened(), "grasp") == found(other, "grasp")
    assert sorted(path.name for path in home.iterdir()) == ["0", "1"]


@pytest.mark.parametrize("name", ["exact", "words/meta.json", about.NAME])
def test_a_damaged_index_is_built_anew(opened: Opened, stores: Stores, home: Path, name: str) -> None:
    store(stores.papers, *crowd(30))
    library = opened()
    before = found(library, "grasp")
    library.close()
    (home / "0" / name).chmod(0o600)
    (home / "0" / name).write_bytes(b"spoilt")
    assert found(opened(), "grasp") == before != set()


def test_damage_that_shows_while_searching_is_told_and_mended(opened: Opened, stores: Stores) -> None:
    store(stores.papers, *crowd(30))
    library = opened()
    with pytest.raises(SearchUnavailable, match="built anew"), library.reading():
        raise Damaged("as if a word's list were spoilt")
    assert len(found(library, "-zebra")) == 30


def test_another_models_index_is_built_anew(opened: Opened, stores: Stores, embedder: Embedder) -> None:
    store(stores.papers, *crowd(30))
    first = opened()
    before = found(first, "grasp")
    first.close()
    assert found(opened(model=Counting(embedder, name="another")), "grasp") == before


def test_another_archives_index_is_built_anew(opened: Opened, stores: Stores, server: Server) -> None:
    store(stores.papers, *crowd(30))
    first = opened()
    assert found(first, "whales") == set()
    first.close()
    server.call("FLUSHALL")
    store(stores.papers, paper(1, "Whales"))
    assert found(opened(), "whales OR grasp") == {paper(1).id}


def test_without_room_it_says_so(opened: Opened, stores: Stores) -> None:
    store(stores.papers, *crowd(30))
    library = opened(reserve=1 << 60)
    for _ in range(2):
        with pytest.raises(SearchUnavailable, match="nearly full") as caught, library.reading():
            pass
        assert "PAPERBOY_DATA" in caught.value.advice


def test_while_the_disk_is_full_what_is_there_is_searched(opened: Opened, stores: Stores) -> None:
    store(stores.papers, *crowd(30))
    seconds = 0.0
    library = opened(clock=lambda: seconds)
    before = found(library, "grasp")
    library._reserve = 1 << 60
    library._put_down()
    store(stores.papers, paper(777, "A grasp of whales"))
    with library.reading() as reader:
        assert matched(reader, "grasp") == before
        assert "nearly full" in (reader.note or "")
        assert not reader.is_complete
    library._reserve = 0
    assert found(library, "grasp") == before  # it is not tried again at once
    seconds = RETRY
    assert found(library, "grasp") == before | {paper(777).id}
    with library.reading() as reader:
        assert (reader.note, reader.is_complete) == (None, True)


def test_a_place_that_cannot_be_had_is_told(opened: Opened, home: Path) -> None:
    home.parent.mkdir(exist_ok=True)
    home.write_text("in the way")
    with pytest.raises(SearchUnavailable, match="cannot be used"), opened().reading():
        pass


def test_threads_read_while_papers_come(opened: Opened, stores: Stores) -> None:
    library = opened()

    def look(_: int) -> int:
        return len(found(library, "attention -zebra"))

    with ThreadPoolExecutor(4) as pool:
        looks = pool.map(look, range(60))
        for number in range(1, 40):
            store(stores.papers, paper(number, f"Attention {number}"))
        seen = list(looks)
    assert all(0 <= count <= 39 for count in seen)
    assert look(0) == 39
