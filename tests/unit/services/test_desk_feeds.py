"""The desk: subscriptions to a feed that a user names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from papers.errors import SourceForbidden, SourceUnreachable, UsageError
from papers.matching.topics import DEFAULT_BAR
from papers.model import Asker, Want
from papers.services.desk import Desk
from papers.stores.server import Server
from papers.wiring import Core
from tests.builders import ELSEWHERE, TODAY, crowd, paper, store, subscribe
from tests.unit.services.conftest import Shelf, everything

FEED = "https://lab.example/feed.xml"


def test_a_feed_spelt_differently_is_a_twin_too(desk: Desk, asker: Asker, shelf: Shelf) -> None:
    shelf.feeds[FEED] = [paper(900)]
    subscribe(desk, asker, Want(feed=FEED))
    with pytest.raises(UsageError, match="already"):
        desk.draft(asker, Want(feed="HTTPS://LAB.example/feed.xml"))


def test_a_feed_is_read_at_once_and_its_entries_are_not_posted(
    desk: Desk, asker: Asker, shelf: Shelf, core: Core
) -> None:
    shelf.feeds[FEED] = [paper(900 + n, f"Entry number {n}", sources=("lab.example",)) for n in range(4)]
    draft = desk.draft(asker, Want(feed="https://LAB.example/feed.xml"))
    assert (draft.preview.total, draft.preview.archive) == (4, 4)
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


def test_a_feed_that_is_only_tested_leaves_nothing_behind(
    desk: Desk, asker: Asker, shelf: Shelf, core: Core, server: Server
) -> None:
    shelf.feeds[FEED] = [paper(900 + n, f"Entry number {n}") for n in range(4)]
    desk.test(asker, Want(topic="robots"))  # embeds the archive
    before = everything(server)
    for want in (Want(feed=FEED), Want("entry", feed=FEED), Want(feed=FEED, topic="robots", per_day=1.0)):
        assert desk.test(asker, want).archive == 4
    assert everything(server) == before
    assert len(store(core.stores.papers, *shelf.feeds[FEED], scope=FEED).new) == 4


def test_a_feed_is_tested_however_its_address_is_spelt(desk: Desk, asker: Asker, shelf: Shelf) -> None:
    shelf.feeds[FEED] = [paper(900)]
    tested = desk.test(asker, Want(feed="HTTPS://LAB.example/feed.xml"))
    assert (tested.total, tested.label) == (1, desk.draft(asker, Want(feed=FEED)).preview.label)


def test_a_volume_is_of_the_feed_alone_even_where_all_of_it_is_closer_than_the_archive(
    desk: Desk, asker: Asker, shelf: Shelf
) -> None:
    asides = [one.abstract for one in crowd(40)]
    shelf.feeds[FEED] = [
        paper(900 + n, f"A robot arm grasps object {n}", abstract=aside, day=TODAY - timedelta(days=n % 5))
        for n, aside in enumerate(asides)
    ]
    tested = desk.test(asker, Want(feed=FEED, topic="a robot arm grasps objects", per_day=2.0))
    assert (tested.days, tested.archive) == (5, 40)
    assert tested.total == pytest.approx(10, abs=1)


def test_a_feed_changes_nothing_of_what_the_archive_says(desk: Desk, asker: Asker, shelf: Shelf) -> None:
    want = Want(topic="a robot arm grasps objects", per_day=2.0)
    before = desk.test(asker, want)
    known = replace(before.latest[0].paper, title="Buy whales", abstract="Cheap.", sources=("lab.example",))
    shelf.feeds[FEED] = [*(paper(900 + n, f"A robot arm grasps object {n}") for n in range(40)), known]
    desk.test(asker, Want(feed=FEED, topic="whales"))
    assert desk.test(asker, want) == before
    subscribe(desk, asker, Want(feed=FEED, topic="whales"))
    after = desk.test(asker, want)
    assert (after.total, after.archive) == (before.total, before.archive)
    assert [(card.paper.title, card.reasons) for card in after.latest] == [
        (card.paper.title, card.reasons) for card in before.latest
    ]


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
    assert desk.draft(asker, Want(feed=FEED)).preview.total == 2


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
    assert (desk.listing(asker).rows, core.stores.channels.feeds()) == ((), [])
