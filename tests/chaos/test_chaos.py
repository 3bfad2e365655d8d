"""The crash test, and the proof that it would notice. See `tests.chaos.storm` for what is done to whom."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from tests.chaos.storm import Climate, storm

STORM = 25.0
"""Seconds, unless --chaos-minutes says otherwise; starting and coming to rest take about as long."""


@pytest.fixture
def seconds(request: pytest.FixtureRequest) -> float:
    """How long it blows."""
    minutes: float | None = request.config.getoption("--chaos-minutes", None)
    return minutes * 60 if minutes else STORM


@pytest.mark.timeout(0)
def test_whatever_is_killed_every_paper_reaches_every_channel_exactly_once(
    tmp_path: Path, seconds: float, capsys: pytest.CaptureFixture[str]
) -> None:
    report = storm(tmp_path, Climate(seconds))
    with capsys.disabled():
        Console().print(report.table("storm"))
    assert report.tally.is_exact, report.tally
    assert not report.tally.lost
    assert report.kills >= seconds / 4
    assert report.tally.pairs > 10 * seconds
    assert report.counts.get("404", 0) == 0  # no reply ever came before its headline


@pytest.mark.timeout(0)
def test_a_sender_that_does_not_look_before_it_posts_again_is_found_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    only_senders = ("kill sender-1", "kill sender-2")
    climate = Climate(6.0, every=1.0, faults={"hang up after": 0.3}, blows=only_senders, deliveries=100, verify=False)
    report = storm(tmp_path, climate)
    with capsys.disabled():
        Console().print(report.table("control run: verification off"))
    assert not report.tally.lost
    assert report.tally.doubled
