"""What `stats` and `doctor` say of how far the archive is embedded."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from cli.doctor import examine
from cli.screen import Screen
from cli.stats import count
from cli.stats_page import show
from papers.stores.server import Server
from papers.wiring import Core
from tests.conftest import NOW

STAGES = [
    ([], "no worker ran yet", ""),
    (["begin model", "progress"], "1,200 of 3,000 with model", "the archive is embedded with model"),
    (["begin wordllama-256", "progress"], "1,200 of 3,000 with wordllama-256", "1,200 of 3,000 papers are embedded"),
    (["begin wordllama-256", "progress", "complete"], "all with wordllama-256", ""),
]


def reach(core: Core, steps: list[str]) -> None:
    """Bring the coverage there."""
    coverage = core.stores.coverage
    for step in steps:
        what, _, model = step.partition(" ")
        if what == "begin":
            coverage.begin(model)
        elif what == "progress":
            coverage.progress(coverage.get().model, 1200, 3000)
        else:
            coverage.complete(coverage.get().model, 5.0)


@pytest.mark.parametrize(("steps", "said", "_"), STAGES)
def test_stats_tell_how_far_the_archive_is_embedded(core: Core, steps: list[str], said: str, _: str) -> None:
    reach(core, steps)
    shown = io.StringIO()
    show(count(core), Console(file=shown, width=120), NOW)
    assert f"embedded: {said}" in shown.getvalue()


@pytest.mark.parametrize(("steps", "_", "said"), STAGES)
def test_doctor_tells_of_vectors_that_are_missing_or_another_models(
    core: Core, server: Server, monkeypatch: pytest.MonkeyPatch, steps: list[str], _: str, said: str
) -> None:
    monkeypatch.setenv("REDIS_URL", server.url)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    reach(core, steps)
    shown = io.StringIO()
    assert examine(Screen(file=shown, width=200))
    assert said in shown.getvalue()
    assert ("embedded" in shown.getvalue()) is bool(said)
    assert ("give every role the same EMBEDDING_MODEL" in shown.getvalue()) is ("begin model" in steps)
