"""What each of Slack's refusals comes to."""

from __future__ import annotations

import pytest

from bot.slack.errors import BLOCKS, CLOSED, LATER, NO_THREAD, REFUSED, UNSURE, No, Refused, meaning
from papers.errors import RetryAfter, Unknown


@pytest.mark.parametrize("name", CLOSED)
def test_a_channel_that_is_closed_is_refused_for_good_with_what_to_do_about_it(name: str) -> None:
    error = meaning(No(200, name))
    assert isinstance(error, Refused)
    assert error.suspends
    assert error.name == name
    assert " " in error.reason
    assert "{" not in error.reason


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_message_closes_no_channel(name: str) -> None:
    error = meaning(No(200, name))
    assert isinstance(error, Refused)
    assert not error.suspends
    assert REFUSED[name] in error.reason
    assert name in error.reason


@pytest.mark.parametrize("name", LATER)
def test_what_passes_is_waited_for_in_the_whole_workspace(name: str) -> None:
    error = meaning(No(200, name))
    assert isinstance(error, RetryAfter)
    assert (error.seconds, error.scope) == (LATER[name], "workspace")


@pytest.mark.parametrize("name", sorted(UNSURE))
@pytest.mark.parametrize("status", [200, 500, 503])
def test_what_may_have_been_done_is_unknown(name: str, status: int) -> None:
    assert isinstance(meaning(No(status, name)), Unknown)


@pytest.mark.parametrize("no", [No(500), No(502), No(200), No(404), No(503, "channel_not_found")], ids=str)
def test_an_answer_that_is_not_slacks_own_says_nothing(no: No) -> None:
    assert isinstance(meaning(no), Unknown)


@pytest.mark.parametrize("no", [No(429, "ratelimited", 7.0), No(429, "", 7.0), No(429, "fatal_error", 7.0)], ids=str)
def test_a_429_is_waited_out_as_long_as_it_says(no: No) -> None:
    error = meaning(no)
    assert isinstance(error, RetryAfter)
    assert (error.seconds, error.scope) == (7.0, "workspace")


def test_a_429_that_does_not_say_how_long_is_waited_out_for_a_while() -> None:
    error = meaning(No(429))
    assert isinstance(error, RetryAfter)
    assert error.seconds == LATER["ratelimited"]


def test_a_name_that_nobody_knows_refuses_the_message_and_is_told() -> None:
    error = meaning(No(200, "brand_new_error"))
    assert isinstance(error, Refused)
    assert not error.suspends
    assert "brand_new_error" in error.reason


def test_a_missing_permission_is_named() -> None:
    assert "`im:write`" in str(meaning(No(200, "missing_scope", needed="im:write")))
    assert "`chat:write`" in str(meaning(No(200, "missing_scope")))


def test_no_name_stands_in_two_tables() -> None:
    names = [*CLOSED, *REFUSED, *LATER, *UNSURE]
    assert len(names) == len(set(names))
    assert set(REFUSED) >= BLOCKS | NO_THREAD
