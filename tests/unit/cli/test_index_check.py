"""What `doctor` says of the archive's index."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.checked import Checked
from cli.doctor import examine as all_of_it
from cli.index_check import examine
from cli.screen import Screen
from papers.search.about import Maker
from papers.search.index import Index
from papers.search.place import Place
from papers.stores.server import Server
from tests.builders import crowd
from tests.scratch import scratch, unprivileged
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
    assert one.what.startswith(f"search index {home / '0'}: 30 of 30 papers, less than 1 MB")
    assert finding(home) == one  # looking changed nothing


def test_one_that_lacks_papers_is_made_whole_by_the_next_search(home: Path) -> None:
    one = finding(home, 40)
    assert (one.grade, "30 of 40" in one.what, "the next search" in one.what) == ("note", True, True)


def test_one_that_a_process_has_is_left_alone(home: Path) -> None:
    place = Place(home)
    one = finding(home)
    place.close()
    assert (one.grade, one.what.endswith("in use by a process that runs")) == ("good", True)
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


@pytest.mark.parametrize("name", [".", "0", "0/exact", "0/words"])
def test_what_another_user_owns_is_told_of_with_its_path(name: str) -> None:
    home = scratch() / "search"
    (home / "0").mkdir(parents=True)
    Index(home / "0", MAKER, reserve=0).close()
    home.parent.chmod(0o755)
    for path in (home, *home.rglob("*")):
        path.chmod(0o777)
    (home / name).chmod(0o500)
    with unprivileged():
        one = finding(home, 0)
    assert (one.grade, str(home / name) in one.what, f"{home} belong" in one.mend) == ("bad", True, True)


def test_doctor_tells_of_it(monkeypatch: pytest.MonkeyPatch, server: Server, tmp_path: Path) -> None:
    monkeypatch.setenv("REDIS_URL", server.url)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PAPERBOY_DATA", str(tmp_path))
    shown = io.StringIO()
    all_of_it(Screen(file=shown, width=200))
    assert "search index: none yet" in shown.getvalue()


def test_what_mends_several_settings_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_SHARDS", "0")
    monkeypatch.setenv("HTTP_PORT", "99999")
    told = doctor()
    assert ("PAPERBOY_SHARDS" in told, "HTTP_PORT" in told, told.count(".env")) == (True, True, 1)


def test_a_server_that_is_away_is_told_of_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PAPERBOY_DATA", str(tmp_path))
    told = doctor()
    assert told.count("does not answer") == 1
    assert "embedding model wordllama" in told


def doctor() -> str:
    """What it prints."""
    shown = io.StringIO()
    assert not all_of_it(Screen(file=shown, width=200))
    return shown.getvalue()
