"""What a paper gained between two tellings, and the days that a trend looks at."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from papers.model import Paper
from papers.trends import KEPT, Gain, gain, gained_in, listed_in
from tests.builders import TODAY, paper

DAY = timedelta(days=1)
CODE = "https://github.com/x/y"
LONG_AGO = TODAY - KEPT - DAY


@pytest.mark.parametrize(
    ("before", "after", "gained"),
    [
        (None, paper(upvotes=7, day=TODAY - 3 * DAY), Gain(TODAY - 3 * DAY, 7, 0)),
        (None, paper(upvotes=7, day=LONG_AGO + DAY), Gain(LONG_AGO + DAY, 7, 0)),
        (None, paper(upvotes=7, day=LONG_AGO), None),
        (None, paper(upvotes=7, day=None), None),
        (None, paper(code_url=CODE, code_stars=4_000), None),
        (paper(upvotes=7), paper(upvotes=9), Gain(TODAY, 2, 0)),
        (paper(upvotes=7, day=LONG_AGO), paper(upvotes=9, day=LONG_AGO), Gain(TODAY, 2, 0)),
        (paper(upvotes=9), paper(upvotes=7), Gain(TODAY, -2, 0)),
        (paper(upvotes=7), paper(upvotes=7, organization="A Lab"), None),
        (paper(code_url=CODE, code_stars=10), paper(code_url=CODE, code_stars=15), Gain(TODAY, 0, 5)),
        (paper(), paper(code_url=CODE, code_stars=4_000), None),
        (paper(code_url="https://github.com/x/z", code_stars=10), paper(code_url=CODE, code_stars=4_000), None),
        (
            paper(sources=("https://rss.arxiv.org/rss/cs.LG",), day=TODAY - 9 * DAY),
            paper(sources=("https://rss.arxiv.org/rss/cs.LG", "huggingface"), upvotes=80, day=TODAY - 9 * DAY),
            Gain(TODAY - 9 * DAY, 80, 0),
        ),
    ],
)
def test_a_gain_is_what_was_told_since_or_came_with_the_papers_day(
    before: Paper | None, after: Paper, gained: Gain | None
) -> None:
    assert gain(before, after, TODAY) == gained


def test_a_period_ends_with_its_last_day_and_no_gain_is_of_today_alone() -> None:
    assert listed_in("day", TODAY) == [TODAY]
    assert gained_in("day", TODAY) == [TODAY - DAY, TODAY]
    assert listed_in("week", date(2026, 3, 3))[0] == date(2026, 2, 25)
    assert len(gained_in("month", TODAY)) == len(listed_in("month", TODAY)) == 30
