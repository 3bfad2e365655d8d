"""The units keep what they say; systemd-analyze looks at them in .ci/run, where it is installed."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from tests.unit.deploy.files import DEPLOY, parse, unknown

UNITS = {file.name: file.read_text("utf-8") for file in (DEPLOY / "systemd").glob("*.service")}
ROLES = [("worker", "fetch"), ("worker", "match"), ("bot", "slack"), ("bot", "discord")]


def _values(unit: str, name: str) -> list[str]:
    return [line.partition("=")[2] for line in UNITS[unit].splitlines() if line.startswith(f"{name}=")]


def test_there_is_a_unit_for_everything_and_one_for_each_role() -> None:
    assert set(UNITS) == {"paperboy.service", "paperboy@.service"}


def test_both_are_shut_in_alike() -> None:
    whole, role = (
        [line for line in UNITS[name].splitlines() if line.startswith(("Protect", "Private", "Restrict", "SystemCall"))]
        for name in ("paperboy.service", "paperboy@.service")
    )
    assert len(whole) > 15
    assert whole == role


@pytest.mark.parametrize("unit", UNITS)
def test_their_environment_is_of_settings_that_there_are(unit: str) -> None:
    (environment,) = _values(unit, "Environment")
    variables = [pair.partition("=")[0] for pair in environment.split()]
    assert unknown([name for name in variables if name != "XDG_CACHE_HOME"]) == []


def test_the_whole_is_a_command_that_there_is() -> None:
    (command,) = _values("paperboy.service", "ExecStart")
    parse(command.split()[1:])


@pytest.mark.parametrize("role", ROLES, ids=" ".join)
@pytest.mark.parametrize("options", [[], ["--shard", "2"]], ids=["plain", "with options"])
def test_what_stands_behind_the_at_sign_becomes_the_role_s_words(
    role: tuple[str, ...], options: list[str], tmp_path: Path
) -> None:
    shown = tmp_path / "paperboy"
    shown.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    shown.chmod(0o700)
    (command,) = _values("paperboy@.service", "ExecStart")
    words = shlex.split(command.replace("/opt/paperboy/bin/paperboy", str(shown)).replace("$$", "$"))
    assert words[-2:] == ["%i", "$OPTIONS"]  # systemd splits such a word, and leaves it out where it is not set
    told = subprocess.run([*words[:-2], "-".join(role), *options], check=True, capture_output=True, text=True)  # noqa: S603 - the unit's own words
    assert told.stdout.split() == [*role, *options]
    parse([*role])
