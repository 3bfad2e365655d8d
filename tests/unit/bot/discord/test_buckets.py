"""How fast Discord may be asked: what headers teach, and what is never exceeded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.buckets import A_SECOND, MOST, SOON, TEN_MINUTES, TURN, VAIN, Buckets, Window
from papers.errors import RetryAfter

POST, OTHER = "POST /channels/{channel}/messages", "GET /channels/{channel}/messages"


def told(left: int, reset: float, name: str = "posts") -> dict[str, str]:
    """Headers."""
    return {"X-RateLimit-Remaining": str(left), "X-RateLimit-Reset-After": str(reset), "X-RateLimit-Bucket": name}


def wait(buckets: Buckets, major: str, now: float, route: str = POST) -> tuple[float, str] | None:
    """What keeps a request from being asked; it is answered at once."""
    held = buckets.take(route, major, now)
    if held is None:
        buckets.over(now)
    return None if held is None else (round(held.seconds, 6), held.scope)


@pytest.fixture
def buckets() -> Buckets:
    return Buckets()


def test_a_bucket_that_is_empty_is_waited_for_and_others_are_not(buckets: Buckets) -> None:
    assert wait(buckets, "1", 0.0) is None
    buckets.heard(POST, "1", 200, told(0, 5.0), 0.0)
    assert wait(buckets, "1", 2.0) == (3.0, "channel")
    assert wait(buckets, "2", 2.0) is None
    assert wait(buckets, "1", 2.0, OTHER) is None
    assert wait(buckets, "1", 5.0) is None


def test_what_is_left_is_counted_before_the_answers_come(buckets: Buckets) -> None:
    buckets.heard(POST, "1", 200, told(2, 5.0), 0.0)
    assert [wait(buckets, "1", 1.0) for _ in range(3)] == [None, None, (4.0, "channel")]


def test_an_answer_that_comes_late_gives_nothing_back(buckets: Buckets) -> None:
    buckets.heard(POST, "1", 200, told(2, 5.0), 0.0)
    assert [wait(buckets, "1", 1.0) for _ in range(2)] == [None, None]
    buckets.heard(POST, "1", 200, told(1, 4.0), 1.1)  # the first of the two; the second is on its way
    assert wait(buckets, "1", 1.1) == (4.0, "channel")


def test_a_new_window_is_a_new_count(buckets: Buckets) -> None:
    buckets.heard(POST, "1", 200, told(0, 5.0), 0.0)
    assert wait(buckets, "1", 5.1) is None
    buckets.heard(POST, "1", 200, told(4, 5.0), 5.1)
    assert wait(buckets, "1", 5.2) is None


def test_routes_that_share_a_bucket_share_what_is_left(buckets: Buckets) -> None:
    buckets.heard(OTHER, "1", 200, told(1, 5.0), 0.0)
    buckets.heard(POST, "1", 200, told(0, 5.0), 0.1)
    assert wait(buckets, "1", 1.0, OTHER) == (4.1, "channel")


@pytest.mark.parametrize("headers", [{}, {"X-RateLimit-Remaining": "?", "X-RateLimit-Reset-After": "1"}], ids=str)
def test_headers_that_say_nothing_hold_nothing_up(buckets: Buckets, headers: dict[str, str]) -> None:
    buckets.heard(POST, "1", 200, headers, 0.0)
    assert wait(buckets, "1", 0.0) is None


def test_being_asked_to_wait_is_obeyed_without_asking_again(buckets: Buckets) -> None:
    buckets.hold(POST, "1", RetryAfter(7.0), 0.0)
    assert wait(buckets, "1", 1.0) == (6.0, "channel")
    assert wait(buckets, "2", 1.0) is None
    buckets.hold(POST, "1", RetryAfter(3.0, "platform"), 1.0)
    assert wait(buckets, "2", 1.0, OTHER) == (3.0, "platform")
    assert wait(buckets, "2", 4.0, OTHER) is None


def test_what_was_asked_in_vain_stops_everything_long_before_the_ban(buckets: Buckets) -> None:
    for number in range(VAIN):
        assert not buckets.is_breaking(number / 10)
        buckets.heard(POST, "1", (401, 403, 429)[number % 3], {}, number / 10)
    now = VAIN / 10
    assert buckets.is_breaking(now)
    assert wait(buckets, "2", now) == (TEN_MINUTES - now, "platform")
    assert wait(buckets, "2", TEN_MINUTES) is None


@pytest.mark.parametrize(("status", "scope"), [(429, "shared"), (404, "user"), (400, "user"), (500, "user")])
def test_what_is_not_counted_against_us_stops_nothing(buckets: Buckets, status: int, scope: str) -> None:
    for number in range(2 * VAIN):
        buckets.heard(POST, "1", status, {"X-RateLimit-Scope": scope}, number / 1000)
    assert wait(buckets, "1", 2.0) is None


def test_buckets_that_are_full_again_are_forgotten(buckets: Buckets) -> None:
    for number in range(3 * MOST):
        buckets.heard(POST, str(number), 200, told(0, 5.0), float(number))
    assert len(buckets._buckets) <= MOST + 1
    assert wait(buckets, str(3 * MOST - 1), 3.0 * MOST) == (4.0, "channel")


gaps = st.lists(st.floats(0, 0.2), max_size=400)


@given(gaps=gaps, takes=st.lists(st.floats(0, 0.5), min_size=1, max_size=9))
def test_no_more_than_fifty_arrive_in_any_second_whenever_they_do_until_they_are_answered(
    gaps: list[float], takes: list[float]
) -> None:
    buckets, now, spans = Buckets(), 0.0, list[tuple[float, float]]()
    flying: list[float] = []
    for number, gap in enumerate(gaps):
        now += gap
        while True:
            for answered in sorted(one for one in flying if one <= now):
                buckets.over(answered)
                flying.remove(answered)
            held = buckets.take(POST, "1", now)
            if held is None:
                break
            now += held.seconds
        spans.append((now, now + takes[number % len(takes)]))
        flying.append(spans[-1][1])
    for earlier, later in zip(spans, spans[A_SECOND:], strict=False):
        assert later[0] - earlier[0] >= TURN - 1e-6
    for asked, _ in spans:  # all that may arrive in the second before this one is asked, itself included
        assert sum(begun <= asked < over + TURN - 1e-6 for begun, over in spans) <= A_SECOND


def test_what_is_on_its_way_counts_until_it_was_answered(buckets: Buckets) -> None:
    for _ in range(A_SECOND):
        assert buckets.take(POST, "1", 0.0) is None
    assert wait(buckets, "1", 9.0) == (SOON, "platform")
    buckets.over(9.0)
    assert wait(buckets, "1", 9.5) == (TURN - 0.5, "platform")
    assert wait(buckets, "1", 9.0 + TURN) is None


@given(most=st.integers(1, 5), seconds=st.floats(0.1, 10), gaps=gaps)
def test_a_window_lets_through_as_many_as_it_may_and_no_more(most: int, seconds: float, gaps: list[float]) -> None:
    window, now, times = Window(most, seconds), 0.0, list[float]()
    for gap in gaps:
        now += gap
        recent = [one for one in times[-most:] if now - one < seconds]
        assert (window.wait(now) > 1e-9) == (len(recent) == most and recent[0] + seconds - now > 1e-9)
        if window.wait(now) <= 0:
            window.add(now)
            times.append(now)
