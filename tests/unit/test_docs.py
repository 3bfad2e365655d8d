"""The documentation is tested: what it names exists, and what exists is named."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from dotenv import dotenv_values
from typer.main import get_command

from bot.commands import COMMANDS
from cli.main import app
from papers.settings import Settings, names
from tests.repository import ROOT

README = (ROOT / "README.md").read_text("utf-8")
EXAMPLE = ROOT / ".env.example"
NAMED_FOLDERS = {"papers", "workers", "bot", "cli", "tests", "deploy", ".ci"}


def test_every_setting_is_in_the_example_with_a_line_of_its_own() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    for name in names():
        at = next((i for i, line in enumerate(lines) if line.startswith(f"{name}=")), None)
        assert at is not None, f"{name} is missing"
        assert lines[at - 1].startswith("# "), f"{name} has no line that says what it is"


def test_the_example_names_no_setting_that_there_is_not() -> None:
    assert set(dotenv_values(EXAMPLE)) == set(names())


def test_a_copied_example_means_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAPERBOY_DATA")
    defaults = Settings.load()
    (tmp_path / ".env").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    assert Settings.load() == defaults


@pytest.mark.parametrize("form", COMMANDS, ids=lambda form: form.name)
def test_every_slash_command_is_in_the_readme(form: object) -> None:
    name = getattr(form, "name", "")
    assert f"`{name}" in README


def test_every_shell_command_is_in_the_readme_and_shows_an_example() -> None:
    group = get_command(app)
    commands = getattr(group, "commands", {})
    assert commands
    for name, command in commands.items():
        for path, one in [(f"{name} {sub}", c) for sub, c in getattr(command, "commands", {}).items()] or [
            (name, command)
        ]:
            assert f"`paperboy {path}" in README, path
            assert f"Example: paperboy {path}" in (one.help or ""), path


def test_every_runtime_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    reasons = (ROOT / "docs/adr/0002-dependencies.md").read_text("utf-8")
    for requirement in project["dependencies"]:
        name = requirement.split(";")[0].split(">")[0].strip()
        assert f"| {name} |" in reasons, name


def test_every_file_and_every_test_that_the_page_on_security_names_is_there() -> None:
    parts = (ROOT / "docs/security.md").read_text("utf-8").replace("```", "").split("`")[1::2]
    named = [part for part in parts if "/" in part and part.split("/")[0] in NAMED_FOLDERS]
    tests = [part.partition("::") for part in named if part.startswith("tests/")]
    assert len(tests) > 60
    assert [path for part in named if not (ROOT / (path := part.partition("::")[0])).is_file()] == []
    assert [name for path, _, name in tests if f"def {name}(" not in (ROOT / path).read_text("utf-8") and name] == []


def test_every_file_that_the_readme_links_to_is_there() -> None:
    targets = [part.split(")")[0] for part in README.split("](")[1:]]
    local = [target for target in targets if "://" not in target]
    assert local
    assert [target for target in local if not (ROOT / target).exists()] == []
