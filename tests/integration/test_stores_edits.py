"""Edits in Redis: which messages show a paper, when each is edited, and what the sender is told of it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from papers.model import Delivery, Destination
from papers.revising import SPREAD, WINDOW, Riser, edits
from papers.stores import keys
from papers.stores.clock import from_ms, to_ms
from papers.stores.outbox import SHOWN, Verdict
from papers.wiring import Stores
from tests.builders import GENERAL, paper
from tests.conftest import NOW
from tests.integration.outboxes import claimed, delivery, put, replies, time_passes

ONE, TWO = paper(1).id, paper(2).id
SLACK = [Destination("slack", "T1", f"C{number}") for number in range(3)]


def riser(name: str = ONE, reached: str = "16↑", after: timedelta = timedelta()) -> Riser:
    """Risen just now."""
    return Riser(name, reached, datetime.now(UTC) + timedelta(seconds=1) + after)


def posted(stores: Stores, *deliveries: Delivery) -> None:
    """Plan and send them."""
    put(stores, *deliveries)
    for one in deliveries:
        stores.outbox.settle(claimed(stores, one.destination), Verdict("sent", message=f"message of {one.id}"))


def revise(stores: Stores, *risers: Riser) -> int:
    return stores.edits.put(edits(stores.edits.showing(risers), NOW))


def test_a_message_shows_the_papers_whose_cards_it_brings_and_not_those_of_abstracts(stores: Stores) -> None:
    head = delivery(1, ONE)
    put(stores, head, delivery(2, TWO, parent=head.id, abstracts=(TWO,)), delivery(3, parent=head.id, abstracts=(ONE,)))
    shown = stores.edits.showing([riser(ONE), riser(TWO), riser("2603.00009")])
    assert [(one.riser.paper, one.delivery) for one in shown] == [(ONE, head.id), (TWO, delivery(2).id)]


def test_a_message_that_was_planned_after_its_paper_rose_needs_no_edit(stores: Stores) -> None:
    put(stores, delivery(1, ONE))
    assert stores.edits.showing([riser(after=-timedelta(seconds=2))]) == []


@pytest.mark.parametrize(("late", "is_shown"), [(-timedelta(minutes=1), True), (timedelta(minutes=1), False)])
def test_a_message_is_edited_for_a_week(stores: Stores, late: timedelta, *, is_shown: bool) -> None:
    put(stores, delivery(1, ONE))
    assert bool(stores.edits.showing([riser(after=WINDOW + late)])) == is_shown
    left = stores.server.call("PTTL", keys.shown(ONE)) / 1000
    assert WINDOW.total_seconds() < left <= SHOWN.total_seconds()


def test_an_edit_is_claimed_with_the_message_that_it_edits(stores: Stores) -> None:
    head = delivery(1, ONE)
    reply = delivery(2, TWO, kind="more", parent=head.id)
    flat = delivery(3, "2603.00003", kind="more", parent=head.id, flat=True)
    posted(stores, head, reply, flat)
    assert revise(stores, riser(ONE), riser(TWO), riser("2603.00003")) == 3
    found = {}
    for _ in range(3):
        claim = claimed(stores)
        assert claim.edits is not None
        assert claim.delivery.kind == "edit"
        found[claim.edits.message] = (claim.edits.delivery, claim.edits.thread)
        stores.outbox.settle(claim, Verdict("sent", message=claim.edits.message))
    assert found == {
        f"message of {head.id}": (head, None),
        f"message of {reply.id}": (reply, f"message of {head.id}"),
        f"message of {flat.id}": (flat, None),
    }
    assert stores.outbox.claim(GENERAL, 60) is None


def test_the_log_shows_the_message_as_edited_and_no_line_for_the_edit(stores: Stores) -> None:
    posted(stores, delivery(1, ONE), delivery(2, TWO))
    revise(stores, riser(ONE))
    claim = claimed(stores)
    assert [record.edited for record in stores.outbox.history(GENERAL)] == [None, None]
    stores.outbox.settle(claim, Verdict("sent", message="m"))
    other, edited = stores.outbox.history(GENERAL)
    assert other.edited is None
    assert edited.edited is not None
    assert (edited.state, edited.message) == ("sent", f"message of {delivery(1).id}")
    assert edited.edited >= edited.at


def test_an_edit_that_failed_leaves_the_message_as_it_was(stores: Stores) -> None:
    posted(stores, delivery(1, ONE))
    revise(stores, riser(ONE))
    stores.outbox.settle(claimed(stores), Verdict("dead", detail="the message is gone"))
    (record,) = stores.outbox.history(GENERAL)
    assert (record.state, record.detail, record.edited) == ("sent", "", None)


def test_an_edit_waits_for_its_message(stores: Stores) -> None:
    put(stores, delivery(1, ONE))
    assert revise(stores, riser(ONE)) == 1
    claim = claimed(stores)
    assert claim.delivery.kind == "digest"
    stores.outbox.settle(claim, Verdict("pending", wait=100))
    assert stores.outbox.claim(GENERAL, 60) is None
    time_passes(stores, 101)
    stores.outbox.settle(claimed(stores), Verdict("sent", message="m1"))
    edit = claimed(stores)
    assert edit.edits is not None
    assert edit.edits.message == "m1"


@pytest.mark.parametrize("state", ["dead", "parked"])
def test_what_is_not_out_is_not_edited(stores: Stores, state: str) -> None:
    put(stores, delivery(1, ONE), delivery(2, TWO))
    revise(stores, riser(ONE))
    verdict = Verdict("dead") if state == "dead" else Verdict("parked")
    stores.outbox.settle(claimed(stores), verdict)
    stores.outbox.settle(claimed(stores), Verdict("sent", message="m2"))
    assert stores.outbox.claim(GENERAL, 60) is None  # the edit went the way of its message
    assert revise(stores, riser(ONE, "32↑")) == 0
    assert stores.outbox.next_due("terminal") is None


def test_an_edit_that_was_not_begun_will_show_what_rises_until_then(stores: Stores) -> None:
    posted(stores, delivery(1, ONE, TWO))
    assert [revise(stores, riser(ONE, mark)) for mark in ("16↑", "32↑")] == [1, 0]
    claim = claimed(stores)
    assert revise(stores, riser(ONE, "64↑")) == 1  # its papers may have been read already
    stores.outbox.settle(claim, Verdict("sent", message="m"))
    stores.outbox.settle(claimed(stores), Verdict("sent", message="m"))
    assert revise(stores, riser(ONE, "64↑")) == 0  # the same as before
    assert revise(stores, riser(TWO)) == 1


def test_edits_come_in_turns_and_posts_before_them(stores: Stores) -> None:
    for number, where in enumerate(SLACK):
        posted(stores, delivery(number + 1, ONE, where=where))
    begun = time.time()
    assert revise(stores, riser(ONE)) == 3
    dues = sorted(to_ms(due) for where in SLACK if (due := _due(stores, where)))
    assert dues[0] == pytest.approx(begun * 1000, abs=1000)
    assert [later - dues[0] for later in dues] == [0, 1000 * SPREAD["slack"], 2000 * SPREAD["slack"]]
    assert stores.outbox.claim(SLACK[2], 60) is None
    put(stores, delivery(9, TWO, where=SLACK[2]))
    assert claimed(stores, SLACK[2]).delivery.id == delivery(9).id


def _due(stores: Stores, where: Destination) -> datetime | None:
    first = stores.server.call("ZRANGE", keys.outbox(where), 0, 0, "WITHSCORES")
    return from_ms(first[0][1]) if first else None


def test_an_edit_sleeps_with_its_channel_and_forgets_itself_in_the_end(stores: Stores) -> None:
    posted(stores, delivery(1, ONE))
    stores.outbox.suspend(GENERAL, "archived", "an event")
    revise(stores, riser(ONE))
    assert stores.outbox.claim(GENERAL, 60) is None
    (edit,) = stores.server.call("ZRANGE", keys.outbox(GENERAL), 0, -1)
    assert 0 < stores.server.call("PTTL", keys.delivery(GENERAL, edit)) <= SHOWN.total_seconds() * 1000
    stores.server.call("DEL", keys.delivery(GENERAL, edit))  # as its time is over
    put_back = delivery(2, TWO)
    stores.outbox.put([put_back], NOW)
    stores.outbox.unsuspend(GENERAL, NOW)
    claim = claimed(stores)
    assert claim.delivery == put_back
    stores.outbox.settle(claim, Verdict("sent", message="m2"))
    assert stores.outbox.claim(GENERAL, 60) is None
    assert stores.outbox.next_due("terminal") is None


def test_an_edit_of_a_thread_is_not_held_up_by_its_headlines_reply(stores: Stores) -> None:
    head = delivery(1, ONE)
    posted(stores, head)
    (reply,) = replies(head, 1)
    put(stores, reply)
    revise(stores, riser(ONE))
    kinds = []
    while stores.outbox.ready("terminal"):
        claim = claimed(stores)
        kinds.append(claim.delivery.kind)
        stores.outbox.settle(claim, Verdict("sent", message="m"))
    assert sorted(kinds) == ["edit", "more"]
