"""Answers that were lost, whatever the platform: looked for where it tells what it took, else left to the reader."""

from __future__ import annotations

from dataclasses import replace

import pytest

from papers.errors import Rejected, Unverifiable
from papers.wiring import Stores
from tests.builders import paper
from tests.contract.test_poster import Rig, ask, digest, drain, find, looking_rig, post, silent_rig
from tests.contract.trouble import Trouble
from tests.integration.outboxes import put, time_passes

__all__ = ["looking_rig", "silent_rig"]


@pytest.mark.parametrize("taken", [True, False])
@pytest.mark.parametrize("in_thread", [True, False])
def test_a_message_whose_answer_was_lost_stands_there_once(
    looking_rig: Rig, stores: Stores, *, taken: bool, in_thread: bool
) -> None:
    head, delivery = digest(looking_rig), digest(looking_rig, number=2)
    if in_thread:
        delivery = replace(delivery, kind="more", parent=head.id)
        put(stores, head)
        ask(looking_rig, lambda poster: drain(stores, poster, looking_rig.destination))
    put(stores, delivery)
    ask(looking_rig, lambda poster: drain(stores, Trouble(poster, taken=taken), looking_rig.destination))
    assert stores.outbox.history(looking_rig.destination)[0].state == "unknown"
    assert len(looking_rig.shown()) == in_thread + taken
    time_passes(stores, 100, looking_rig.destination)
    ask(looking_rig, lambda poster: drain(stores, poster, looking_rig.destination))
    assert len(looking_rig.shown()) == in_thread + 1
    (record, *_) = stores.outbox.history(looking_rig.destination)
    found = find(
        looking_rig, delivery, stores.outbox.history(looking_rig.destination)[-1].message if in_thread else None
    )
    assert (record.state, record.message) == ("sent", found and found.message_id)


@pytest.mark.parametrize("taken", [True, False])
def test_where_nothing_tells_what_was_taken_nothing_is_posted_a_second_time_unasked(
    silent_rig: Rig, stores: Stores, *, taken: bool
) -> None:
    delivery = digest(silent_rig)
    put(stores, delivery)
    ask(silent_rig, lambda poster: drain(stores, Trouble(poster, taken=taken), silent_rig.destination))
    for _ in range(2):
        time_passes(stores, 100, silent_rig.destination)
        ask(silent_rig, lambda poster: drain(stores, poster, silent_rig.destination))
    (record,) = stores.outbox.history(silent_rig.destination)
    assert (record.state, len(silent_rig.shown())) == ("parked", taken)
    assert stores.outbox.release(silent_rig.destination, delivery.id)  # its reader asks for it
    ask(silent_rig, lambda poster: drain(stores, poster, silent_rig.destination))
    assert stores.outbox.history(silent_rig.destination)[0].state == "sent"
    assert len(silent_rig.shown()) == taken + 1


def test_what_is_out_of_sight_is_neither_found_nor_changed(silent_rig: Rig) -> None:
    one = paper(1)
    receipt = post(silent_rig, digest(silent_rig, one), one)
    with pytest.raises(Unverifiable):
        find(silent_rig, digest(silent_rig, one))
    with pytest.raises(Rejected):
        ask(silent_rig, lambda poster: poster.edit(digest(silent_rig, one), {one.id: one}, receipt.message_id, None))
    assert len(silent_rig.shown()) == 1


def test_find_knows_what_was_posted_by_its_receipt(looking_rig: Rig) -> None:
    one = paper(1)
    first, second = digest(looking_rig, one), digest(looking_rig, one, number=2)
    receipts = [post(looking_rig, delivery, one) for delivery in (first, second)]
    found = [find(looking_rig, delivery) for delivery in (first, second)]
    assert [each and each.message_id for each in found] == [receipt.message_id for receipt in receipts]


def test_find_does_not_take_another_message_for_it(looking_rig: Rig) -> None:
    one = paper(1)
    assert find(looking_rig, digest(looking_rig, one)) is None
    post(looking_rig, digest(looking_rig, one), one)
    assert find(looking_rig, digest(looking_rig, one, number=2)) is None
    assert find(looking_rig, replace(digest(looking_rig, one), destination=looking_rig.elsewhere)) is None
    assert len(looking_rig.shown()) == 1
