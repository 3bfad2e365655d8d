"""An index says what was put into it last, whenever it is opened; what is not as it was written is noticed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from papers.model import Paper
from papers.ports import Embedder
from papers.query import parse
from papers.search import about
from papers.search.about import Maker
from papers.search.damage import Damaged, Unwritable
from papers.search.index import Index
from papers.search.view import View
from tests.builders import TODAY, crowd, paper
from tests.shelves import Shelves, lines


def found(view: View, query: str) -> set[str]:
    return set(view.named(np.flatnonzero(view.holding(parse(query)) & view.alive)))


@pytest.fixture
def folder(shelves: Shelves) -> Path:
    return shelves.folder()


@pytest.fixture
def filled(folder: Path, shelves: Shelves, embedder: Embedder) -> Path:
    """A folder with thirty papers, put there in two parts."""
    index = shelves.open(folder)
    index.put(lines(crowd(20), embedder), [], 1.0)
    index.put(lines(crowd(30)[20:], embedder), [], 2.0)
    index.close()
    return folder


@pytest.fixture
def retold(filled: Path, shelves: Shelves) -> Path:
    """The same folder after one of the papers was told otherwise."""
    index = shelves.open(filled)
    index.put(lines([paper(0, "As it is now")]), [], 3.0)
    index.close()
    return filled


def test_what_was_put_is_there_when_it_is_opened_again(filled: Path, shelves: Shelves) -> None:
    index = shelves.open(filled)
    assert (len(index), index.mark) == (30, 2.0)
    assert found(index.view, "grasp") == {one.id for one in crowd(30) if "Grasping" in one.title}
    assert all(index.says(one) and index.has_vector(one) for one in crowd(30))
    assert index.view.days.tolist() == [one.day.toordinal() for one in crowd(30) if one.day]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Whales"},
        {"abstract": "Whales."},
        {"authors": ("Ada Lovelace",)},
        {"categories": ("cs.LG",)},
        {"organization": "Whale Lab"},
        {"sources": ("huggingface", "arxiv")},
        {"day": TODAY.replace(year=2020)},
    ],
)
def test_a_paper_told_otherwise_is_found_as_it_is_now(shelves: Shelves, changes: dict[str, Any]) -> None:
    index = shelves.index([paper(1, "Songs"), paper(2, "Songs of ice")])
    now = paper(1, **{"title": "Songs", **changes})
    assert index.says(paper(1, "Songs"))
    assert not index.says(now)
    before = index.view
    index.put(lines([now]), [], 2.0)
    assert index.says(now)
    assert len(index) == len(index.view) == 2
    assert found(index.view, "title:songs") == {paper(2).id} | ({paper(1).id} if now.title == "Songs" else set())
    assert index.view.words.rows(parse("-zebra")).size == 2
    assert found(before, "title:songs") == {paper(1).id, paper(2).id}  # who has it open reads on


def test_votes_and_code_are_noted_where_they_stand(shelves: Shelves) -> None:
    index = shelves.index([paper(1), paper(2)])
    rows = index.view.ids.size
    index.put([], [paper(2, upvotes=70, code_url="https://code.example")], 2.0)
    assert index.view.upvotes.tolist() == [0, 70]
    assert index.view.code.tolist() == [False, True]
    assert index.view.ids.size == rows
    assert index.says(paper(2, upvotes=71))


def test_an_id_that_is_too_long_is_left_out(shelves: Shelves) -> None:
    index = shelves.index([paper(1, "Songs", id="x" * 41), paper(2, "Songs", id="x" * 40)])
    assert found(index.view, "songs") == {"x" * 40}


def test_what_was_written_but_not_said_is_forgotten_and_put_again(filled: Path, shelves: Shelves) -> None:
    said = (filled / about.NAME).read_bytes()
    index = shelves.open(filled)
    told = [paper(0, "Whales"), paper(777, "Whales too")]  # one of them is new, the other is known otherwise
    index.put(lines(told), [], 3.0)
    index.close()
    (filled / about.NAME).write_bytes(said)  # as if the process had died just before

    index = shelves.open(filled)
    assert (index.mark, len(index), found(index.view, "whales")) == (2.0, 30, set())
    index.put(lines(told), [], 3.0)
    assert found(index.view, "whales") == {one.id for one in told}
    assert found(index.view, "-whales") == {one.id for one in crowd(30)[1:]}


def spoilt(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.chmod(0o600)
    path.write_bytes(change(path.read_bytes()))


def flipped(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


FILES = ["ids", "said", "day", "tie", "whole", "step", "exact", "ends", "lengths", "stems", "times", about.NAME]
SEGMENT = [".term", ".idx", ".pos", ".fast", ".fieldnorm", ".store", ".del"]


@pytest.mark.parametrize("name", [*FILES, "meta.json", *SEGMENT])
@pytest.mark.parametrize("change", [flipped, lambda data: data[: len(data) // 2], lambda _: b""])
def test_what_is_not_as_it_was_written_is_noticed(
    retold: Path, shelves: Shelves, name: str, change: Callable[[bytes], bytes]
) -> None:
    (path, *_) = [path for path in sorted(retold.rglob("*")) if name in {path.name, path.suffix}]
    if name.endswith("json"):
        change = lambda _: b"{"  # noqa: E731 - a flipped bit may still be the same JSON
    spoilt(path, change)
    with pytest.raises(Damaged):
        shelves.open(retold)


@pytest.mark.parametrize("name", [*FILES[:-1], "upvotes", "code", "meta.json", *SEGMENT])
def test_a_file_that_is_gone_is_noticed(retold: Path, shelves: Shelves, name: str) -> None:
    gone = [path for path in retold.rglob("*") if name in {path.name, path.suffix}]
    gone[0].unlink()  # one segment of several is enough
    with pytest.raises(Damaged):
        shelves.open(retold)


@pytest.mark.parametrize("name", [*FILES[:-1], "upvotes", "code", *SEGMENT])
def test_a_file_that_lacks_its_last_byte_is_noticed(retold: Path, shelves: Shelves, name: str) -> None:
    (path, *_) = [path for path in sorted(retold.rglob("*")) if name in {path.name, path.suffix}]
    spoilt(path, lambda data: data[:-1])
    with pytest.raises(Damaged):
        shelves.open(retold)


def test_words_of_an_earlier_moment_are_noticed(filled: Path, shelves: Shelves, tmp_path: Path) -> None:
    shutil.copytree(filled / "words", tmp_path / "words")
    index = shelves.open(filled)
    index.put(lines([paper(777, "Whales")]), [], 3.0)
    index.close()
    shutil.rmtree(filled / "words")
    shutil.copytree(tmp_path / "words", filled / "words")  # as a backup would bring them back, alone
    with pytest.raises(Damaged, match="older"):
        shelves.open(filled)


def test_columns_that_were_written_by_a_newer_version_are_not_read(filled: Path, shelves: Shelves) -> None:
    said = json.loads((filled / about.NAME).read_text())
    said["about"]["something_new"] = 1
    said["maker"]["format"] += 1
    (filled / about.NAME).write_text(json.dumps(said))
    with pytest.raises(Damaged):
        shelves.open(filled)


@pytest.mark.parametrize(
    ("maker", "said"),
    [
        (Maker.of("another", 256), "model"),
        (Maker("wordllama-256", 256, "anew"), "analysis"),
        (Maker("wordllama-256", 256, Maker.of("", 0).analysis, about.FORMAT - 1), "format"),
        (Maker("wordllama-256", 256, "anew", about.FORMAT + 1), "format"),
    ],
)
def test_an_index_of_another_maker_is_told_apart(filled: Path, embedder: Embedder, maker: Maker, said: str) -> None:
    assert embedder.name == "wordllama-256"
    with pytest.raises(Damaged, match=f"another {said}"):
        Index(filled, maker)


def test_where_there_is_no_room_nothing_is_begun_and_what_is_there_is_read(filled: Path, shelves: Shelves) -> None:
    with pytest.raises(Unwritable, match="nearly full"):
        shelves.open(shelves.folder(), reserve=1 << 60)
    index = shelves.open(filled, reserve=1 << 60)
    assert len(found(index.view, "grasp")) == 4
    with pytest.raises(Unwritable, match="nearly full"):
        index.put(lines([paper(777)]), [], 3.0)


def test_a_folder_that_cannot_be_written_is_told(shelves: Shelves) -> None:
    folder = shelves.folder()
    (folder / "words").write_text("in the way")
    with pytest.raises(Unwritable):
        shelves.open(folder)


def test_no_file_stays_open_where_opening_fails(filled: Path, shelves: Shelves) -> None:
    spoilt(filled / "exact", flipped)
    with pytest.raises(Damaged):
        shelves.open(filled)
    held_open = [one.path for one in psutil.Process().open_files()]
    assert not [path for path in held_open if Path(path).is_relative_to(filled.resolve())]


def test_an_index_is_wasteful_once_most_of_it_is_of_papers_as_they_were(shelves: Shelves) -> None:
    told = [paper(number) for number in range(1001)]
    index = shelves.index(told, bare=True)
    wasteful = []
    for year in range(2020, 2024):
        wasteful.append(index.is_wasteful)
        index.put(lines(replace(one, day=TODAY.replace(year=year)) for one in told), [], float(year))
    assert (len(index), wasteful, index.is_wasteful) == (1001, [False] * 4, True)


def test_papers_are_the_same_however_they_were_put(shelves: Shelves, embedder: Embedder) -> None:
    one, other = shelves.index(crowd(30)), shelves.index([])
    papers: list[Paper] = list(reversed(crowd(30)))
    for start in range(0, 30, 7):
        other.put(lines(papers[start : start + 7], embedder), [], start + 2.0)
    for query in ("grasp", "-grasp", "attention OR graph*", 'title:"part 1"'):
        assert found(one.view, query) == found(other.view, query)
