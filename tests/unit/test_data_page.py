"""docs/data.md: every key family has its place there, and what is said of channels' keys is so."""

from __future__ import annotations

import ast
import re

from papers.settings import Settings, names
from papers.stores import keys
from papers.stores.keys import ROOT as PREFIX
from tests.repository import ROOT

PAGE = (ROOT / "docs/data.md").read_text("utf-8")
SOURCE = (ROOT / "papers/stores/keys.py").read_text("utf-8")
FUNCTIONS = [one for one in ast.parse(SOURCE).body if isinstance(one, ast.FunctionDef)]
HELPERS = {"of_workspace", "tagged", "ROOT"}
"""What in keys.py is no family."""


def families() -> set[str]:
    """Names in keys.py that are keys, or make one."""
    constants = {str(name) for name, value in vars(keys).items() if isinstance(value, str) and value.startswith(PREFIX)}
    return (constants | {one.name for one in FUNCTIONS}) - HELPERS


def told(part: str) -> list[str]:
    """The families in the second column of a part's table."""
    rows = [line.split("|")[2] for line in PAGE.split(f"## {part}\n")[1].split("\n## ")[0].splitlines() if "|" in line]
    return [name for row in rows[2:] for name in re.findall(r"`([^`]+)`", row)]


def test_every_key_family_is_in_the_table_once() -> None:
    found = [*told("Of a channel"), *told("Of a workspace"), *told("Everybody's")]
    assert sorted(found) == sorted(families())


def test_a_channels_families_are_those_whose_keys_bear_its_name() -> None:
    tagged = {one.name for one in FUNCTIONS if "{{{destination}}}" in str(ast.get_source_segment(SOURCE, one))}
    shared = {"CHANNELS", "DUE", "FEEDS", "OUTLETS", "platform"}  # which have its name as a member
    assert tagged == set(told("Of a channel")) - shared


def test_the_settings_that_it_names_are_there_with_the_days_that_it_says() -> None:
    assert {*re.findall(r"PAPERBOY_KEEP_[A-Z_]+", PAGE)} == {one for one in names() if one.startswith("PAPERBOY_KEEP")}
    said = re.findall(r"(PAPERBOY_KEEP_[A-Z_]+) \((\d+)", PAGE)
    assert said
    for name, days in said:
        assert Settings.model_fields[name.lower()].default == int(days)
