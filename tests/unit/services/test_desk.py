"""The desk: subscribe, list, edit, unsubscribe, tighten and loosen, over the real stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from papers.answers import Draft
from papers.errors import NotFoundError, QuotaError, UsageError
from papers.matching.topics import DEFAULT_BAR
from papers.model import Asker, Subscription, Want
from papers.services.desk import LEAST_PER_DAY, MOST_PER_DAY, Desk
from papers.stores.channels import MAX_SUBSCRIPTIONS, ChannelStore
from papers.stores.server import Server
from papers.wiring import Core
from tests.builders import ELSEWHERE, GENERAL, paper, store, subscribe
from tests.conftest import NOW

HOUR = timedelta(hours=1)

Way = Literal["tighten", "loosen"]


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
    with pytest.raises(NotFoundError):
        desk.save(asker, draft)
    assert labels(desk, asker) == []


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


def total(draft: Draft) -> int:
    return draft.preview.total


def bar(draft: Draft) -> float:
    assert draft.subscription.bar is not None
    return draft.subscription.bar


@pytest.mark.parametrize("per_day", [0.5, 1.0, 3.0])
def test_tighten_posts_fewer_and_loosen_more(desk: Desk, asker: Asker, per_day: float) -> None:
    draft = desk.draft(asker, Want(topic="a robot arm grasps objects", per_day=per_day))
    tight, loose = desk.adjust(asker, draft, "tighten"), desk.adjust(asker, draft, "loosen")
    assert total(tight) < total(draft) < total(loose)
    assert bar(tight) > bar(draft) > bar(loose)


def test_where_no_volume_was_asked_for_that_of_the_preview_is_moved(desk: Desk, asker: Asker, core: Core) -> None:
    rare = [paper(800 + n, f"Songs of whales under the ice, part {n}", abstract="Whales sing.") for n in range(4)]
    store(core.stores.papers, *rare)
    draft = desk.draft(asker, Want(topic="songs of whales under the ice"))
    assert total(draft) == 4
    assert total(desk.adjust(asker, draft, "tighten")) < 4 < total(desk.adjust(asker, draft, "loosen"))


def test_tighten_halves_the_volume_and_loosen_doubles_it(desk: Desk, asker: Asker) -> None:
    draft = desk.draft(asker, Want(topic="a robot arm grasps objects", per_day=2.0))
    assert desk.adjust(asker, draft, "tighten").subscription.want.per_day == 1.0
    assert desk.adjust(asker, draft, "loosen").subscription.want.per_day == 4.0
    assert total(desk.adjust(asker, draft, "tighten")) == pytest.approx(total(draft) / 2, abs=2)


@pytest.mark.parametrize(("way", "end"), [("tighten", LEAST_PER_DAY), ("loosen", MOST_PER_DAY)])
def test_the_volume_stops_at_its_ends(desk: Desk, asker: Asker, way: Way, end: float) -> None:
    draft = desk.draft(asker, Want(topic="graphs", per_day=3.0))
    for _ in range(12):
        draft = desk.adjust(asker, draft, way)
    assert draft.subscription.want.per_day == pytest.approx(end, abs=0.01)


def test_adjusting_an_edit_is_still_that_edit(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want(topic="graphs", per_day=2.0))
    edit = desk.adjust(asker, desk.draft(asker, Want(topic="robots", per_day=2.0), replaces=1), "loosen")
    assert desk.save(asker, edit).subscription.number == 1
    assert labels(desk, asker) == [(1, "about: robots ~4/day")]


def test_a_query_has_no_volume_to_move(desk: Desk, asker: Asker) -> None:
    draft = desk.draft(asker, Want("robots"))
    assert not draft.can_tighten
    with pytest.raises(UsageError, match="no volume"):
        desk.adjust(asker, draft, "tighten")


def test_what_was_previewed_is_what_is_saved_and_tested(desk: Desk, asker: Asker) -> None:
    draft = desk.draft(asker, Want(topic="graph networks", per_day=2.0))
    saved = desk.save(asker, draft)
    assert saved.subscription.bar == draft.subscription.bar
    assert saved.preview == draft.preview
    assert desk.test(asker, 1) == draft.preview
    assert desk.test(asker, Want(topic="graph networks", per_day=2.0)) == draft.preview


def test_a_topic_without_a_volume_gets_the_usual_bar(desk: Desk, asker: Asker) -> None:
    assert desk.draft(asker, Want(topic="graph networks")).subscription.bar == DEFAULT_BAR
