"""What is logged while a server is away: enough to know, not a thousand lines."""

from __future__ import annotations

import logging

from cli.context import OncePerOutage


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


def test_every_other_line_is_told() -> None:
    told = OncePerOutage()
    assert all(told.filter(record("Worker %s: something else", 100)) for _ in range(3))
