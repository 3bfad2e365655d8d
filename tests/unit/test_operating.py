"""docs/operating.md names every event that is logged and every metric, and none that there is not."""

from __future__ import annotations

from prometheus_client import REGISTRY, generate_latest

from papers import metrics
from tests.observed import PAGE, documented, exported, logged, rows


def test_every_event_is_in_the_table_and_none_that_is_not_logged() -> None:
    told = [row[0].strip("`") for row in rows("Events")]
    assert set(logged()) - set(told) == set(), "log these in the table of docs/operating.md too"
    assert set(told) - set(logged()) == set()
    assert len(told) == len(set(told))


def test_every_metric_that_stages_count_is_in_the_table() -> None:
    metrics.indexed(0)
    assert set(exported(generate_latest(REGISTRY).decode())) <= set(documented())


def test_no_metric_is_told_twice() -> None:
    assert len(documented()) == len(set(documented())) > 40


def test_lines_are_not_longer_than_can_be_read() -> None:
    long = [line for line in PAGE.read_text("utf-8").splitlines() if len(line) > 155 and not line.startswith("|")]
    assert long == []
