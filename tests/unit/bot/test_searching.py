"""The words after `search`: what narrows and orders it, papers by their names, and how each is got wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.commands import Search, parse
from bot.terminal.render import plain, render_error
from papers.errors import QueryError, UsageError

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def days_ago(days: int) -> date:
    return NOW.date() - timedelta(days=days)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("diffusion since:30d page:2", Search("diffusion", days_ago(30), 2)),
        ('"state space" since:30d', Search('"state space"', days_ago(30))),
        ("since:4w diffusion -survey", Search("diffusion -survey", days_ago(28))),
        ("SINCE:4W diffusion", Search("diffusion", days_ago(28))),
        ("mamba since:2026-10-01", Search("mamba", date(2026, 10, 1))),
        ("mamba Since:Yesterday before:today", Search("mamba", days_ago(1), before=NOW.date())),
        ("mamba before:2026-11-01", Search("mamba", before=date(2026, 11, 1))),
        ("Before:yesterday mamba", Search("mamba", before=days_ago(1))),
        ("mamba since:fri", Search("mamba", days_ago(3))),
        ("mamba before:2w", Search("mamba", before=days_ago(14))),
        ("HAS:code mamba sort:Top", Search("mamba", code=True, sort="top")),
        ("mamba sort:top sort:new since:1w", Search("mamba", days_ago(7), sort="new")),
        ("since:7d sort:top", Search("", days_ago(7), sort="top")),
        ("has:code sort:new page:2", Search("", None, 2, code=True, sort="new")),
        ("cat:cs.CV since:7d", Search("cat:cs.CV", days_ago(7))),
        ("2607.21557", Search("2607.21557")),
        ("<https://arxiv.org/pdf/2607.21557v2>", Search("https://arxiv.org/pdf/2607.21557v2")),
        ("https://hf.co/papers/2607.21557 page:1", Search("https://hf.co/papers/2607.21557")),
        ("-survey", Search("-survey")),
        ("深層学習 since:1d", Search("深層学習", days_ago(1))),
    ],
)
def test_what_narrows_a_search_stands_anywhere(text: str, expected: Search) -> None:
    assert parse(f"search {text}", NOW) == expected


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("", None),
        ("page:2", None),
        ("😀", None),
        ("😀 sort:new", None),
        ("mamba since:2026-11-01 before:2026-11-01", None),
        ("before:30d since:7d", None),
        ("mamba since:3651d", None),
        ("mamba since:soon", None),
        ("mamba " * 100, None),
        ("mamba since:yesterdya", "mamba since:yesterday"),
        ("mamba since:2026-02-30", "mamba since:2026-02-28"),
        ("mamba before:4", "mamba before:4d"),
        ("see https://arxiv.org/abs/2607.21557", 'see "https://arxiv.org/abs/2607.21557"'),
    ],
)
def test_what_is_wrong_is_told_in_a_line(text: str, suggestion: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        parse(f"search {text}", NOW)
    error = caught.value
    assert len(f"{error} {error.advice}") < 250
    assert error.suggestion == (f"/papers search {suggestion}" if suggestion else None)


def test_a_text_that_is_too_long_for_a_query_is_sent_to_similar() -> None:
    with pytest.raises(UsageError, match="at most 500 characters, this one has 7,989") as caught:
        parse("search " + "attention " * 799, NOW)
    assert "similar FREE TEXT" in caught.value.advice


@pytest.mark.parametrize("command", ["search", "subscribe", "test", "edit 3"])
@pytest.mark.parametrize("query", ["\N{PARROT}", "?!.", '""', "*", "AND", "OR", "NOT", "-"])
def test_a_query_of_nothing_is_told_what_to_change_by_every_command_alike(command: str, query: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(f"{command} {query}", NOW)
    assert caught.value.advice
    assert (caught.value.query, caught.value.position, caught.value.suggestion) == (query, 0, None)
    assert caught.value.advice.split("`")[0] in plain(render_error(caught.value))


def test_since_a_day_that_has_not_come_yet_there_is_nothing_to_find() -> None:
    tomorrow = (NOW.date() + timedelta(days=1)).isoformat()
    with pytest.raises(UsageError, match="has not come yet") as caught:
        parse(f"search diffusion since:{tomorrow}", NOW)
    assert caught.value.advice
    assert parse("search diffusion since:today", NOW) == Search("diffusion", NOW.date())
