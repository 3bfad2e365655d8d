"""What each of Discord's refusals comes to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.errors import (
    BLOCKED,
    CLOSED,
    LATER,
    LIMITED,
    LONGEST,
    MENDING,
    NO_THREADS,
    PLATFORM,
    REFUSED,
    THREAD,
    TOKEN,
    No,
    Refused,
    in_thread,
    meaning,
    no,
)
from papers.errors import DeliveryError, RetryAfter, Unknown


def waits(error: DeliveryError) -> tuple[float, str]:
    assert isinstance(error, RetryAfter)
    return error.seconds, error.scope


@pytest.mark.parametrize("code", CLOSED)
@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_channel_that_is_closed_is_refused_for_good_with_the_reason(code: int, status: int) -> None:
    error = meaning(No(status, code))
    assert isinstance(error, Refused)
    assert error.suspends
    assert error.code == code
    assert error.reason == CLOSED[code]


@pytest.mark.parametrize("code", [*REFUSED, 0, 30007, 999999])
def test_a_refused_message_closes_no_channel(code: int) -> None:
    error = meaning(No(400, code))
    assert isinstance(error, Refused)
    assert not error.suspends
    assert error.reason == f"{REFUSED.get(code, 'Discord refused the message')} ({code})"


@pytest.mark.parametrize("code", LATER)
def test_what_passes_is_waited_for(code: int) -> None:
    assert waits(meaning(No(403, code))) == (LATER[code], "platform" if code in PLATFORM else "channel")


@pytest.mark.parametrize("no", [No(401, 0), *(No(403, code) for code in sorted(TOKEN))], ids=str)
def test_a_token_that_is_not_accepted_suspends_nothing(no: No) -> None:
    assert waits(meaning(no)) == (MENDING, "platform")


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({}, {"retry_after": 7.25, "global": False, "code": 0}, (7.25, "channel")),
        ({"X-RateLimit-Scope": "shared"}, {"retry_after": 7.25}, (7.25, "channel")),
        ({}, {"retry_after": 0.5, "global": True}, (0.5, "platform")),
        ({"X-RateLimit-Scope": "global"}, {"retry_after": 0.5}, (0.5, "platform")),
        ({"Retry-After": "9"}, {}, (9.0, "channel")),
        ({"Retry-After": "9"}, {"retry_after": "soon"}, (9.0, "channel")),
        ({}, {"retry_after": 1e9}, (LONGEST, "channel")),
        ({}, {"retry_after": -1, "code": 20028}, (0.0, "channel")),
        ({}, {}, (LIMITED, "channel")),
        ({}, None, (BLOCKED, "platform")),
        ({"Retry-After": "120"}, None, (120.0, "platform")),
        ({"Retry-After": "120"}, [], (120.0, "platform")),
    ],
)
def test_a_429_is_waited_out_as_long_as_it_says_by_whom_it_concerns(
    headers: dict[str, str], body: Any, expected: tuple[float, str]
) -> None:
    assert waits(meaning(no(429, headers, body))) == expected


def test_who_is_kept_from_discord_by_cloudflare_waits_for_the_ban_to_end() -> None:
    assert waits(meaning(no(403, {}, None))) == (BLOCKED, "platform")


@pytest.mark.parametrize("status", [200, 204, 301, 500, 502, 503, 524])
@pytest.mark.parametrize("body", [None, {}, {"code": 50001}, {"code": 40004}, "text"])
def test_what_may_have_been_done_is_unknown(status: int, body: Any) -> None:
    assert isinstance(meaning(no(status, {}, body)), Unknown)


@pytest.mark.parametrize("status", [400, 404, 407, 413])
def test_a_refusal_that_is_not_discords_own_says_nothing(status: int) -> None:
    assert isinstance(meaning(no(status, {}, None)), Unknown)


@pytest.mark.parametrize("code", THREAD)
def test_a_thread_that_is_gone_closes_no_channel(code: int) -> None:
    error = in_thread(Refused("whatever", No(404, code), suspends=True))
    assert not error.suspends
    assert error.reason == THREAD[code]


@pytest.mark.parametrize("code", NO_THREADS)
def test_a_channel_without_threads_is_closed_and_the_way_out_is_named(code: int) -> None:
    error = in_thread(Refused("whatever", No(403, code)))
    assert error.suspends
    assert "replies flat" in error.reason


def test_any_other_refusal_means_the_same_in_a_thread() -> None:
    error = Refused("the message is not valid", No(400, 50035))
    assert in_thread(error) is error


def test_the_hints_say_where_in_the_message_the_trouble_is() -> None:
    leaf = {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 4000 or fewer in length."}]}
    body = {"code": 50035, "errors": {"components": {"0": {"content": leaf}}, "_errors": [{"message": "All of it."}]}}
    assert no(400, {}, body).hints == ("components.0.content: Must be 4000 or fewer in length.", ".: All of it.")


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["code", "errors", "_errors", "a"]), inner),
)


@given(status=st.integers(100, 599), body=json, header=st.text())
def test_no_answer_breaks_the_reading_of_it(status: int, body: Any, header: str) -> None:
    error = meaning(no(status, {"Retry-After": header, "X-RateLimit-Scope": header}, body))
    assert isinstance(error, DeliveryError)
    if isinstance(error, RetryAfter):
        assert 0 <= error.seconds <= LONGEST
