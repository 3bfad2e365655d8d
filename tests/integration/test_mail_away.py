"""What an operator is told while the mail server is away: `paperboy email` and `paperboy stats` at a shell."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from cli.main import app
from papers.model import Destination
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import subscription

AWAY = "the mail server 127.0.0.1 does not answer"


@pytest.fixture(autouse=True)
def _settings(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", server.url)
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("SMTP_PORT", "1")
    monkeypatch.setenv("SMTP_SECURITY", "none")
    monkeypatch.setenv("MAIL_FROM", "papers@example.org")
    monkeypatch.setenv("PAPERBOY_PUBLIC_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PORT", "9")


def said(*words: str) -> str:
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0
    return " ".join(done.output.split())


def test_a_mail_that_waits_says_since_when_why_and_until_when(stores: Stores) -> None:
    invited = said("email", "invite", "ada@example.org")
    assert "invited: mail waits since" in invited
    assert f"UTC: {AWAY}; it is tried again at" in invited
    (row,) = json.loads(said("email", "list", "--json"))
    assert f"{AWAY}; it is tried again at" in row["last"]
    stores.channels.add(subscription(destination=Destination("email", row["workspace"], row["id"])))  # as if confirmed
    assert f"1 held up: {AWAY}" in said("stats")
