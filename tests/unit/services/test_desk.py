"""The desk: what each command means, over the real stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

import pytest

from papers.answers import Draft, Saved
from papers.errors import NotFoundError, QuotaError, SourceForbidden, SourceUnreachable, UsageError
from papers.matching.topics import DEFAULT_BAR
from papers.model import Asker, Delivery, Destination, Digest, Heading, Paper, Schedule, Subscription, Want
from papers.services.desk import LEAST_PER_DAY, MOST_PER_DAY, Desk
from papers.stores.channels import MAX_SUBSCRIPTIONS, ChannelStore
from papers.stores.inbox import Delivered
from papers.stores.server import Server
from papers.wiring import Core
from tests.builders import GENERAL, TODAY, crowd, match, paper, store
from tests.conftest import NOW

HOUR = timedelta(hours=1)
FEED = "https://lab.example/feed.xml"
ELSEWHERE = Asker(Destination("slack", "T1", "C1"), "ada")

Way = Literal["tighten", "loosen"]


class Shelf:
    """A FeedReader of feeds that lie here."""

    def __init__(self) -> None:
        self.feeds: dict[str, list[Paper]] = {}

    def canonical(self, url: str) -> str:
        """In lower case; private addresses are refused."""
        if "10.0.0." in url:
            raise SourceForbidden("a private address")
        return url.lower()

    def read(self, url: str) -> Digest:
        """All entries."""
        if url not in self.feeds:
            raise SourceUnreachable("no answer")
        return Digest(url, TODAY, tuple(self.feeds[url]), "cursor")


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def desk(core: Core, shelf: Shelf) -> Desk:
    """A desk at NOW, over an archive of ten days with fourteen papers each."""
    store(core.stores.papers, *crowd(140))
    core.stores.papers.matched(core.stores.papers.unmatched(1000))
    return replace(core.desk, clock=lambda: NOW, feeds=shelf)


def subscribe(desk: Desk, asker: Asker, want: Want) -> Saved:
    return desk.save(asker, desk.draft(asker, want))


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


def test_a_feed_spelt_differently_is_a_twin_too(desk: Desk, asker: Asker, shelf: Shelf) -> None:
    shelf.feeds[FEED] = [paper(900)]
    subscribe(desk, asker, Want(feed=FEED))
    with pytest.raises(UsageError, match="already"):
        desk.draft(asker, Want(feed="HTTPS://LAB.example/feed.xml"))


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


@pytest.mark.parametrize("per_day", [None, 1.0, 3.0])
def test_tighten_posts_fewer_and_loosen_more(desk: Desk, asker: Asker, per_day: float | None) -> None:
    draft = desk.draft(asker, Want(topic="a robot arm grasps objects", per_day=per_day))
    tight, loose = desk.adjust(asker, draft, "tighten"), desk.adjust(asker, draft, "loosen")
    assert total(tight) < total(draft) < total(loose)
    assert (tight.subscription.bar or 0) > (draft.subscription.bar or 9) > (loose.subscription.bar or 9)


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


def test_a_feed_is_read_at_once_and_its_entries_are_not_posted(
    desk: Desk, asker: Asker, shelf: Shelf, core: Core
) -> None:
    shelf.feeds[FEED] = [paper(900 + n, f"Entry number {n}", sources=("lab.example",)) for n in range(4)]
    draft = desk.draft(asker, Want(feed="https://LAB.example/feed.xml"))
    assert (total(draft), draft.preview.archive) == (4, 4)
    saved = desk.save(asker, draft)
    assert saved.subscription.want.feed == FEED
    assert core.stores.channels.feeds() == [FEED]
    assert store(core.stores.papers, *shelf.feeds[FEED], scope=FEED).new == ()
    assert core.stores.papers.unmatched(10) == []


def test_of_a_feed_only_what_the_query_matches_is_previewed(desk: Desk, asker: Asker, shelf: Shelf) -> None:
    shelf.feeds[FEED] = [paper(900, "About agents"), paper(901, "About zebras")]
    draft = desk.draft(asker, Want("zebras", feed=FEED))
    assert [card.paper.id for card in draft.preview.latest] == [paper(901).id]


def test_an_entry_that_a_feed_brings_while_another_channel_subscribes_is_still_new_to_the_first(
    desk: Desk, asker: Asker, shelf: Shelf, core: Core
) -> None:
    shelf.feeds[FEED] = [paper(900, "Entry number one")]
    subscribe(desk, asker, Want(feed=FEED))
    shelf.feeds[FEED].append(paper(901, "Entry number two"))
    subscribe(desk, ELSEWHERE, Want(feed=FEED))
    assert store(core.stores.papers, *shelf.feeds[FEED], scope=FEED).new == (paper(901).id,)


def test_a_feed_is_polled_until_its_last_subscription_goes(desk: Desk, asker: Asker, shelf: Shelf, core: Core) -> None:
    shelf.feeds[FEED] = [paper(900)]
    subscribe(desk, asker, Want(feed=FEED))
    subscribe(desk, ELSEWHERE, Want(feed=FEED))
    desk.unsubscribe(asker, 1)
    assert core.stores.channels.feeds() == [FEED]
    desk.unsubscribe(ELSEWHERE, 1)
    assert core.stores.channels.feeds() == []


def test_a_feed_whose_entries_have_no_date_can_be_subscribed_to(desk: Desk, asker: Asker, shelf: Shelf) -> None:
    shelf.feeds[FEED] = [paper(900 + n, f"Entry number {n}", day=None) for n in range(2)]
    assert total(desk.draft(asker, Want(feed=FEED))) == 2


def test_an_empty_feed_can_be_subscribed_to(desk: Desk, asker: Asker, shelf: Shelf) -> None:
    shelf.feeds[FEED] = []
    assert subscribe(desk, asker, Want(feed=FEED, topic="robots", per_day=1.0)).subscription.bar == DEFAULT_BAR


@pytest.mark.parametrize(
    ("url", "error"), [("http://10.0.0.7/feed.xml", SourceForbidden), ("https://gone.example/", SourceUnreachable)]
)
def test_a_feed_that_cannot_be_read_is_refused_and_changes_nothing(
    desk: Desk, asker: Asker, core: Core, url: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        desk.draft(asker, Want(feed=url))
    assert (labels(desk, asker), core.stores.channels.feeds()) == ([], [])


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
    core.stores.inbox.put([Delivered(GENERAL, {paper(1).id: [match(paper(1).id)]})], NOW)
    assert core.stores.inbox.next_slot(GENERAL) is None
    resumed = desk.pause(asker, paused=False)
    assert (resumed.paused, resumed.waiting, resumed.next_post) == (False, 1, NOW + HOUR)
    assert core.stores.inbox.next_slot(GENERAL) == NOW + HOUR


def test_an_instant_channel_that_resumes_is_due_at_once_with_what_waited(desk: Desk, asker: Asker, core: Core) -> None:
    desk.pause(asker, paused=True)
    core.stores.inbox.put([Delivered(GENERAL, {paper(1).id: [match(paper(1).id)]})], NOW)
    assert core.stores.inbox.next_slot(GENERAL) is None
    desk.pause(asker, paused=False)
    assert core.stores.inbox.next_slot(GENERAL) == NOW


def test_a_schedule_set_while_paused_does_not_end_the_pause(desk: Desk, asker: Asker) -> None:
    desk.pause(asker, paused=True)
    answer = desk.set_schedule(asker, Schedule("daily", "09:00"))
    assert (answer.paused, answer.next_post) == (True, None)


def test_search_looks_at_the_archive(desk: Desk) -> None:
    answer = desk.search("grasp robot", since_days=None, page=2)
    assert (answer.page, len(answer.cards)) == (2, 5)
    assert all("Grasping" in card.paper.title for card in answer.cards)
    assert desk.search("grasp robot", since_days=1, page=1).total < answer.total


def test_the_pages_of_days_and_trends_are_served(desk: Desk) -> None:
    assert desk.digest(None).first == TODAY
    assert desk.digest(date(2026, 3, 4)).total == 14
    assert desk.trending(week=True).first == TODAY - timedelta(days=6)


def test_why_says_what_became_of_a_paper(desk: Desk, asker: Asker, core: Core) -> None:
    subscribe(desk, asker, Want("grasp"))
    grasping, other = crowd(140)[2], crowd(140)[3]
    core.stores.inbox.put([Delivered(GENERAL, {grasping.id: [match(grasping.id)]})], NOW)
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
    with pytest.raises(NotFoundError, match="2601.99999"):
        desk.why(asker, "2601.99999")


def test_the_log_lists_the_last_deliveries_newest_first(desk: Desk, asker: Asker, core: Core) -> None:
    assert desk.log(asker).rows == ()
    for number, note in enumerate(["the weekend", None]):
        slot = NOW + number * HOUR
        desk.set_schedule(asker, Schedule("daily", f"{9 + number:02}:00"))
        due = core.stores.inbox.next_slot(GENERAL)
        assert due is not None
        delivery = Delivery(f"{number:024}", GENERAL, "empty", Heading(TODAY, 0, note=note), slot)
        core.stores.outbox.commit(GENERAL, [delivery], taken=[], was_due=due, next_slot=due, now=slot)
    rows = desk.log(asker).rows
    assert [(row.delivery, row.kind, row.state, row.detail) for row in rows] == [
        (f"{1:024}", "empty", "pending", ""),
        (f"{0:024}", "empty", "pending", "the weekend"),
    ]
    assert desk.log(ELSEWHERE).rows == ()
