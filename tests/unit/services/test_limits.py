"""How many feeds a workspace may read and try, and what it is told then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from papers.errors import QuotaError
from papers.model import Asker, Destination, Want
from papers.services.desk import Desk
from papers.services.limits import TRIED_A_DAY, FeedLimits, payer
from tests.builders import paper, subscribe
from tests.unit.services.conftest import Shelf, everything

TEAM = Asker(Destination("slack", "T1", "C1"), "ada")
NEXT_DOOR = Asker(Destination("slack", "T1", "C2"), "grace")
ELSEWHERE = Asker(Destination("slack", "T2", "C1"), "ada")
OPERATOR = Asker(Destination("terminal", "local", "general"), "ada")


def feed(number: int) -> Want:
    return Want(feed=f"https://blog.example/{number}.xml")


@pytest.fixture
def allowed(desk: Desk, shelf: Shelf) -> Desk:
    """A desk where a workspace may read two feeds; there are three."""
    for number in range(3):
        shelf.feeds[str(feed(number).feed)] = [paper(900 + number, f"Blog {number}")]
    limits = desk.limits
    return replace(desk, limits=FeedLimits(limits.channels, limits.spend, 2))


def test_a_workspace_reads_so_many_feeds_in_all_its_channels_together(allowed: Desk) -> None:
    subscribe(allowed, TEAM, feed(0))
    subscribe(allowed, NEXT_DOOR, feed(1))
    before = everything(allowed.channels._server)  # type: ignore[attr-defined] # the store's own
    with pytest.raises(QuotaError, match="reads 2 feeds already") as caught:
        allowed.draft(TEAM, feed(2))
    assert "unsubscribe" in caught.value.advice
    assert everything(allowed.channels._server) == before  # type: ignore[attr-defined] # as above
    subscribe(allowed, TEAM, feed(1))  # which it reads already
    subscribe(allowed, ELSEWHERE, feed(2))
    allowed.unsubscribe(TEAM, 1)
    subscribe(allowed, TEAM, feed(2))


def test_drafts_that_waited_do_not_go_around_it(allowed: Desk) -> None:
    drafts = [allowed.draft(TEAM, feed(number)) for number in range(3)]
    for draft in drafts[:2]:
        allowed.save(TEAM, draft)
    with pytest.raises(QuotaError):
        allowed.save(TEAM, drafts[2])
    assert len(allowed.listing(TEAM).rows) == 2


def test_the_operator_has_no_limit(allowed: Desk) -> None:
    for number in range(3):
        subscribe(allowed, OPERATOR, feed(number))


def test_feeds_that_nobody_reads_are_tried_so_often_in_a_day_and_those_that_are_read_at_will(allowed: Desk) -> None:
    subscribe(allowed, ELSEWHERE, feed(0))
    for _ in range(TRIED_A_DAY - 1):
        allowed.limits.trial(TEAM.destination, str(feed(1).feed))
    allowed.draft(TEAM, feed(1))
    with pytest.raises(QuotaError, match="tried many new feeds") as caught:
        allowed.draft(NEXT_DOOR, feed(1))
    assert "try again in" in caught.value.advice
    allowed.draft(TEAM, feed(0))
    allowed.draft(ELSEWHERE, feed(1))


def test_who_writes_directly_pays_alone() -> None:
    assert payer(TEAM.destination) == payer(NEXT_DOOR.destination) != payer(ELSEWHERE.destination)
    mine, yours = (Destination("discord", "@me", f"@{user}") for user in (1, 2))
    assert payer(mine) != payer(yours)
