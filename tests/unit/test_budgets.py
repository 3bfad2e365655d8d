"""Budgets that hold from the first day: a file and a function fit the eye, and a suppression has its reason."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.repository import ROOT, python_files

FILE = 300
FUNCTION = 40
SHORTEST_REASON = 3
FILES = list(python_files())

SUPPRESSION = re.compile(r"#\s*(?:noqa: [A-Z0-9, ]+(?P<why>.*)|type: ignore\[[a-z-]+(?:, ?[a-z-]+)*\](?P<reason>.*))")
BARE = re.compile(r"#\s*(?:noqa(?!: )|type: ignore(?!\[))")


def _id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_measure() -> None:
    assert len(FILES) > 100


def test_no_file_is_longer_than_its_budget() -> None:
    lengths = {_id(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path: length for path, length in lengths.items() if length > FILE} == {}


def test_no_function_is_longer_than_its_budget() -> None:
    functions = [
        (_id(path), node.name, (node.end_lineno or node.lineno) - node.lineno + 1)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert [one for one in functions if one[2] > FUNCTION] == []


def test_every_suppression_says_why() -> None:
    silent = []
    for path in FILES:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            found = SUPPRESSION.search(line)
            said = (found["why"] or found["reason"] or "") if found else "nothing to explain"
            if len(said.strip(" -#")) <= SHORTEST_REASON or BARE.search(line):
                silent.append(f"{_id(path)}:{number}")
    assert silent == []


def test_only_settings_reads_the_environment() -> None:
    readers = [
        _id(path)
        for path in FILES
        if path.relative_to(ROOT).parts[0] in {"papers", "workers", "bot", "cli"}
        and re.search(r"os\.(environ|getenv)", path.read_text("utf-8"))
    ]
    assert readers == ["papers/settings.py"]


def test_only_keys_spells_a_redis_key() -> None:
    spellers = [
        _id(path)
        for path in FILES
        if path.relative_to(ROOT).parts[0] in {"papers", "workers", "bot", "cli"}
        and re.search(r"""["']paperboy:""", path.read_text("utf-8"))
    ]
    assert spellers == []
