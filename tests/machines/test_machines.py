"""Servers fail over, machines lose the primary: nothing is lost, doubled or taken back. See `tests.machines.gale`."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from tests.machines.gale import blow
from tests.machines.network import is_possible

SILENCE = 15.0
"""Seconds without an acknowledged write; the benchmark's goal is 10, on a machine that has nothing else to do."""


@pytest.mark.timeout(150)
def test_failovers_lose_double_and_take_back_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not is_possible(), is_possible()
    outcome = blow(tmp_path, 34.0, plan=("cut primary", "kill primary"))
    with capsys.disabled():
        Console().print(outcome.report.table("several machines"))
    assert outcome.disasters.total() == len(("cut primary", "kill primary"))
    assert outcome.is_exact, outcome
    assert outcome.acknowledged > 0
    assert 1.0 < outcome.gap[1] <= SILENCE, "nothing failed over" if outcome.gap[1] <= 1.0 else "too long"
