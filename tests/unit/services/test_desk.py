"""The desk: subscribe, list, edit and unsubscribe, over the real stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from papers.errors import NotFoundError, QuotaError, TwinError, UsageError
from papers.model import Asker, Subscription, Want
from papers.services.desk import Desk
from papers.stores.channels import MAX_SUBSCRIPTIONS, ChannelStore
from papers.stores.server import Server
from papers.wiring import Core
from tests.builders import ELSEWHERE, GENERAL, TODAY, paper, store, subscribe
from tests.conftest import NOW

HOUR = timedelta(hours=1)


def labels(desk: Desk, asker: Asker) -> list[tuple[int, str]]:
    return [(row.subscription.number, row.label) for row in desk.listing(asker).rows]


def test_subscribe_list_edit_unsubscribe(desk: Desk, asker: Asker) -> None:
    saved = subscribe(desk, asker, Want("robots"))
    assert (saved.subscription.number, saved.changed, saved.next_post) == (1, False, None)
    assert labels(desk, asker) == [(1, "robots")]

    edited = desk.save(asker, desk.draft(asker, Want("robots -survey"), replaces=1))
    assert (edited.subscription.number, edited.changed) == (1, True)
    assert labels(desk, asker) == [(1, "robots -survey")]

    removed = desk.unsubscribe(asker, 1)
    assert removed.label == "robots -survey"
    assert labels(desk, asker) == []


def test_what_is_saved_is_what_is_listed(desk: Desk, asker: Asker) -> None:
    want = Want("robots", "grasping objects", 2.0)
    saved = subscribe(desk, asker, want).subscription
    (row,) = desk.listing(asker).rows
    assert row.subscription == saved
    assert (saved.id, saved.want, saved.created_by, saved.created_at) == (f"{GENERAL}#1", want, "ada", NOW)


def test_a_number_is_never_given_to_another_subscription(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want("robots"))
    subscribe(desk, asker, Want("graph"))
    desk.unsubscribe(asker, 2)
    subscribe(desk, asker, Want("kernel"))
    assert labels(desk, asker) == [(1, "robots"), (3, "kernel")]


def test_a_draft_that_is_not_saved_leaves_nothing(desk: Desk, asker: Asker) -> None:
    desk.draft(asker, Want("robots"))
    desk.draft(asker, Want(topic="graphs", per_day=3.0))
    assert desk.listing(asker).rows == ()


def test_a_first_subscription_posts_no_backlog(desk: Desk, asker: Asker, core: Core) -> None:
    saved = subscribe(desk, asker, Want("robots"))
    assert saved.preview.total > 0
    assert core.stores.inbox.waiting(GENERAL) == 0
    assert core.stores.papers.unmatched(10) == []


def test_an_edit_keeps_who_made_the_subscription_and_when(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want("robots"))
    later = replace(desk, clock=lambda: NOW + HOUR)
    other = replace(asker, user="grace")
    edited = later.save(other, later.draft(other, Want("graph"), replaces=1)).subscription
    assert (edited.created_by, edited.created_at) == ("ada", NOW)


def test_a_twin_is_refused_with_its_number(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want("robots"))
    with pytest.raises(UsageError, match="subscription 1 already") as caught:
        desk.draft(asker, Want("robots"))
    assert "edit 1" in caught.value.advice


def test_an_edit_into_a_twin_is_refused_and_one_into_itself_is_not(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want("robots"))
    subscribe(desk, asker, Want("graph"))
    with pytest.raises(UsageError, match="subscription 1 already"):
        desk.draft(asker, Want("robots"), replaces=2)
    assert desk.draft(asker, Want("graph"), replaces=2).replaces == 2


def test_another_channel_may_want_the_same_and_has_its_own_numbers(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want("graph"))
    subscribe(desk, asker, Want("robots"))
    assert subscribe(desk, ELSEWHERE, Want("robots")).subscription.number == 1
    assert labels(desk, ELSEWHERE) == [(1, "robots")]


@pytest.mark.parametrize("number", [1, 2, 0, -1])
def test_a_channel_cannot_touch_what_it_does_not_have(desk: Desk, asker: Asker, number: int) -> None:
    subscribe(desk, ELSEWHERE, Want("robots"))
    for attempt in (
        lambda: desk.unsubscribe(asker, number),
        lambda: desk.draft(asker, Want("graph"), replaces=number),
        lambda: desk.test(asker, number),
    ):
        with pytest.raises(NotFoundError, match="no subscription"):
            attempt()
    assert labels(desk, ELSEWHERE) == [(1, "robots")]


class Hurried(ChannelStore):
    """A store into which somebody else's edit gets, just before ours."""

    def __init__(self, server: Server, theirs: Want) -> None:
        super().__init__(server)
        self._theirs = theirs

    def change(self, subscription: Subscription, before: Subscription) -> Subscription:
        """Ours, after theirs."""
        super().change(replace(before, want=self._theirs), before)
        return super().change(subscription, before)


