"""The sentences, one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.model import Heading, Paper, Reason, Schedule, Want
from papers.text import shorten
from papers.wording.authors import authors_text, initialled
from papers.wording.badges import badges
from papers.wording.dates import schedule_text, when_text
from papers.wording.headings import heading_text
from papers.wording.numbers import count, share_text, short_number
from papers.wording.reasons import reason_parts, reason_text
from papers.wording.sources import bare_url
from papers.wording.subscriptions import label, volume_text

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("want", "expected"),
    [
        (Want(query="diffusion -survey"), "diffusion -survey"),
        (
            Want(query="diffusion -survey", topic="efficient LLM inference", per_day=3.0),
            "diffusion -survey about: efficient LLM inference ~3/day",
        ),
        (Want(topic="robots", per_day=5 / 7), "about: robots ~5/week"),
        (Want(topic="robots", per_day=1.5), "about: robots ~1.5/day"),
        (Want(topic="robots", per_day=0.0001), "about: robots ~0.01/week"),
        (Want(trending=5), "trending top:5"),
        (Want(feed="https://lab.org/feed.xml", query="agents"), "https://lab.org/feed.xml agents"),
    ],
)
def test_a_label_is_what_one_would_type(want: Want, expected: str) -> None:
    assert label(want) == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Reason(words=("diffusion",), without=("survey",)), "matches diffusion, -survey"),
        (Reason(words=("state space", "mamba")), "matches state space, mamba"),
        (Reason(without=("survey",)), "matches -survey"),
        (Reason(topic="efficient LLM inference", share=0.01), "top 1% for efficient LLM inference"),
        (Reason(topic="robots"), "about robots"),
        (Reason(trending=2), "#2 of the day's most upvoted"),
        (Reason(feed="https://lab.org/feed.xml"), "from the feed lab.org/feed.xml"),
        (
            Reason(words=("agents",), topic="tool use", share=0.003, feed="https://lab.org/"),
            "matches agents; top 0.3% for tool use; from the feed lab.org",
        ),
        (Reason(), ""),
    ],
)
def test_a_reason_reads_as_a_sentence(reason: Reason, expected: str) -> None:
    assert reason_text(reason) == expected


def test_what_decided_is_emphasised_and_what_was_excluded_is_not() -> None:
    parts = reason_parts(Reason(words=("diffusion",), without=("survey",), topic="robots", share=0.02))
    assert [text for text, emphasised in parts if emphasised] == ["diffusion", "robots"]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.01, "top 1%"),
        (0.014, "top 2%"),
        (0.07, "top 7%"),
        (0.003, "top 0.3%"),
        (0.00001, "top 0.1%"),
        (1, "top 100%"),
    ],
)
def test_a_share_is_rounded_to_the_modest_side(share: float, expected: str) -> None:
    assert share_text(share) == expected


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Schedule(), "as soon as papers come"),
        (Schedule("daily", "09:00", "UTC"), "every day at 09:00 UTC"),
        (Schedule("daily", "09:00", "Europe/Berlin", weekdays=True), "every weekday at 09:00 Europe/Berlin"),
        (Schedule("weekly", "17:30", "Asia/Tokyo", weekday=6), "every Sunday at 17:30 Asia/Tokyo"),
    ],
)
def test_a_schedule_is_spelt_out(schedule: Schedule, expected: str) -> None:
    assert schedule_text(schedule) == expected


@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        (datetime(2026, 11, 24, 8, tzinfo=UTC), "Europe/Berlin", "tomorrow, Tue 24 Nov at 09:00 (Europe/Berlin)"),
        (datetime(2026, 11, 23, 14, 59, tzinfo=UTC), "Asia/Tokyo", "today, Mon 23 Nov at 23:59 (Asia/Tokyo)"),
        (datetime(2026, 11, 23, 15, 1, tzinfo=UTC), "Asia/Tokyo", "tomorrow, Tue 24 Nov at 00:01 (Asia/Tokyo)"),
        (datetime(2026, 11, 22, 9, tzinfo=UTC), "UTC", "yesterday, Sun 22 Nov at 09:00 (UTC)"),
        (datetime(2026, 12, 1, 9, tzinfo=UTC), "UTC", "Tue 1 Dec at 09:00 (UTC)"),
        (datetime(2027, 1, 4, 9, tzinfo=UTC), "UTC", "Mon 4 Jan 2027 at 09:00 (UTC)"),
    ],
)
def test_an_instant_is_told_on_the_calendar_of_its_readers(at: datetime, zone: str, expected: str) -> None:
    assert when_text(at, zone, NOW) == expected


@pytest.mark.parametrize(
    ("authors", "organization", "expected"),
    [
        (("Ashish Vaswani",), None, "A. Vaswani"),
        (("Ashish Vaswani", "Noam M. Shazeer"), None, "A. Vaswani and N. M. Shazeer"),
        (("Ashish Vaswani", "Noam Shazeer", "Niki Parmar"), "Google", "A. Vaswani et al. (Google)"),
        ((), "Google", "Google"),
        ((), None, ""),
    ],
)
def test_authors_are_named_in_short(authors: tuple[str, ...], organization: str | None, expected: str) -> None:
    assert authors_text(Paper("1", "T", authors=authors, organization=organization)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Vaswani, Ashish", "A. Vaswani"),
        ("Jean-Luc Picard", "J.-L. Picard"),
        ("Ludwig van Beethoven", "L. van Beethoven"),
        ("Sammy Davis Jr.", "S. Davis Jr."),
        ("Sammy Davis, Jr.", "S. Davis, Jr."),
        ("J.R.R. Tolkien", "J.R.R. Tolkien"),
        ("Plato", "Plato"),
        ("DeepSeek-AI", "DeepSeek-AI"),
        ("Qwen Team", "Qwen Team"),
        ("王 小明", "王 小明"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_family_name_and_initials(name: str, expected: str) -> None:
    assert initialled(name) == expected


def test_badges_tell_upvotes_code_and_each_source_once() -> None:
    paper = Paper(
        "1",
        "T",
        sources=(
            "huggingface",
            "https://rss.arxiv.org/rss/cs.LG",
            "https://rss.arxiv.org/rss/cs.CL",
            "https://lab.org/f",
        ),
        upvotes=120,
        code_url="https://github.com/x/y",
        code_stars=3_412,
    )
    assert badges(paper) == ("⬆ 120", "code ★ 3.4k", "Hugging Face", "arXiv", "lab.org")


def test_code_without_stars_is_still_a_badge_and_nothing_known_is_none() -> None:
    assert badges(Paper("1", "T", code_url="https://x")) == ("code",)
    assert badges(Paper("1", "T")) == ()


def test_a_host_that_only_ends_like_arxiv_is_not_arxiv() -> None:
    assert badges(Paper("1", "T", sources=("https://notarxiv.org/feed",))) == ("notarxiv.org",)


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0"), (999, "999"), (1_000, "1k"), (3_412, "3.4k"), (12_345, "12k"), (999_499, "999k"), (999_500, "1M")],
)
def test_big_numbers_are_short(number: int, expected: str) -> None:
    assert short_number(number) == expected


@pytest.mark.parametrize(
    ("total", "days", "expected"),
    [
        (14, 30, "14 papers in the last 30 days, about 3 a week"),
        (90, 30, "90 papers in the last 30 days, about 3 a day"),
        (30, 30, "30 papers in the last 30 days, about 1 a day"),
        (1, 30, "1 paper in the last 30 days, less than one a week"),
        (0, 30, "no papers in the last 30 days"),
        (1_204, 1, "1,204 papers in the last day"),
    ],
)
def test_a_volume_is_told_as_a_habit(total: int, days: int, expected: str) -> None:
    assert volume_text(total, days) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1, "14 papers on 3 Nov 2026"),
        (30, "14 papers between 5 Oct and 3 Nov 2026, about 3 a week"),
        (320, "14 papers between 19 Dec 2025 and 3 Nov 2026, less than one a week"),
    ],
)
def test_a_window_that_is_long_past_is_named_by_its_days(days: int, expected: str) -> None:
    assert volume_text(14, days, date(2026, 11, 3)) == expected


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ((), "Tue 10 Nov · 7 papers"),
        (("diffusion",), "Tue 10 Nov · 7 papers for diffusion"),
        (("diffusion", "mamba"), "Tue 10 Nov · 7 papers for diffusion and mamba"),
        (("diffusion", "mamba", "trending top:5"), "Tue 10 Nov · 7 papers for diffusion and 2 other subscriptions"),
    ],
)
def test_a_headline_says_the_day_how_many_and_for_what(labels: tuple[str, ...], expected: str) -> None:
    assert heading_text(Heading(date(2026, 11, 10), 7, labels), "digest") == expected


def test_an_empty_day_says_why_in_its_only_line() -> None:
    heading = Heading(date(2026, 11, 14), 0, ("diffusion",), "no list at the weekend")
    assert heading_text(heading, "empty") == "Sat 14 Nov · no papers for diffusion: no list at the weekend"


def test_a_notice_is_its_note() -> None:
    assert heading_text(Heading(date(2026, 11, 14), 0, (), "broken"), "notice") == "Sat 14 Nov · broken"


def test_replies_say_what_they_hold() -> None:
    heading = Heading(date(2026, 11, 10), 7)
    assert heading_text(heading, "more") == "Tue 10 Nov · 7 more papers"
    assert heading_text(heading, "abstracts") == "Tue 10 Nov · abstracts of 7 papers"


def test_a_long_label_does_not_drown_the_headline() -> None:
    assert len(heading_text(Heading(date(2026, 11, 10), 7, ("about: " + "word " * 400,)), "digest")) < 100


@given(st.text(), st.integers(1, 50))
def test_shortened_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit or short == text
    assert text.startswith(short.removesuffix("…"))


def test_shortening_prefers_whole_words() -> None:
    assert shorten("efficient inference of models", 22) == "efficient inference…"


def test_an_address_is_bared_for_reading_only() -> None:
    assert bare_url("https://www.lab.org/feed/") == "lab.org/feed"
    assert bare_url("not an address") == "not an address"


def test_counting_knows_none_one_and_many() -> None:
    assert [count(n, "paper") for n in (0, 1, 2, 1_204)] == ["no papers", "1 paper", "2 papers", "1,204 papers"]


@given(st.lists(st.text(), max_size=3), st.text(), st.text())
def test_quoted_text_never_breaks_a_line_or_steers_a_terminal(words: list[str], topic: str, name: str) -> None:
    said = (
        reason_text(Reason(words=tuple(words), topic=topic)),
        authors_text(Paper("1", "T", authors=(name,), organization=topic)),
        heading_text(Heading(date(2026, 11, 10), 1, (topic, name), name), "empty"),
        *badges(Paper("1", "T", sources=(name,))),
    )
    steers = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not [c for text in said for c in text if category(c) in steers and c not in "\u200c\u200d"]
