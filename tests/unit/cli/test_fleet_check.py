"""`doctor` notices processes that disagree or are missing, clocks apart, feeds that fail, and says what to mend."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.checked import Checked
from cli.fleet_check import _size, clocks, disk, feeds, roles
from papers.settings import Settings
from papers.stores.presence import Presence
from papers.stores.sources import SourceState
from tests.conftest import NOW

FETCH = Presence("worker fetch", "box", 1, 0, 0, "0.1.0", NOW, 1, 1, "wordllama")
MATCH = replace(FETCH, role="worker match", pid=2)


def troubles(found: list[Checked]) -> list[tuple[str, str]]:
    return [(one.grade, one.what) for one in found if one.grade not in {"good", "note"}]


def test_roles_that_agree_are_named_and_nothing_is_wrong() -> None:
    found = list(roles([FETCH, MATCH], Settings()))
    assert troubles(found) == []
    assert found[1].what == "worker match runs on box (pid 2), shard 1 of 1, version 0.1.0"


def test_shards_that_roles_disagree_about_are_bad() -> None:
    other = replace(MATCH, shards=3, pid=3)
    found = troubles(list(roles([FETCH, MATCH, other], Settings())))
    assert found == [("bad", "roles disagree about PAPERBOY_SHARDS: 1 and 3")]


def test_so_is_this_machine_s_own_setting_that_is_another() -> None:
    settings = Settings(embedding_model="fastembed:other", paperboy_shards=2)
    second = replace(MATCH, shard=2)
    whats = [what for _, what in troubles(list(roles([FETCH, MATCH, second], settings)))]
    assert whats == [
        "roles disagree about PAPERBOY_SHARDS: 1 and 2",
        "roles disagree about EMBEDDING_MODEL: fastembed:other and wordllama",
    ]


def test_a_shard_that_nobody_matches_and_a_worker_that_is_missing_are_named() -> None:
    two = replace(MATCH, shards=2)
    found = list(roles([two], Settings(paperboy_shards=2)))
    assert [what for _, what in troubles(found)] == [
        "no worker fetches: no source is polled",
        "nobody matches shard 2 of 2: its channels get nothing",
    ]
    assert found[-1].mend == "start `paperboy worker match --shard 2`"


def test_versions_side_by_side_are_told_of() -> None:
    whats = [what for _, what in troubles(list(roles([FETCH, replace(MATCH, version="0.2.0")], Settings())))]
    assert whats == ["roles of several versions run: 0.1.0, 0.2.0"]


def test_that_nothing_runs_is_no_trouble() -> None:
    assert [one.grade for one in roles([], Settings())] == ["note"]


def test_clocks_that_differ_are_told_of_with_the_way() -> None:
    assert troubles(list(clocks(NOW, NOW + timedelta(seconds=4)))) == []
    (ahead,), (behind,) = (list(clocks(NOW, NOW + timedelta(seconds=by))) for by in (-12, 12))
    assert ahead.what == "this machine's clock is 12 s ahead of the server's"
    assert behind.what == "this machine's clock is 12 s behind the server's"


def test_feeds_that_fail_are_named_without_their_addresses() -> None:
    failing = [SourceState(f"https://h{n}.example/s3cret", failing_at=NOW) for n in range(7)]
    paused = SourceState("https://gone.example/s3cret", failing_at=NOW, paused=True)
    found = list(feeds([*failing, paused, SourceState("huggingface")]))
    assert [one.what.partition(":")[0] for one in found] == ["7 sources of 9 fail at present", "1 feed given up"]
    assert "h0.example" in found[0].what
    assert found[0].what.endswith("and 2 more")
    assert "s3cret" not in str(found)
    assert [one.grade for one in feeds([SourceState("huggingface")])] == ["good"]


def test_room_on_the_disk_is_told_of_even_where_there_is_no_directory_yet(tmp_path: Path) -> None:
    (found,) = disk(tmp_path / "not" / "yet", 0)
    assert "B are free at" in found.what


def test_little_room_is_told_in_megabytes() -> None:
    assert [_size(amount) for amount in (48_300_000, 999_000_000, 1_240_000_000)] == ["48 MB", "999 MB", "1.2 GB"]


def test_a_disk_on_which_nothing_is_written_any_more_is_bad(tmp_path: Path) -> None:
    (found,) = disk(tmp_path, 1 << 60)
    assert (found.grade, "refused" in found.what, "make room" in found.mend) == ("bad", True, True)
