"""The drill of docs/deploy.md, as it stands there, in the directory of an operator whose Slack is set up."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from papers.model import Channel, Destination
from papers.stores.backup_file import KeptChannel, write
from tests.builders import subscription
from tests.e2e.processes import Home
from tests.fakes.entries import item
from tests.fakes.slack import StrictSlack
from tests.fakes.upstream import Upstream
from tests.repository import ROOT

PAGE = (ROOT / "docs/deploy.md").read_text("utf-8")
GONE = "redis://127.0.0.1:1"
"""The operator's server: whoever looks for it is noticed."""


@pytest.fixture
def slack() -> Iterator[StrictSlack]:
    with StrictSlack() as running:
        running.channel("C1", members=["U1"])
        yield running


@pytest.fixture
def home(tmp_path: Path, slack: StrictSlack) -> Iterator[Home]:
    """An operator's directory: a `.env` with Slack's tokens, a paper to be posted, and a backup that wants it."""
    tokens = {
        "SLACK_BOT_TOKEN": slack.install(),
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_BASE_URL": slack.api_url,
    }
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in tokens.items()))
    channel = Destination("slack", "T1", "C1")
    with (tmp_path / "backup.jsonl").open("wb") as file:
        write(
            [KeptChannel(Channel(channel), (subscription(query="diffusion", destination=channel),), 1)],
            file,
            datetime.now(UTC),
        )
    with Upstream() as upstream:
        upstream.day(datetime.now(UTC).date().isoformat(), [item("2603.00001", "Diffusion for maps", upvotes=3)])
        with Home(tmp_path, upstream.url).cleared() as made:
            yield made


def test_the_drill_as_documented_touches_neither_the_operators_server_nor_slack(home: Home, slack: StrictSlack) -> None:
    with (home.folder / ".env").open("a") as file:
        file.write(f"REDIS_URL={GONE}\n")
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (drill,) = (block for block in blocks if "paperboy poll" in block)
    folder = home.folder / "bin"
    folder.mkdir()
    command = folder / "paperboy"
    command.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" HF_ENDPOINT="{home.endpoint}" exec "{sys.executable}" -m cli "$@"\n'
    )
    command.chmod(0o700)
    environment = home.environment(PATH=f"{folder}:/usr/bin:/bin", TMPDIR=str(home.folder), REDIS_URL=GONE)
    ran = subprocess.run(  # noqa: S603 - our own page
        ["/bin/sh", "-e", "-c", drill],
        cwd=home.folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert re.search(rf"restored 1 subscription, .* into the data directory {home.folder}/.*/data;", ran.stderr)
    assert "1 matched, 1 messages planned, none posted (--no-post)" in ran.stdout
    assert slack.counts == {}


def test_a_poll_sends_nothing_where_it_is_told_so_and_posts_to_slack_where_it_is_not(
    home: Home, slack: StrictSlack
) -> None:
    assert home.run("restore", "backup.jsonl").status == 0
    assert "1 messages planned, none posted (--no-post)" in home.run("poll", "--no-post").out
    assert slack.counts == {}
    assert "0 messages planned, 1 posted by this command" in home.run("poll").out
    assert "Diffusion for maps" in str(slack.messages("C1"))
