"""Lessons in Redis: they come and go with the votes, and workers are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papers.lesson import Lesson
from papers.model import Destination
from papers.stores.lessons import KEPT
from papers.wiring import Stores
from tests.builders import GENERAL, lesson
from tests.conftest import NOW

ROBOTS, GRAPHS = "3:0a1b2c3d", "4:0a1b2c3d"
RANDOM = Destination("terminal", "local", "random")


def of(stores: Stores, where: Destination = GENERAL) -> list[Lesson]:
    return list(stores.lessons.of([where]).get(where, ()))


def test_a_vote_keeps_its_lesson_with_the_counts(stores: Stores) -> None:
    stores.votes.toggle(GENERAL, lesson("1", ROBOTS, GRAPHS), "ada", 1)
    assert of(stores) == [lesson("1", ROBOTS, GRAPHS, up=1)]
    stores.votes.toggle(GENERAL, lesson("1", ROBOTS, GRAPHS), "bob", 1)
    stores.votes.toggle(GENERAL, lesson("1", ROBOTS, GRAPHS), "eve", -1)
    assert of(stores) == [lesson("1", ROBOTS, GRAPHS, up=2, down=1)]


def test_each_channel_has_its_own_lessons_and_many_are_read_at_once(stores: Stores) -> None:
    stores.votes.toggle(GENERAL, lesson("1", ROBOTS), "ada", 1)
    stores.votes.toggle(RANDOM, lesson("2", GRAPHS), "ada", -1)
    silent = Destination("terminal", "local", "silent")
    assert stores.lessons.of([GENERAL, silent, RANDOM]) == {
        GENERAL: (lesson("1", ROBOTS, up=1),),
        RANDOM: (lesson("2", GRAPHS, down=1),),
    }
    assert stores.lessons.of([]) == {}


def test_a_lesson_for_no_topic_is_not_kept_and_tells_no_worker(stores: Stores) -> None:
    stores.votes.toggle(GENERAL, lesson("1"), "ada", 1)
    assert of(stores) == []
    assert stores.channels.last_change() == "0-0"


def test_votes_that_turn_round_turn_the_lesson_even_where_the_paper_is_near_no_more(stores: Stores) -> None:
    stores.votes.toggle(GENERAL, lesson("1", ROBOTS), "ada", 1)
    stores.votes.toggle(GENERAL, lesson("1"), "ada", -1)
    assert of(stores) == [lesson("1", ROBOTS, down=1)]


def test_a_later_vote_says_anew_what_the_paper_teaches_and_whom(stores: Stores) -> None:
    stores.votes.toggle(GENERAL, lesson("1", ROBOTS), "ada", 1)
    later = lesson("1", GRAPHS, words={}, at=NOW + timedelta(hours=1))
    stores.votes.toggle(GENERAL, later, "bob", 1)
    assert of(stores) == [replace(later, up=2)]


def test_votes_that_are_even_teach_nothing(stores: Stores) -> None:
    for user, way in (("ada", 1), ("bob", -1)):
        stores.votes.toggle(GENERAL, lesson("1", ROBOTS), user, way)  # type: ignore[arg-type] # 1 or -1
    assert of(stores) == []
    stores.votes.toggle(GENERAL, lesson("1", ROBOTS), "bob", -1)  # taken back
    assert of(stores) == [lesson("1", ROBOTS, up=1)]


def test_workers_are_told_of_each_vote_that_teaches_and_of_forgetting(stores: Stores) -> None:
    before = stores.channels.last_change()
    stores.votes.toggle(GENERAL, lesson("1", ROBOTS), "ada", 1)
    voted, after_vote = stores.channels.changes(before)
    stores.lessons.forget(GENERAL, 9)
    assert stores.channels.changes(after_vote)[0] == []
    stores.lessons.forget(GENERAL, 3)
    assert voted == stores.channels.changes(after_vote)[0] == [GENERAL]


def test_a_subscription_forgets_what_it_learned_and_no_other_does(stores: Stores) -> None:
    stores.votes.toggle(GENERAL, lesson("1", ROBOTS), "ada", 1)
    stores.votes.toggle(GENERAL, lesson("2", ROBOTS, GRAPHS), "ada", 1)
    stores.votes.toggle(GENERAL, lesson("3", "33:0a1b2c3d"), "ada", 1)
    assert stores.lessons.forget(GENERAL, 3) == 2
    assert of(stores) == [lesson("2", GRAPHS, up=1), lesson("3", "33:0a1b2c3d", up=1)]
    assert stores.lessons.forget(GENERAL, 3) == 0
    assert stores.votes.totals(GENERAL) == (3, 0)


def test_a_new_vote_teaches_what_was_forgotten_anew(stores: Stores) -> None:
    stores.votes.toggle(GENERAL, lesson("1", ROBOTS), "ada", 1)
    stores.lessons.forget(GENERAL, 3)
    stores.votes.toggle(GENERAL, lesson("1", ROBOTS), "bob", 1)
    assert of(stores) == [lesson("1", ROBOTS, up=2)]


def test_only_the_newest_lessons_are_kept(stores: Stores) -> None:
    for number in range(KEPT):
        told = lesson(f"{number:03}", ROBOTS, at=NOW + timedelta(minutes=number))
        stores.votes.toggle(GENERAL, told, "ada", 1)
    stores.votes.toggle(GENERAL, lesson("000", ROBOTS, at=NOW + timedelta(days=1)), "bob", 1)
    stores.votes.toggle(GENERAL, lesson("new", ROBOTS, at=NOW + timedelta(days=2)), "ada", 1)
    kept = [one.paper for one in of(stores)]
    assert kept == [*(f"{number:03}" for number in range(2, KEPT)), "000", "new"]


PRESSES = st.lists(
    st.tuples(
        st.sampled_from("12"), st.sampled_from("abc"), st.sampled_from([1, -1]), st.sampled_from([(), (ROBOTS,), "3"])
    ),
    max_size=20,
)


@given(PRESSES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lessons_are_what_votes_and_forgetting_say(
    stores: Stores, presses: list[tuple[str, str, Literal[1, -1], tuple[str, ...] | str]]
) -> None:
    stores.server.call("FLUSHALL")
    expected: dict[str, Lesson] = {}
    for paper, user, way, topics in presses:
        if isinstance(topics, str):
            assert stores.lessons.forget(GENERAL, int(topics)) == len(expected)
            expected.clear()
            continue
        _, up, down = stores.votes.toggle(GENERAL, lesson(paper, *topics), user, way)
        if up == down:
            expected.pop(paper, None)
        elif topics or paper in expected:
            expected[paper] = replace(lesson(paper, ROBOTS), up=up, down=down)
    assert {one.paper: one for one in of(stores)} == expected