def test_of_two_people_who_edit_at_once_the_second_is_told(desk: Desk, asker: Asker, core: Core) -> None:
    subscribe(desk, asker, Want("robots"))
    hurried = replace(desk, channels=Hurried(core.stores.server, Want("graph")))
    with pytest.raises(UsageError, match="somebody else changed"):
        hurried.save(asker, hurried.draft(asker, Want("kernel"), replaces=1))
    assert labels(desk, asker) == [(1, "graph")]


def test_an_edit_of_what_was_removed_meanwhile_is_refused(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want("robots"))
    draft = desk.draft(asker, Want("graph"), replaces=1)
    desk.unsubscribe(asker, 1)
    with pytest.raises(UsageError, match="somebody else changed"):
        desk.save(asker, draft)
    assert labels(desk, asker) == []


def test_an_edit_that_was_drafted_before_somebody_elses_was_saved_is_refused(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want("robots"))
    grace = replace(asker, user="grace")
    draft, theirs = (desk.draft(one, Want(query), replaces=1) for one, query in ((asker, "kernel"), (grace, "graph")))
    desk.save(grace, theirs)
    with pytest.raises(UsageError, match="somebody else changed"):
        desk.save(asker, draft)
    assert labels(desk, asker) == [(1, "graph")]
    desk.save(asker, desk.draft(asker, Want("kernel"), replaces=1))
    assert labels(desk, asker) == [(1, "kernel")]


def test_a_draft_remembers_what_it_would_replace(desk: Desk, asker: Asker) -> None:
    saved = subscribe(desk, asker, Want("robots")).subscription
    edit = desk.draft(asker, Want("graph"), replaces=1)
    assert (edit.replaces, edit.before) == (1, saved)
    new = desk.draft(asker, Want("kernel"))
    assert (new.replaces, new.before) == (None, None)


def test_the_same_draft_saved_later_is_refused_as_a_twin(desk: Desk, asker: Asker) -> None:
    draft = desk.draft(asker, Want("robots"))
    desk.save(asker, draft)
    later = replace(desk, clock=lambda: NOW + timedelta(milliseconds=1))
    with pytest.raises(TwinError, match="subscription 1 already"):
        later.save(replace(asker, user="grace"), draft)
    assert labels(desk, asker) == [(1, "robots")]


def test_the_same_draft_saved_twice_at_once_is_one_subscription(desk: Desk, asker: Asker) -> None:
    draft = desk.draft(asker, Want("robots"))
    assert desk.save(asker, draft).subscription == desk.save(asker, draft).subscription
    assert labels(desk, asker) == [(1, "robots")]


def test_of_two_drafts_of_the_same_want_only_one_is_saved(desk: Desk, asker: Asker) -> None:
    grace = replace(asker, user="grace")
    mine, theirs = (desk.draft(one, Want("robots", topic="grasping", per_day=2.0)) for one in (asker, grace))
    desk.save(grace, theirs)
    with pytest.raises(TwinError) as caught:
        desk.save(asker, mine)
    assert caught.value.number == 1
    assert len(labels(desk, asker)) == 1


def test_the_same_edit_saved_twice_is_that_edit(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want("robots"))
    draft = desk.draft(asker, Want("graph"), replaces=1)
    assert desk.save(asker, draft).subscription == desk.save(asker, draft).subscription
    assert labels(desk, asker) == [(1, "graph")]


def test_an_edit_into_what_was_subscribed_to_meanwhile_is_refused(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want("robots"))
    draft = desk.draft(asker, Want("graph"), replaces=1)
    subscribe(desk, asker, Want("graph"))
    with pytest.raises(UsageError, match="subscription 2 already"):
        desk.save(asker, draft)
    assert labels(desk, asker) == [(1, "robots"), (2, "graph")]


def test_a_draft_says_what_it_brings_on_a_day_that_has_papers(desk: Desk, asker: Asker, core: Core) -> None:
    assert desk.draft(asker, Want("grasp")).per_day == 2.0
    store(core.stores.papers, paper(800, "To grasp a day that stands alone", day=TODAY - timedelta(days=20)))
    draft = desk.draft(asker, Want("grasp"))
    assert draft.preview.days == 21
    assert draft.per_day == pytest.approx(21 / 11)


def test_one_subscription_too_many_is_refused_and_changes_nothing(desk: Desk, asker: Asker) -> None:
    for number in range(MAX_SUBSCRIPTIONS):
        subscribe(desk, asker, Want(f"title:word{number}"))
    before = labels(desk, asker)
    with pytest.raises(QuotaError, match="at most 32"):
        subscribe(desk, asker, Want("robots"))
    assert labels(desk, asker) == before
    assert len(before) == 32
    desk.save(asker, desk.draft(asker, Want("graph"), replaces=32))
    desk.unsubscribe(asker, 1)
    assert subscribe(desk, asker, Want("robots")).subscription.number > 32
