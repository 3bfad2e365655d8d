"""The crash test, and the proof that it would notice. See `tests.chaos.storm` for what is done to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from tests.chaos.crew import Chat
from tests.chaos.discord import Discord
from tests.chaos.slack import Slack
from tests.chaos.storm import Climate, storm

STORMS: Mapping[type[Chat], Climate] = {
    Chat: Climate(8.0),
    Slack: Climate(8.0, platform=Slack),
    # a channel's fifty threads in five minutes make a headline every six seconds
    Discord: Climate(8.0, platform=Discord, burst=20, burst_every=6.5),
}
"""How long, unless --chaos-minutes says otherwise; starting and coming to rest take some ten seconds more."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One platform's storm; where it is asked how long they last, every platform's, one after the other."""
    platforms = [*STORMS] if metafunc.config.getoption("--chaos-minutes", None) else [Chat]
    metafunc.parametrize("platform", platforms, ids=lambda platform: platform.__name__.lower())


@pytest.mark.timeout(0)
def test_whatever_is_killed_every_paper_reaches_every_channel_exactly_once(
    platform: type[Chat], tmp_path: Path, pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    minutes: float | None = pytestconfig.getoption("--chaos-minutes", None)
    seconds = minutes * 60 if minutes else STORMS[platform].seconds
    report = storm(tmp_path, replace(STORMS[platform], seconds=seconds))
    with capsys.disabled():
        Console().print(report.table(f"storm on {platform.__name__}"))
    assert report.tally.is_exact, report.tally
    assert not report.tally.lost
    assert report.kills >= seconds / 4
    assert report.tally.pairs > 10 * seconds
    # no reply ever came before its headline, and the platform's rules were kept
    assert not report.counts.keys() & {"404", "thread_not_found", "10008"}
    assert report.counts.get("violations", 0) == 0


@pytest.mark.timeout(0)
def test_a_sender_that_does_not_look_before_it_posts_again_is_found_out(
    platform: type[Chat], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    climate = replace(
        STORMS[platform],
        seconds=6.0,
        every=1.0,
        faults={"hang up after": 0.3},
        blows=("kill sender-1", "kill sender-2"),
        deliveries=40,
        verify=False,
    )
    report = storm(tmp_path, climate)
    with capsys.disabled():
        Console().print(report.table(f"control run on {platform.__name__}: verification off"))
    assert not report.tally.lost
    assert report.tally.doubled
