"""What is logged: a line an event, ours and libraries' alike, without secrets; of an outage enough, not a thousand."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from cli.logs import OncePerOutage, set_up_logs, with_platform
from papers.settings import Settings

SECRET = "MTExhunter2.opaque"  # noqa: S105 - looks like nothing, so only the settings know that it is one
SETTINGS = Settings(discord_bot_token=SecretStr(SECRET), redis_url=SecretStr("redis://:p%40ssw0rd!@cache:6379"))


@pytest.fixture
def _as_before() -> Iterator[None]:
    """Logging as it was, after the test set up its own."""
    root, kept = logging.getLogger(), structlog.get_config()
    handlers, level, hooks = root.handlers[:], root.level, (sys.excepthook, threading.excepthook)
    yield
    logging.captureWarnings(capture=False)
    structlog.configure(**kept)
    root.handlers[:], root.level = handlers, level
    sys.excepthook, threading.excepthook = hooks


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def fail() -> None:
    hidden = f"local {SECRET[:6]}"
    raise ValueError(f"https://discord.example/webhooks/{SECRET} of {len(hidden)}")


@pytest.mark.usefixtures("_as_before")
def test_json_lines_are_typed_and_have_no_secret_in_them_whoever_wrote_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs(SETTINGS.model_copy(update={"log_format": "json"}))
    structlog.get_logger().info("polled", source=f"https://a.example/{SECRET}", new=3, channel="slack:T1:C1")
    logging.getLogger("rq.worker").error("no %s at redis://:p%%40ssw0rd!@cache:6379/0 (p@ssw0rd!)", SECRET)
    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("a page broke")
        logging.getLogger("slack_bolt").exception("Failed to run listener for\n%s", SECRET)
    ours, theirs, broke, bolt = lines(capsys)
    assert (ours["event"], ours["level"], ours["new"], ours["platform"]) == ("polled", "info", 3, "slack")
    assert ours["source"].startswith("https://a.example/…~")
    assert (theirs["logger"], theirs["level"]) == ("rq.worker", "error")
    assert theirs["event"] == "no [redacted] at [redacted]/0 ([redacted])"
    assert "ValueError: https://discord.example/…~" in broke["exception"]
    assert "\\n" in bolt["event"]
    for line in (ours, theirs, broke, bolt):
        assert not any(part in str(line) for part in (SECRET, "p@ssw0rd", "p%40ssw0rd", "local MTExhu"))


@pytest.mark.usefixtures("_as_before")
@pytest.mark.parametrize("form", ["console", "json"])
def test_what_nobody_caught_is_told_without_secrets_too(capsys: pytest.CaptureFixture[str], form: str) -> None:
    set_up_logs(SETTINGS.model_copy(update={"log_format": form}))
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    said = capsys.readouterr().err
    assert "crashed" in said
    assert "ValueError" in said
    assert SECRET not in said
    assert "local MTExhu" not in said


def test_a_line_about_a_channel_names_its_platform() -> None:
    assert with_platform(None, "", {"channel": "discord:G:C"})["platform"] == "discord"
    assert "platform" not in with_platform(None, "", {"channel": "general"})


def record(template: str, created: float) -> logging.LogRecord:
    """A line as RQ logs it, at that second."""
    made = logging.makeLogRecord({"msg": template})
    made.created = created
    return made


def test_attempts_to_reach_a_server_that_is_away_are_told_once_a_minute() -> None:
    told = OncePerOutage()
    away = "Worker %s: could not connect to Redis instance: %s. retrying in %d seconds..."
    assert [told.filter(record(away, second)) for second in (100, 101, 130, 159.9, 160, 161)] == [
        True,
        False,
        False,
        False,
        True,
        False,
    ]


def test_attempts_to_reach_slack_are_told_once_a_minute_without_a_traceback_and_apart_from_redis() -> None:
    told = OncePerOutage()
    attempts = [
        "Failed to retrieve WSS URL: server error 503",
        "Failed to check the current session (s_1) or reconnect to the server (error: SlackApiError)",
        "Failed to connect (error: refused); Retrying...",
        "Failed to receive or enqueue a message: ClientConnectionError, closed (s_1)",
        "Worker %s: could not connect to Redis instance: %s. retrying in %d seconds...",
        "Failed to run a request listener: ours (s_1)",
    ]
    made = [record(attempt, 100) for attempt in attempts]
    for one in made:
        one.name, one.exc_info = "slack.socket", (ValueError, ValueError(), None)
    assert [told.filter(one) for one in made] == [True, False, False, False, True, True]
    assert (made[0].exc_info is None, made[-1].exc_info is None) == (True, False)
    assert told.filter(record("Failed to connect", 101))  # somebody else's


def test_every_other_line_is_told() -> None:
    told = OncePerOutage()
    assert all(told.filter(record("Worker %s: something else", 100)) for _ in range(3))
