"""`stats` for people: sections, and what to do where something waits for somebody."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from rich.console import Console

from cli.stats_page import ago, show
from papers.redaction import fingerprint
from tests.conftest import NOW

FEED = "https://lab.example/s3cret.xml"
SOURCE: dict[str, Any] = {
    "name": "huggingface",
    "polled_at": NOW - timedelta(minutes=12),
    "day": "2026-03-10",
    "failures": 0,
    "error": None,
    "next": NOW + timedelta(minutes=3),
    "paused": False,
}
COUNTED: dict[str, Any] = {
    "papers": 14,
    "archive": {"first": None, "last": None, "days": 0, "backfilled": []},
    "embedded": {"model": "", "mark": None},
    "sources": [SOURCE],
    "channels": 2,
    "subscriptions": 1,
    "waiting": 0,
    "deliveries": {},
    "held_up": {},
    "queues": {"paperboy-fetch": 0},
    "running": [],
}


def shown(**changes: Any) -> str:
    out = io.StringIO()
    show({**COUNTED, **changes}, Console(file=out, width=200), NOW)
    return out.getvalue()


def test_an_empty_place_says_what_there_is_and_how_to_begin() -> None:
    said = shown()
    assert [line for line in said.splitlines() if line and not line.startswith(" ")] == [
        "Papers",
        "Sources",
        "Channels",
        "Deliveries",
        "Queues",
        "Running",
    ]
    assert "huggingface: polled 12 minutes ago, newest day 2026-03-10; next in 3 minutes" in said
    for part in ("2 channels with 1 subscription", "none yet", "no job waits", "nothing; `paperboy up`"):
        assert part in said


@pytest.mark.parametrize("channels", [0, 2])
def test_where_nothing_is_subscribed_to_it_says_so_and_how_to(channels: int) -> None:
    said = shown(channels=channels, subscriptions=0)
    assert "nobody subscribed to anything yet; `paperboy say '/papers subscribe WORDS'`" in said
    assert "channels with" not in said


def test_deliveries_that_wait_for_somebody_say_what_to_do() -> None:
    said = shown(deliveries={"dead": 2, "parked": 1, "sent": 1200})
    assert "    1,200 sent\n" in said
    assert "  ! 1 parked: they may be out, and nobody can say: `/papers log`" in said
    assert "  ! 2 dead: they were refused for good" in said


def test_a_source_that_fails_says_how_and_one_that_was_given_up_how_to_try_again() -> None:
    failing = {**SOURCE, "name": FEED, "failures": 3, "error": "SourceStatus: answers 404"}
    said = shown(sources=[failing, {**failing, "paused": True, "next": None}])
    assert f"  ! {FEED} (…~{fingerprint(FEED)} in logs): fails, 3 times in a row: SourceStatus: answers 404" in said
    assert f"  ✗ {FEED} (…~{fingerprint(FEED)} in logs): given up after SourceStatus: answers 404" in said


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(seconds=30), "in a moment"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(minutes=119), "in 119 minutes"),
        (timedelta(hours=-5), "5 hours ago"),
        (timedelta(days=-2), "2026-03-09 08:00 UTC"),
    ],
)
def test_times_are_told_from_now(apart: timedelta, said: str) -> None:
    assert ago(NOW + apart, NOW) == said
