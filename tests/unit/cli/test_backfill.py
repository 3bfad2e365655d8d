"""What `paperboy backfill` and `stats` say of the archive's past, and which words they refuse."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pytest
from rich.console import Console

from cli.backfill import Asked, fill
from cli.stats import count
from cli.stats_page import show
from papers.errors import UsageError
from papers.settings import Settings
from papers.stores.server import Server
from tests.conftest import NOW
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from workers.wiring import Workshop

FEED = "https://blog.example/feed"
TODAY = date(2026, 11, 21)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        running.day("2025-03-02", [item("2503.00001", "Diffusion")])
        yield running


@pytest.fixture
def workshop(server: Server, upstream: Upstream) -> Workshop:
    settings = Settings.model_construct(hf_endpoint=upstream.url, paperboy_sources=("huggingface", FEED))
    return Workshop(settings, server)


def said(workshop: Workshop, *words: str, terminal: bool = False) -> tuple[bool, str]:
    """Whether nothing is missing then, and what was printed; words are since, until and sources."""
    since, until, *sources = words
    asked = Asked(since, until, tuple(sources))
    shown = io.StringIO()
    console = Console(file=shown, width=200, force_terminal=terminal)
    return fill(workshop, asked, asked.span(TODAY), console), shown.getvalue()


def stats(workshop: Workshop) -> str:
    shown = io.StringIO()
    show(count(workshop.core), Console(file=shown, width=200), NOW)
    return shown.getvalue()


def test_what_came_is_told_and_of_a_feed_that_it_has_no_past(workshop: Workshop) -> None:
    done, told = said(workshop, "2025-03-01", "2025-03-02")
    assert done
    assert f"{FEED} has no past" in told
    assert "huggingface: 2 days stored, 1 of them without papers; 1 paper, 1 of them new" in told
    assert "2025-03-02 to 2025-03-02, 1 day with papers" in stats(workshop)
    assert "huggingface: 2025-03-01 to 2025-03-02, no day missing" in stats(workshop)


def test_a_day_that_is_missing_is_named_and_so_is_what_mends_it(workshop: Workshop, upstream: Upstream) -> None:
    upstream.fail("404")
    done, told = said(workshop, "2025-03-01", "2025-03-02", "huggingface")
    assert not done
    assert "2025-03-02 is missing: 127.0.0.1 answered 404" in told
    assert "of them" not in told.partition("no days stored")[2].partition("run it again")[0]
    assert "run it again: `paperboy backfill --since 2025-03-01 --until 2025-03-02 huggingface`" in told
    mend = "1 of 2 days missing: `paperboy backfill --since 2025-03-02`"
    assert mend in stats(workshop)
    assert said(workshop, "2025-03-01", "2025-03-02")[0]
    assert "missing:" not in stats(workshop)


def test_days_that_nobody_asked_for_between_others_are_missing_too(workshop: Workshop) -> None:
    said(workshop, "2025-03-01", "2025-03-02")
    said(workshop, "2025-03-06", "2025-03-06")
    assert "2025-03-01 to 2025-03-06, 3 of 6 days missing: `paperboy backfill --since 2025-03-03`" in stats(workshop)
    (backfilled,) = count(workshop.core)["archive"]["backfilled"]
    (missing,) = backfilled["missing"]
    assert [f"{day}" for day in missing.values()] == ["2025-03-03", "2025-03-05"]


def test_days_before_the_past_begins_are_left_out_and_that_is_said(workshop: Workshop) -> None:
    done, told = said(workshop, "2023-01-01", "2023-05-04")
    assert done
    assert "huggingface begins with 2023-05-04: days before it are left out" in told
    assert "1 day to ask for from 2023-05-04 back to 2023-05-04" in told
    assert said(workshop, "2023-01-01", "2023-05-03")[0]


def test_on_a_terminal_a_wait_is_counted_down(workshop: Workshop, upstream: Upstream) -> None:
    upstream.fail("429", retry_after="1")
    done, told = said(workshop, "2025-03-02", "2025-03-02", terminal=True)
    assert done
    assert "asks to wait 1 s; again in 1 s" in told


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("yesterday", "2025-03-02"), "yesterday is not a date"),
        (("2025-03-01", "soon"), "soon is not a date"),
        (("2025-03-02", "2025-03-01"), "2025-03-01 is before 2025-03-02"),
        (("2026-11-22", "2026-11-23"), "2026-11-22 is in the future"),
        (("2025-03-01", "2025-03-02", "https://nowhere.example/feed"), "is not a source here"),
        (("2025-03-01", "2025-03-02", "hugingface"), "hugingface is not a source here"),
        (("2025-03-01", "2025-03-02", FEED), "there is no past"),
    ],
)
def test_wrong_words_are_refused_and_nothing_is_asked(
    workshop: Workshop, upstream: Upstream, words: tuple[str, ...], why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        said(workshop, *words)
    assert upstream.requests == []
