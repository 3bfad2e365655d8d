"""The checkout that the tests stand in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent

CODE = ("papers", "workers", "bot", "cli", "tests", "benchmarks", "docs")


def python_files() -> Iterator[Path]:
    """Every Python file of ours."""
    for room in CODE:
        yield from sorted((ROOT / room).rglob("*.py"))
