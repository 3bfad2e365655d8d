"""Which of the feeds that are due are fetched now."""

from __future__ import annotations

from workers.rounds import Candidate, choose

ROOM = {False: 2, True: 1}
A, B, C = Candidate("a/1", "a"), Candidate("b/1", "b"), Candidate("c/1", "c")
BROKEN = [Candidate(f"{host}/broken", host, ailing=True) for host in ("x", "y", "z")]


def test_what_is_due_for_longest_goes_first() -> None:
    assert choose([A, B, C], (), ROOM) == [A, B]


def test_a_host_is_asked_for_one_feed_at_a_time() -> None:
    crowd = [Candidate(f"a/{number}", "a") for number in range(1_000)]
    assert choose([*crowd, B], (), ROOM) == [crowd[0], B], "and its crowd hides no other"
    assert choose([*crowd, B], {"a"}, ROOM) == [B]


def test_the_slow_and_the_broken_wait_among_themselves() -> None:
    assert choose([*BROKEN, A, B], (), ROOM) == [BROKEN[0], A, B]
    assert choose([*BROKEN, A, B], (), {False: 2, True: 0}) == [A, B]
    assert choose([A, *BROKEN], (), {False: 0, True: 3}) == BROKEN


def test_where_nothing_is_due_or_there_is_no_room_nothing_is_fetched() -> None:
    assert choose([], (), ROOM) == []
    assert choose([A, *BROKEN], (), {False: 0, True: 0}) == []
