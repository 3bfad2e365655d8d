"""`paperboy backup` where there is nothing: what a FILE has is not given up for that, and it is said who was asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from papers.errors import BackupError
from papers.stores.backup_file import write
from papers.stores.format import agree
from papers.wiring import Stores
from tests.builders import GENERAL, subscription
from tests.conftest import NOW
from tests.unit.test_backup_file import SOME


@pytest.fixture
def empty(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Stores:
    """The server that commands reach, asked with a password that it does not need."""
    monkeypatch.setenv("REDIS_URL", f"{stores.server.url}?client_name=hunter2")
    agree(stores.server, "0.1.0")  # as the first command did
    return stores


def backup(file: Path) -> str:
    """What it says. Raises what it raises."""
    ran = CliRunner().invoke(app, ["backup", str(file)], catch_exceptions=False, standalone_mode=False)
    assert ran.exit_code == 0
    return ran.stderr


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("good", [True, False])
def test_a_backup_of_nothing_replaces_no_file_that_has_something(tmp_path: Path, *, good: bool) -> None:
    file = tmp_path / "kept.jsonl"
    with file.open("wb") as out:
        write(SOME, out, NOW) if good else out.write(b"somebody's letter")
    before = file.read_bytes()
    with pytest.raises(BackupError, match=r"server unix:/.* holds nothing yet, and .*kept\.jsonl does") as caught:
        backup(file)
    assert "PAPERBOY_DATA" in caught.value.advice
    assert "hunter2" not in str(caught.value)
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("there", [None, b""])
def test_where_no_more_is_lost_it_is_written_every_day_and_says_that_it_has_nothing(
    empty: Stores, tmp_path: Path, there: bytes | None
) -> None:
    file = tmp_path / "kept.jsonl"
    if there is not None:
        file.write_bytes(there)
    for _ in range(2):
        assert "nothing in it" in backup(file)
    empty.channels.add(subscription())
    assert "kept 1 subscription of 1 channel" in backup(file)
    assert str(GENERAL) in file.read_text("utf-8")
