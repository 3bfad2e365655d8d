"""Names that are nearly a setting's: refused in .env, told of in the environment, and others' left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from cli.context import doubt_names
from papers.errors import SettingsError
from papers.settings import Settings, doubtful

CLOSE = [
    ("REDIS_URI", "REDIS_URL"),
    ("HF_ENDPONT", "HF_ENDPOINT"),
    ("LOG_LEVL", "LOG_LEVEL"),
    ("EMBEDING_MODEL", "EMBEDDING_MODEL"),
    ("HTTPPORT", "HTTP_PORT"),
    ("SUMMARY_API_BASE", "SUMMARY_API_BASE_URL"),
    ("MAILFROM", "MAIL_FROM"),
]
OTHERS = "HTTP_PROXY HTTPS_PROXY NO_PROXY LOG_DIR HF_HOME MAIL POSTGRES_PASSWORD REDIS_HOST REDIS_PORT REDIS_USER"
OTHERS += (
    " VALKEY_PASSWORD COMPOSE_PROFILES COMPOSE_PROJECT_NAME EXTRAS SMTP_USERNAME DISCORD_TOKEN OPENAI_API_KEY DB_PORT"
)


@pytest.mark.parametrize(("name", "meant"), CLOSE)
def test_a_close_name_is_refused_in_the_file_and_told_of_in_the_environment(
    name: str, meant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".env").write_text(f"{name}=1\n")
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert caught.value.problems == (f"{name}: no such setting, did you mean {meant}?",)
    Path(".env").unlink()
    monkeypatch.setenv(name, "hunter2")
    Settings.load()
    with capture_logs() as said:
        doubt_names()
    (told,) = said
    assert told["log_level"] == "warning"
    assert told["problem"] == f"{name}: no setting of Paperboy's, did you mean {meant}?"


def test_other_programs_names_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("".join(f"{name}=1\n" for name in OTHERS.split()))
    Settings.load()
    Path(".env").unlink()
    for name in OTHERS.split():
        monkeypatch.setenv(name, "1")
    Settings.load()
    assert doubtful() == []


def test_what_is_set_was_not_meant_by_a_name_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("LOG_LEVEL=info\nLOGLEVEL=1\n")
    monkeypatch.setenv("LOG_LEVELS", "1")
    assert Settings.load().log_level == "info"
    assert doubtful() == []
