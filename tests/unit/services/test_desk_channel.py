"""The desk: when a channel is posted to, and what it is told of papers and posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from papers.errors import NotFoundError
from papers.model import Asker, Delivery, Heading, Schedule, Want
from papers.services.desk import Desk
from papers.stores.inbox import Delivered
from papers.wiring import Core
from tests.builders import ELSEWHERE, GENERAL, TODAY, crowd, hit, paper, store, subscribe
from tests.conftest import NOW

HOUR = timedelta(hours=1)


def test_a_schedule_says_when_the_next_post_comes(desk: Desk, asker: Asker) -> None:
    daily = Schedule("daily", "09:00", "Europe/Berlin")
    answer = desk.set_schedule(asker, daily)
    assert (answer.schedule, answer.next_post, answer.paused) == (daily, NOW + timedelta(days=1), False)
    assert (desk.listing(asker).schedule, desk.listing(asker).next_post) == (daily, NOW + timedelta(days=1))
    assert subscribe(desk, asker, Want("robots")).next_post == NOW + timedelta(days=1)
    assert desk.set_schedule(asker, Schedule()).next_post is None


def test_what_the_desk_says_of_the_next_post_is_when_the_channel_is_planned(
    desk: Desk, asker: Asker, core: Core
) -> None:
    answer = desk.set_schedule(asker, Schedule("weekly", "10:00", "Asia/Tokyo", weekday=4))
    assert core.stores.inbox.next_slot(GENERAL) == answer.next_post


def test_a_new_subscription_does_not_put_off_a_post_that_is_due(desk: Desk, asker: Asker, core: Core) -> None:
    due = desk.set_schedule(asker, Schedule("daily", "09:00", "UTC")).next_post
    assert due is not None
    late = replace(desk, clock=lambda: due + timedelta(seconds=5))
    subscribe(late, asker, Want("robots"))
    assert core.stores.inbox.next_slot(GENERAL) == due


def test_while_a_channel_pauses_nothing_is_due_and_what_matches_waits(desk: Desk, asker: Asker, core: Core) -> None:
    desk.set_schedule(asker, Schedule("daily", "09:00"))
    paused = desk.pause(asker, paused=True)
    assert (paused.paused, paused.waiting, paused.next_post) == (True, 0, None)
    assert desk.listing(asker).next_post is None
    core.stores.inbox.put([Delivered(GENERAL, {paper(1).id: [hit(paper(1).id)]})], NOW)
    assert core.stores.inbox.next_slot(GENERAL) is None
    resumed = desk.pause(asker, paused=False)
    assert (resumed.paused, resumed.waiting, resumed.next_post) == (False, 1, NOW + HOUR)
    assert core.stores.inbox.next_slot(GENERAL) == NOW + HOUR


def test_an_instant_channel_that_resumes_is_due_at_once_with_what_waited(desk: Desk, asker: Asker, core: Core) -> None:
    desk.pause(asker, paused=True)
    core.stores.inbox.put([Delivered(GENERAL, {paper(1).id: [hit(paper(1).id)]})], NOW)
    assert core.stores.inbox.next_slot(GENERAL) is None
    desk.pause(asker, paused=False)
    assert core.stores.inbox.next_slot(GENERAL) == NOW


def test_a_schedule_set_while_paused_does_not_end_the_pause(desk: Desk, asker: Asker) -> None:
    desk.pause(asker, paused=True)
    answer = desk.set_schedule(asker, Schedule("daily", "09:00"))
    assert (answer.paused, answer.next_post) == (True, None)


def test_search_looks_at_the_archive(desk: Desk) -> None:
    answer = desk.search("grasp robot", since=None, page=2)
    assert (answer.page, len(answer.cards)) == (2, 5)
    assert all("Grasping" in card.paper.title for card in answer.cards)
    assert desk.search("grasp robot", since=TODAY - timedelta(days=1), page=1).total < answer.total


def test_the_pages_of_days_and_trends_are_served(desk: Desk) -> None:
    assert desk.digest(None).first == TODAY
    assert desk.digest(date(2026, 3, 4)).total == 14
    assert desk.trending("week").first == TODAY - timedelta(days=6)
    rising = desk.trending(by="growth")
    assert (rising.first, rising.last) == (TODAY - timedelta(days=1), TODAY)


def test_why_says_what_became_of_a_paper(desk: Desk, asker: Asker, core: Core) -> None:
    subscribe(desk, asker, Want("grasp"))
    grasping, other = crowd(140)[2], crowd(140)[3]
    core.stores.inbox.put([Delivered(GENERAL, {grasping.id: [hit(grasping.id)]})], NOW)
    waits = desk.why(asker, f"https://arxiv.org/abs/{grasping.id}v2")
    assert waits.paper.id == grasping.id
    assert waits.outcome == "it comes with the next post"
    assert [(row.number, row.wanted, row.hit) for row in waits.rows] == [(1, True, ("grasp",))]
    assert desk.why(asker, other.id).outcome == "not posted here: no subscription wants it"
    assert desk.why(ELSEWHERE, grasping.id).outcome == "not posted here: there is no subscription"


def test_why_knows_a_paper_that_has_long_left_the_stream(desk: Desk, asker: Asker, core: Core) -> None:
    old = paper(999, "Grasping with robots, long ago", day=date(2020, 1, 1))
    store(core.stores.papers, old)
    subscribe(desk, asker, Want(topic="grasping robots"))
    (row,) = desk.why(asker, old.id).rows
    assert row.z is not None


def test_why_of_a_paper_that_was_never_polled_is_refused(desk: Desk, asker: Asker) -> None:
    with pytest.raises(NotFoundError, match=r"2601\.99999"):
        desk.why(asker, "2601.99999")


def test_the_log_lists_the_last_deliveries_newest_first(desk: Desk, asker: Asker, core: Core) -> None:
    assert desk.log(asker).rows == ()
    for number, note in enumerate(["the weekend", None]):
        slot = NOW + number * HOUR
        desk.set_schedule(asker, Schedule("daily", f"{9 + number:02}:00"))
        due = core.stores.inbox.next_slot(GENERAL)
        assert due is not None
        delivery = Delivery(f"{number:024}", GENERAL, "empty", Heading(TODAY, 0, note=note), slot)
        core.stores.outbox.commit(GENERAL, [delivery], taken={}, was_due=due, next_slot=due, now=slot)
    rows = desk.log(asker).rows
    assert [(row.delivery, row.kind, row.state, row.detail) for row in rows] == [
        (f"{1:024}", "empty", "pending", ""),
        (f"{0:024}", "empty", "pending", "the weekend"),
    ]
    assert desk.log(ELSEWHERE).rows == ()
