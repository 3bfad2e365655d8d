"""The image's recipe keeps what it says; hadolint, in .ci/run, looks at its style."""

from __future__ import annotations

import json
import re
import subprocess
import sys

from structlog.testing import capture_logs

from cli.health import Health, announce
from papers.pulse import Pulse
from papers.settings import Settings
from papers.stores.server import Server
from tests.repository import ROOT
from tests.unit.deploy.files import DEPLOY, DIGEST, PORT, VERSION, dockerfile, unknown

RECIPE = dockerfile()


def test_both_stages_stand_on_one_image_pinned_by_its_digest() -> None:
    assert re.search(rf"^ARG PYTHON_IMAGE=python:3\.\d+\.\d+-slim-\w+{DIGEST}$", RECIPE, re.MULTILINE)
    assert re.findall(r"^FROM (\S+)", RECIPE, re.MULTILINE) == ["${PYTHON_IMAGE}"] * 2


def test_whatever_is_installed_has_a_hash_that_is_checked() -> None:
    assert "pip install --require-hashes -r deploy/build-requirements.txt" in RECIPE
    assert "uv sync --locked" in RECIPE
    tools = (DEPLOY / "build-requirements.txt").read_text("utf-8")
    assert all("==" in line for line in re.findall(r"^[a-z].*$", tools, re.MULTILINE))
    assert tools.count("--hash=sha256:") > len(re.findall(r"^[a-z]", tools, re.MULTILINE))


def test_it_runs_as_a_numbered_user_who_is_not_root() -> None:
    assert re.findall(r"^USER (.*)$", RECIPE, re.MULTILINE) == ["10001:10001"]
    assert RECIPE.index("USER 10001") < RECIPE.index("ENTRYPOINT")


def test_signals_reach_paperboy_itself_and_it_is_up_without_a_command() -> None:
    assert 'ENTRYPOINT ["paperboy"]\nCMD ["up"]' in RECIPE
    assert "STOPSIGNAL SIGTERM" in RECIPE


def test_its_environment_is_of_settings_that_there_are() -> None:
    environment = re.search(r"^ENV PATH=(.*)$", RECIPE, re.MULTILINE)
    assert environment
    variables = re.findall(r"(\w+)=", environment[1])
    own = [name for name in variables if not name.startswith(("PYTHON", "XDG_", "HOME"))]
    assert own
    assert unknown(own) == []
    assert f"HTTP_PORT={PORT}" in environment[1]
    assert "HOME=/data" in environment[1]  # slack_sdk asks for it when it is imported, and another user may have none


def test_its_label_tells_the_version_that_is_built() -> None:
    assert f"ARG VERSION={VERSION}\n" in RECIPE


def test_all_that_is_copied_reaches_the_builder_and_secrets_do_not() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert ignored[1] == "*"
    assert ignored[-1] == "**/.*"  # the last word: no .env that lies in a room either
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        name for sources in re.findall(r"^COPY (?!--from)(.*) \S+$", RECIPE, re.MULTILINE) for name in sources.split()
    }
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)
    assert not any(name.startswith((".", "tests")) for name in let_in)


def test_the_health_check_is_content_with_a_role_that_answers_and_with_nothing_else() -> None:
    found = re.search(r"^HEALTHCHECK .*CMD (\[.*\])$", RECIPE, re.MULTILINE)
    assert found
    python, *words = json.loads(found[1])
    assert python == "python"
    server = Server("unix:///nowhere")
    with capture_logs() as logs:
        announce(Health("worker fetch", Settings(), server, Pulse()), Settings())
    port = logs[0]["http"].rpartition(":")[2]
    assert _ended(words, port) == 0
    assert _ended([word.replace("/healthz", "/readyz") for word in words], port) == 1
    assert _ended(words, "1") == 1
    server.close()


def _ended(words: list[str], port: str) -> int:
    """The check's exit status where the role answers at another port."""
    assert str(PORT) in words[-1]
    command = [sys.executable, *words[:-1], words[-1].replace(str(PORT), port)]
    return subprocess.run(command, check=False, capture_output=True).returncode  # noqa: S603 - the recipe's own words
