"""What is told of Paperboy's metrics and events: by a page of metrics, by the docs, by the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import REGISTRY
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from tests.repository import ROOT, python_files

PAGE = ROOT / "docs/operating.md"
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
PREFIX = "paperboy_"


class Counted:
    """How much a series grew since this was made."""

    def __init__(self, series: str, **labels: str) -> None:
        self._series, self._labels = series, labels
        self._before = self._now()

    def _now(self) -> float:
        return REGISTRY.get_sample_value(self._series, self._labels) or 0.0

    @property
    def grew(self) -> float:
        return self._now() - self._before


def families(page: str) -> list[Metric]:
    """A page of metrics."""
    return list(text_string_to_metric_families(page))


def exported(page: str) -> Iterator[str]:
    """The names of our families, as Prometheus is asked for them: a counter's with _total."""
    for family in families(page):
        if family.name.startswith(PREFIX):
            yield f"{family.name}_total" if family.type == "counter" else family.name


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of docs/operating.md."""
    text = PAGE.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def documented() -> list[str]:
    """The names of the metrics in the docs' table."""
    return [row[0].strip("`").partition("{")[0] for row in rows("Metrics")]


def logged() -> dict[str, Path]:
    """Every event that the code logs, and a file that does."""
    found = {}
    for path in python_files():
        if path.relative_to(ROOT).parts[0] not in {"papers", "workers", "bot", "cli"}:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "log"
                and node.func.attr in LEVELS
            ):
                assert isinstance(node.args[0], ast.Constant), f"{path}: an event's name is not made up"
                found[str(node.args[0].value)] = path
    return found
