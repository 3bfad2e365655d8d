"""What `doctor` says of the archive's index."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from bot.checked import Checked
from cli.doctor import examine as all_of_it
from cli.index_check import examine
from papers.search.about import Maker
from papers.search.index import Index
from papers.search.place import Place
from papers.stores.server import Server
from tests.builders import crowd
from tests.shelves import lines

MAKER = Maker.of("model", 256)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A directory with one index of thirty papers."""
    home = tmp_path / "search"
    (home / "0").mkdir(parents=True)
    index = Index(home / "0", MAKER, reserve=0)
    index.put(lines(crowd(30)), [], 1.0)
    index.close()
    return home


def finding(home: Path, archive: int = 30, maker: Maker = MAKER, reserve: int = 0) -> Checked:
    (one,) = examine(home, maker, archive, reserve=reserve)
    return one


def test_a_whole_index_is_counted_and_weighed(home: Path) -> None:
    one = finding(home)
    assert (one.grade, one.mend) == ("good", "")
    assert one.what.startswith("search index 0: 30 of 30 papers, less than 1 MB")
    assert finding(home) == one  # looking changed nothing


def test_one_that_lacks_papers_is_made_whole_by_the_next_search(home: Path) -> None:
    one = finding(home, 40)
    assert (one.grade, "30 of 40" in one.what, "the next search" in one.what) == ("note", True, True)


def test_one_that_a_process_has_is_left_alone(home: Path) -> None:
    place = Place(home)
    one = finding(home)
    place.close()
    assert (one.grade, one.what.endswith("in use")) == ("good", True)
    assert "30 of 30" in one.what


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "exact").write_bytes(b""), "exact is shorter than it should be"),
        (lambda folder: next((folder / "words").glob("*.pos")).unlink(), "is gone"),
        (lambda folder: (folder / "about.json").write_text("{"), "about.json cannot be read"),
    ],
)
def test_what_is_damaged_is_named_and_what_mends_it(home: Path, spoil: Callable[[Path], object], said: str) -> None:
    spoil(home / "0")
    one = finding(home)
    assert one.grade == "warning"
    assert said in one.what
    assert str(home / "0") in one.mend


def test_another_models_index_is_told_of(home: Path) -> None:
    one = finding(home, maker=Maker.of("another", 256))
    assert (one.grade, "another model" in one.what) == ("warning", True)


def test_where_there_is_none_yet_the_first_search_builds_it(tmp_path: Path) -> None:
    one = finding(tmp_path / "search")
    assert (one.grade, "none yet" in one.what) == ("note", True)


def test_a_full_disk_is_told_of(home: Path) -> None:
    full, index = examine(home, MAKER, 30, reserve=1 << 60)
    assert (full.grade, index.grade) == ("warning", "good")
    assert "free " in full.mend


def test_a_place_that_cannot_be_had_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "search").write_text("in the way")
    one = finding(tmp_path / "search")
    assert (one.grade, "PAPERBOY_DATA" in one.mend) == ("bad", True)


def test_doctor_tells_of_it(monkeypatch: pytest.MonkeyPatch, server: Server, tmp_path: Path) -> None:
    monkeypatch.setenv("REDIS_URL", server.url)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PAPERBOY_DATA", str(tmp_path))
    shown = io.StringIO()
    all_of_it(Console(file=shown, width=200))
    assert "search index: none yet" in shown.getvalue()
