"""Why a day was empty, in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from papers.stores.sources import SourceState
from tests.conftest import NOW
from workers.quiet import why_quiet

HOUR = timedelta(hours=1)

WELL = SourceState("huggingface", ok_at=NOW - HOUR)
FAILING = SourceState("lab.example", ok_at=NOW - HOUR, failures=3, error="no answer")
SILENT = SourceState("old.example", ok_at=NOW - 37 * HOUR)
NEVER = SourceState("new.example")


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ([WELL], "nothing new passed the bar"),
        ([], "nothing new passed the bar"),
        ([WELL, FAILING], "lab.example is failing: no answer"),
        ([SILENT, FAILING], "lab.example is failing: no answer"),
        ([WELL, SILENT], "no answer in the last 36 hours from old.example"),
        ([SILENT, NEVER], "no answer in the last 36 hours from old.example, new.example"),
    ],
)
def test_the_likeliest_cause_is_named(sources: list[SourceState], said: str) -> None:
    assert why_quiet(sources, NOW) == said


def test_every_source_that_fails_is_named() -> None:
    other = SourceState("other.example", failures=1, error="it is HTML")
    assert why_quiet([FAILING, other], NOW) == "lab.example is failing: no answer; other.example is failing: it is HTML"


@pytest.mark.parametrize(("days", "weekend"), [(2, False), (3, True), (4, True), (5, False)])
def test_saturday_and_sunday_are_the_weekend(days: int, weekend: bool) -> None:  # noqa: FBT001 - a column
    slot = NOW + timedelta(days=days)
    said = why_quiet([SourceState("huggingface", ok_at=slot)], slot)
    assert said.startswith("the weekend") is weekend


def test_a_source_that_fails_explains_a_weekend_better_than_the_calendar() -> None:
    saturday = NOW + timedelta(days=3)
    assert why_quiet([FAILING], saturday).startswith("lab.example is failing")


@pytest.mark.parametrize(("hours", "silent"), [(35, False), (36, False), (37, True)])
def test_a_source_is_silent_after_a_day_and_a_half(hours: int, silent: bool) -> None:  # noqa: FBT001 - a column
    said = why_quiet([SourceState("huggingface", ok_at=NOW - hours * HOUR)], NOW)
    assert ("no answer" in said) is silent
