"""`paperboy demo --once`: the whole way, on the bundled sample, with nothing set and nowhere to go."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.processes import Home, Ran

NOWHERE = "http://127.0.0.1:9"
CHANNELS = ("image-generation", "efficient-llms", "front-page")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> Ran:
    """It ran where Hugging Face and every proxy are out of reach, and any temporary file is noticed."""
    (folder / "tmp").mkdir()
    home = Home(folder, NOWHERE)
    return home.run("demo", "--once", TMPDIR=str(folder / "tmp"), http_proxy=NOWHERE, https_proxy=NOWHERE)


def test_it_ends_well_and_complains_of_nothing(demo: Ran) -> None:
    assert (demo.status, demo.err) == (0, "")


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_sample_channel_shows_its_post(demo: Ran, channel: str) -> None:
    subscribed = next(line for line in demo.out.splitlines() if line.startswith(f"#{channel} /papers subscribe"))
    (post,) = [line for line in demo.out.splitlines() if line.startswith(f"#{channel} ") and line != subscribed]
    assert "papers for" in post or "paper for" in post


def test_each_kind_of_reason_is_shown(demo: Ran) -> None:
    for reason in ("matches diffusion", "top ", "#1 of the day's most upvoted"):
        assert reason in demo.out


def test_nothing_is_kept(demo: Ran, folder: Path) -> None:
    assert demo.status == 0
    assert not (folder / "data").exists()
    assert list((folder / "tmp").iterdir()) == []


def test_without_a_terminal_it_ends_after_the_posts_too(folder: Path) -> None:
    ran = Home(folder, NOWHERE).run("demo")
    assert ran.status == 0
    assert "Your turn" not in ran.out
