"""What is wrong with a feed, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from papers.errors import (
    SourceError,
    SourceForbidden,
    SourceLimited,
    SourceMalformed,
    SourceStatus,
    SourceTooLarge,
    SourceUnreachable,
)
from papers.trouble import Trouble, fault, remedy
from papers.wording.subscriptions import trouble_text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SourceStatus("lab.org answered 404 @everyone", status=404), "answers 404"),
        (SourceLimited("x", retry_after=5), "asks to wait"),
        (SourceTooLarge("x"), "too long"),
        (SourceMalformed("x"), "no feed"),
        (SourceForbidden("x"), "not read"),
        (SourceUnreachable("x"), "does not answer"),
    ],
)
def test_each_kind_of_failure_has_its_words_and_none_of_the_far_sides(error: SourceError, said: str) -> None:
    assert said in fault(error)
    assert "@everyone" not in fault(error)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SourceStatus("x", status=404), "in a browser"),
        (SourceStatus("x", status=410), "in a browser"),
        (SourceStatus("x", status=403), "login"),
        (SourceStatus("x", status=500), "try again later"),
        (SourceStatus("x", status=503), "try again later"),
        (SourceLimited("x", retry_after=5), "after that time"),
        (SourceTooLarge("x"), "shorter"),
        (SourceMalformed("x"), "RSS or Atom"),
        (SourceUnreachable("x"), "spelling"),
        (SourceForbidden("x", advice="use a public address"), "use a public address"),
    ],
)
def test_each_kind_of_failure_says_what_to_change(error: SourceError, said: str) -> None:
    assert said in remedy(error)


def test_a_paused_feed_is_told_from_one_that_fails() -> None:
    since = datetime(2026, 11, 3, 23, 59, tzinfo=UTC)
    assert trouble_text(Trouble("answers 404", since, paused=True)) == "paused: answers 404 since Tue 3 Nov"
    assert trouble_text(Trouble("answers 404", since)) == "failing: answers 404 since Tue 3 Nov"
