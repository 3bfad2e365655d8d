"""What a due channel is posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.model import Channel, Delivery, Destination, Match, Reason, Schedule, Subscription, Want
from papers.planning import HEADLINE, PER_REPLY, Situation, if_late, plan
from tests.builders import GENERAL, match, paper, subscription
from tests.conftest import NOW

DAILY = Schedule("daily", "08:00")
INSTANT = Schedule()
ATTENTION = (subscription(1, "attention"),)


def situation(
    matches: Sequence[Match] = (),
    *,
    schedule: Schedule = DAILY,
    subscriptions: Sequence[Subscription] = ATTENTION,
    late: timedelta = timedelta(0),
    without_abstract: bool = False,
) -> Situation:
    """A channel that was due at NOW and is planned `late` after."""
    abstract = "" if without_abstract else "What it found."
    papers = [paper(number, abstract=abstract, upvotes=number % 3) for number in range(1, 31)]
    return Situation(
        channel=Channel(GENERAL, schedule),
        subscriptions=subscriptions,
        due=NOW,
        now=NOW + late,
        matches=matches,
        papers={one.id: one for one in papers},
    )


def many(count: int) -> list[Match]:
    return [match(paper(number).id) for number in range(1, count + 1)]


def brought(deliveries: Sequence[Delivery]) -> list[str]:
    return [item.paper for delivery in deliveries for item in delivery.items]


MATCHES = st.lists(
    st.builds(
        match,
        st.integers(1, 32).map(lambda number: paper(number).id),  # 31 and 32 are no longer stored
        st.integers(1, 4),
        st.sampled_from([3.0, 3.5, 4.0]),
    ),
    max_size=40,
)
SITUATIONS = st.builds(
    situation,
    MATCHES,
    schedule=st.sampled_from([DAILY, Schedule("weekly", "08:00", weekday=2), INSTANT]),
    subscriptions=st.lists(st.sampled_from([1, 2, 3]), unique=True).map(lambda ns: [subscription(n) for n in ns]),
    late=st.integers(0, 719).map(lambda minutes: timedelta(minutes=minutes)),
    without_abstract=st.booleans(),
)


@given(SITUATIONS)
def test_each_paper_that_is_still_wanted_comes_once_and_no_other_does(given_: Situation) -> None:
    standing = {one.number for one in given_.subscriptions}
    wanted = {one.paper for one in given_.matches if one.number in standing and one.paper in given_.papers}
    assert sorted(brought(plan(given_).deliveries)) == sorted(wanted)


@given(SITUATIONS)
def test_everything_that_waits_leaves_the_inbox(given_: Situation) -> None:
    assert set(plan(given_).taken) == {one.paper for one in given_.matches}


@given(SITUATIONS)
def test_replies_answer_in_the_thread_of_the_one_headline(given_: Situation) -> None:
    deliveries = plan(given_).deliveries
    if not deliveries:
        return
    headline, *replies = deliveries
    assert headline.kind in {"digest", "empty"}
    assert headline.parent is None
    assert len(headline.items) <= HEADLINE == 5
    assert all(reply.parent == headline.id and reply.kind in {"abstracts", "more"} for reply in replies)
    assert all(len(reply.abstracts) <= PER_REPLY and len(reply.items) <= PER_REPLY for reply in replies)


@given(SITUATIONS, st.randoms())
def test_the_same_decision_makes_the_same_messages_whatever_the_order_and_the_hour(
    given_: Situation, random: Random
) -> None:
    shuffled = list({(one.paper, one.number): one for one in given_.matches}.values())
    once = plan(replace(given_, matches=shuffled))
    random.shuffle(shuffled)
    again = plan(replace(given_, matches=shuffled, now=given_.now + timedelta(seconds=1)))
    assert [one.id for one in again.deliveries] == [one.id for one in once.deliveries]
    assert [one.items for one in again.deliveries] == [one.items for one in once.deliveries]


@given(SITUATIONS)
def test_no_two_messages_share_an_id_and_each_fits_a_nonce(given_: Situation) -> None:
    ids = [one.id for one in plan(given_).deliveries]
    assert len(set(ids)) == len(ids)
    assert all(len(one) == 24 and set(one) <= set("0123456789abcdef") for one in ids)


@given(SITUATIONS)
def test_the_best_comes_first_then_the_most_upvoted(given_: Situation) -> None:
    items = [item for delivery in plan(given_).deliveries for item in delivery.items]
    places = [(-item.score, -given_.papers[item.paper].upvotes, item.paper) for item in items]
    assert places == sorted(places)


@given(SITUATIONS)
def test_scheduled_channels_are_due_again_later_and_instant_ones_are_not(given_: Situation) -> None:
    following = plan(given_).next_slot
    if given_.channel.schedule.kind == "instant":
        assert following is None
    else:
        assert following is not None
        assert following > given_.now


def test_two_slots_make_two_posts() -> None:
    today = situation(many(7))
    tomorrow = replace(today, due=today.due + timedelta(days=1), now=today.now + timedelta(days=1))
    assert not {one.id for one in plan(today).deliveries} & {one.id for one in plan(tomorrow).deliveries}


def test_two_channels_make_two_posts_of_one_slot() -> None:
    here = situation(many(7))
    there = replace(here, channel=Channel(Destination("terminal", "local", "other"), DAILY))
    assert not {one.id for one in plan(here).deliveries} & {one.id for one in plan(there).deliveries}


def test_an_instant_post_is_known_by_its_papers_not_by_its_time() -> None:
    first = situation(many(3), schedule=INSTANT)
    later = replace(first, due=NOW + timedelta(hours=1), now=NOW + timedelta(hours=1))
    other = situation(many(4), schedule=INSTANT)
    assert [one.id for one in plan(first).deliveries] == [one.id for one in plan(later).deliveries]
    assert not {one.id for one in plan(first).deliveries} & {one.id for one in plan(other).deliveries}


def test_a_paper_that_two_subscriptions_want_comes_once_with_both_reasons_and_the_better_score() -> None:
    one = paper(1).id
    reasons = (Reason(words=("attention",)), Reason(topic="graphs", share=0.01))
    matches = [match(one, 2, 3.75, reasons[1]), match(one, 1, 3.0, reasons[0])]
    (item,) = plan(situation(matches, subscriptions=[subscription(1), subscription(2)])).deliveries[0].items
    assert (item.numbers, item.reasons, item.score) == ((1, 2), reasons, 3.75)


def test_matches_of_a_subscription_that_was_removed_are_dropped() -> None:
    matches = [match(paper(1).id, 1), match(paper(2).id, 9), match(paper(1).id, 9)]
    decided = plan(situation(matches))
    (item,) = decided.deliveries[0].items
    assert (item.paper, item.numbers) == (paper(1).id, (1,))
    assert decided.taken == (paper(1).id, paper(2).id)


def test_the_rest_comes_in_replies_with_abstracts() -> None:
    headline, abstracts, *more = plan(situation(many(18))).deliveries
    assert [len(one.items) for one in (headline, abstracts, *more)] == [5, 0, 5, 5, 3]
    assert len({one.id for one in (headline, abstracts, *more)}) == 5
    assert abstracts.abstracts == tuple(item.paper for item in headline.items)
    assert [one.abstracts for one in more] == [tuple(item.paper for item in one.items) for one in more]


def test_no_reply_is_made_of_abstracts_that_are_not_there() -> None:
    assert [one.kind for one in plan(situation(many(3), without_abstract=True)).deliveries] == ["digest"]


def test_the_heading_counts_all_papers_and_names_the_subscriptions_that_brought_them() -> None:
    subscriptions = [subscription(1, "attention"), subscription(2, "robots"), subscription(3, "graph")]
    matches = [*many(6), match(paper(7).id, 3)]
    heading = plan(situation(matches, subscriptions=subscriptions)).deliveries[0].heading
    assert (heading.total, heading.subscriptions, heading.note) == (7, ("attention", "graph"), None)
    assert heading.day == NOW.date()


def test_the_day_is_the_channels_own() -> None:
    there = Schedule("daily", "22:00", "Pacific/Honolulu")
    assert plan(situation(many(1), schedule=there)).deliveries[0].heading.day == NOW.date() - timedelta(days=1)


@pytest.mark.parametrize("schedule", [DAILY, Schedule("weekly", "08:00", weekday=2)])
def test_an_empty_slot_makes_one_quiet_line_with_the_cause(schedule: Schedule) -> None:
    (line,) = plan(replace(situation(schedule=schedule), quiet="the weekend")).deliveries
    assert (line.kind, line.items, line.heading.total, line.heading.note) == ("empty", (), 0, "the weekend")


def test_a_quiet_line_without_a_known_cause_says_that_nothing_passed() -> None:
    (line,) = plan(situation()).deliveries
    assert line.heading.note == "nothing new passed the bar"


def test_only_matches_of_removed_subscriptions_are_an_empty_slot_too() -> None:
    decided = plan(situation([match(paper(1).id, 9)]))
    assert [one.kind for one in decided.deliveries] == ["empty"]
    assert decided.taken == (paper(1).id,)


def test_an_instant_channel_is_never_told_that_nothing_came() -> None:
    assert plan(situation(schedule=INSTANT)).deliveries == ()
    assert plan(situation([match(paper(1).id, 9)], schedule=INSTANT)).deliveries == ()


def test_a_channel_without_subscriptions_is_never_told_that_nothing_came() -> None:
    decided = plan(situation(subscriptions=()))
    assert (decided.deliveries, decided.next_slot) == ((), NOW + timedelta(days=1))


@pytest.mark.parametrize(("minutes", "says_so"), [(0, False), (15, False), (16, True), (11 * 60 + 59, True)])
def test_a_late_post_says_so(minutes: int, says_so: bool) -> None:  # noqa: FBT001 - a column
    headline, *replies = plan(situation(many(7), late=timedelta(minutes=minutes))).deliveries
    assert (headline.heading.note is not None) is says_so
    assert all(reply.heading.note is None for reply in replies)


def test_an_instant_post_is_never_late() -> None:
    late = situation(many(1), schedule=INSTANT, late=timedelta(hours=20))
    assert plan(late).deliveries[0].heading.note is None


@pytest.mark.parametrize(("minutes", "says_so"), [(0, False), (15, False), (16, True), (9 * 24 * 60, True)])
def test_a_headline_that_waited_to_be_posted_says_so(minutes: int, says_so: bool) -> None:  # noqa: FBT001 - a column
    headline, *replies = plan(situation(many(7))).deliveries
    then = NOW + timedelta(minutes=minutes)
    posted = if_late(headline, then)
    assert ("could not be posted" in (posted.heading.note or "")) is says_so
    assert replace(posted, heading=headline.heading) == headline
    assert replace(posted.heading, note=None) == headline.heading
    assert [if_late(reply, then) for reply in replies] == replies


def test_what_a_headline_says_already_stays() -> None:
    (empty,) = plan(situation()).deliveries
    (late, *_) = plan(situation(many(1), late=timedelta(hours=1))).deliveries
    for one in (empty, late):
        assert if_late(one, NOW + timedelta(days=9)) == one


def test_a_slot_missed_by_more_than_twelve_hours_is_left_out_and_what_waits_comes_with_the_next() -> None:
    made_up_for = plan(situation(many(3), late=timedelta(hours=11, minutes=59)))
    left_out = plan(situation(many(3), late=timedelta(hours=12, minutes=1)))
    assert len(brought(made_up_for.deliveries)) == 3
    assert (left_out.deliveries, left_out.taken) == ((), ())
    assert left_out.next_slot == NOW + timedelta(days=1)


def test_of_many_missed_slots_only_the_next_one_follows() -> None:
    assert plan(situation(late=timedelta(days=3, hours=1))).next_slot == NOW + timedelta(days=4)


def test_messages_are_due_when_they_are_planned() -> None:
    late = timedelta(hours=2)
    assert {one.due for one in plan(situation(many(7), late=late)).deliveries} == {NOW + late}


def test_a_subscription_is_named_by_what_it_is_about() -> None:
    wants = subscription(1, want=Want(query="graph -survey", topic="molecules", per_day=2.0))
    heading = plan(situation(many(1), subscriptions=[wants])).deliveries[0].heading
    assert heading.subscriptions == ("graph -survey, molecules",)
