"""When a paper is matched again, and when its cards are edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.model import Destination
from papers.revising import SPREAD, Riser, Shown, asks_again, edits, mark, rose, turn
from tests.builders import GENERAL, paper
from tests.conftest import NOW

CODE = "https://github.com/lab/code"
LOOKED_AT: dict[str, Any] = {
    "title": "Another title",
    "abstract": "An abstract.",
    "authors": ("Ada",),
    "organization": "Lab",
    "categories": ("cs.LG",),
    "sources": ("huggingface", "https://example.org/feed"),
}
NOT_LOOKED_AT: dict[str, Any] = {
    "upvotes": 500,
    "code_url": CODE,
    "code_stars": 900,
    "thumbnail": "https://example.org/x.png",
    "ai_summary": "Short.",
}

papers = st.builds(
    paper, upvotes=st.integers(0, 2000), code_stars=st.integers(0, 2000), code_url=st.sampled_from([None, CODE])
)


def shown(delivery: str, *, one: int = 1, reached: str = "16↑", where: Destination = GENERAL) -> Shown:
    return Shown(Riser(paper(one).id, reached, NOW), where, delivery)


@pytest.mark.parametrize("field", LOOKED_AT)
def test_what_a_subscription_looks_at_has_a_paper_matched_again(field: str) -> None:
    assert asks_again(paper(), replace(paper(), **{field: LOOKED_AT[field]}))


@pytest.mark.parametrize("field", NOT_LOOKED_AT)
def test_what_no_subscription_looks_at_does_not(field: str) -> None:
    assert not asks_again(paper(), replace(paper(), **{field: NOT_LOOKED_AT[field]}))


def test_a_paper_that_was_not_known_neither_asks_again_nor_rises() -> None:
    assert not asks_again(None, paper(organization="Lab"))
    assert not rose(None, paper(upvotes=900, code_url=CODE))


@pytest.mark.parametrize(
    ("before", "after", "is_much"),
    [
        ({"upvotes": 0}, {"upvotes": 15}, False),
        ({"upvotes": 15}, {"upvotes": 16}, True),
        ({"upvotes": 16}, {"upvotes": 31}, False),
        ({"upvotes": 31}, {"upvotes": 32}, True),
        ({"upvotes": 40}, {"upvotes": 900}, True),
        ({"code_stars": 1}, {"code_stars": 63}, False),
        ({"code_stars": 63}, {"code_stars": 64}, True),
        ({"code_stars": 127}, {"code_stars": 128}, True),
        ({}, {"code_url": CODE}, True),
        ({"code_url": CODE}, {"code_url": CODE, "code_stars": 9}, False),
        ({"code_url": CODE}, {"code_url": CODE + "2"}, False),
        ({"upvotes": 64}, {"upvotes": 63}, False),
        ({"upvotes": 64}, {"upvotes": 60, "code_url": CODE}, True),
    ],
)
def test_a_paper_rises_by_powers_of_two_and_by_code(
    before: dict[str, Any], after: dict[str, Any], *, is_much: bool
) -> None:
    assert rose(paper(**before), paper(**after)) == is_much


@given(before=papers, after=papers)
def test_a_paper_that_rises_has_another_mark(before: Any, after: Any) -> None:
    assert not rose(before, after) or mark(before) != mark(after)
    assert rose(before, after) or rose(after, before) or mark(before) == mark(after)


@given(st.lists(st.integers(0, 100_000), min_size=2, max_size=60))
def test_however_often_it_is_told_a_paper_rises_no_oftener_than_there_are_steps(upvotes: list[int]) -> None:
    told = [paper(upvotes=number) for number in sorted(upvotes)]
    assert sum(rose(old, new) for old, new in pairwise(told)) <= 13  # from 2**4 to 2**16


def test_a_mark_tells_the_steps() -> None:
    assert mark(paper(upvotes=15, code_stars=0)) == ""
    assert mark(paper(upvotes=200, code_stars=70)) == "128↑ code 64★"


def test_a_message_with_several_risers_is_edited_once() -> None:
    (edit,) = edits([shown("a" * 24), shown("a" * 24, one=2)], NOW)
    assert (edit.kind, edit.parent, edit.destination, edit.items) == ("edit", "a" * 24, GENERAL, ())


def test_each_message_that_shows_a_riser_has_its_own_edit() -> None:
    elsewhere = Destination("slack", "T1", "C1")
    made = edits([shown("a" * 24), shown("b" * 24), shown("a" * 24, where=elsewhere)], NOW)
    assert len({edit.id for edit in made}) == 3


def test_the_same_decision_makes_the_same_edit_and_another_step_makes_another() -> None:
    first, second = shown("a" * 24), shown("a" * 24, one=2)
    (edit,), (again,) = edits([first, second], NOW), edits([second, first], NOW + timedelta(minutes=5))
    (higher,) = edits([replace(first, riser=replace(first.riser, mark="32↑")), second], NOW)
    (alone,) = edits([first], NOW)
    assert edit.id == again.id
    assert len({edit.id, higher.id, alone.id}) == 3
    assert len(edit.id) == 24


def test_slacks_workspaces_take_turns_apart_and_discords_guilds_together() -> None:
    slack, other = (turn(Destination("slack", team, "C1")) for team in ("T1", "T2"))
    assert slack[0] != other[0]
    assert slack[1] == SPREAD["slack"] > 60 / 50
    assert turn(Destination("discord", "1", "2")) == turn(Destination("discord", "3", "4"))


def test_what_was_mailed_is_not_edited() -> None:
    assert edits([shown("a" * 24, where=Destination("email", "local", "0" * 24))], NOW) == []
