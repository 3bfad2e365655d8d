"""Edits, whatever the platform: the same message, shown anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from papers.errors import Rejected
from tests.builders import paper
from tests.contract.test_poster import Rig, ask, digest, find, looking_rig, post

__all__ = ["looking_rig"]


@pytest.mark.parametrize("in_thread", [True, False])
def test_an_edit_shows_a_message_anew_where_it_stands(looking_rig: Rig, *, in_thread: bool) -> None:
    one, risen = paper(1, upvotes=3), paper(1, upvotes=640, code_stars=70)
    head, edited = digest(looking_rig, one), digest(looking_rig, one, number=2)
    thread = post(looking_rig, head, one).message_id if in_thread else None
    if in_thread:
        edited = replace(edited, kind="more", parent=head.id)
    receipt = post(looking_rig, edited, one, thread=thread)
    before = looking_rig.shown()
    for _ in range(2):  # doing it twice does no more than once
        ask(looking_rig, lambda poster: poster.edit(edited, {one.id: risen}, receipt.message_id, thread))
        assert (looking_rig.shown()[:-1], len(looking_rig.shown())) == (before[:-1], len(before))
        assert "640" in looking_rig.shown()[-1]
        assert "640" not in before[-1]
    assert looking_rig.alive() == []
    found = find(looking_rig, edited, thread)
    assert found
    assert found.message_id == receipt.message_id  # it can be known again as ever


def test_a_message_that_is_not_there_cannot_be_edited_and_none_comes_of_it(looking_rig: Rig) -> None:
    one = paper(1)
    message = post(looking_rig, digest(looking_rig, one), one).message_id
    gone = str(int(float(message)) + 1)
    with pytest.raises(Rejected):
        ask(looking_rig, lambda poster: poster.edit(digest(looking_rig, one, number=2), {one.id: one}, gone, None))
    assert len(looking_rig.shown()) == 1
