"""docs/deploy.md names only what there is."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.repository import ROOT
from tests.unit.deploy.files import FOREIGN, parse, platform_secrets, unknown

PAGE = (ROOT / "docs/deploy.md").read_text("utf-8")
BLOCKS = "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
COMMANDS = re.findall(r"(?<!-[nu] )(?<![\w/.@:=-])(?:/opt/paperboy/bin/)?paperboy ([a-z][^#<>\n]*)", BLOCKS)


def test_commands_are_found() -> None:
    assert {words.split()[0] for words in COMMANDS} >= {"doctor", "backup", "restore", "stats", "poll"}


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_every_command_is_one_that_there_is(command: str) -> None:
    parse(shlex.split(command.partition(">")[0]))


def test_every_file_that_it_names_is_there() -> None:
    linked = [target for target in re.findall(r"\]\(([^)]+)\)", PAGE) if "://" not in target]
    typed = re.findall(r"(?<!/)\bdeploy/[\w/@.-]+\w", BLOCKS)
    made = {"deploy/.env", "deploy/kubernetes/secret.yaml"}
    kubectl = {"deploy/match", "deploy/slack"}  # its word for a Deployment
    assert linked
    assert typed
    assert [target for target in linked if not (ROOT / "docs" / target).exists()] == []
    assert [target for target in typed if target not in made | kubectl and not (ROOT / target).exists()] == []


def test_every_variable_that_it_sets_is_a_setting() -> None:
    named = set(re.findall(r"`((?:[A-Z]+_)+[A-Z]+)\b", PAGE)) | set(re.findall(r"\b([A-Z_]+)=", BLOCKS))
    assert named & platform_secrets()
    assert unknown(sorted(named - {"COMPOSE_PROFILES", "PATH"})) == []
    assert named & FOREIGN


def test_the_files_that_it_has_secrets_written_into_are_hidden_from_git() -> None:
    assert {".env", "deploy/kubernetes/secret.yaml"} <= set((ROOT / ".gitignore").read_text("utf-8").splitlines())
