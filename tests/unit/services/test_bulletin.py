"""What a feed holds, decided from what was posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from bot.discord import client as discord_client
from bot.discord import errors as discord
from bot.slack import errors as slack
from bot.slack import events as slack_events
from bot.slack.tokens import GONE
from papers.model import Item, Reason, Record
from papers.outlet import Outlet
from papers.services.bulletin import LOOKED_BACK, MOST, REMOVED, brought, bulletin
from papers.services.channel import LOOKED_BACK as CHANNEL_REMEMBERS
from tests.builders import paper
from tests.conftest import NOW
from tests.integration.outboxes import delivery

OUTLET = Outlet("s3cret", UUID(int=7), NOW - timedelta(days=9))
PAPERS = {one.id: one for one in (paper(number, f"Paper {number}") for number in range(80))}
WORDS = Reason(words=("attention",))


def posted(*papers: str, at: datetime = NOW) -> list[tuple[Item, datetime]]:
    return [(Item(one, 1.0, (1, 2), (WORDS, WORDS)), at) for one in papers]


def test_each_paper_stands_in_it_once_as_it_was_posted_last() -> None:
    again = posted("2603.00001", "2603.00002") + posted("2603.00002", at=NOW - timedelta(days=1))
    made = bulletin(OUTLET, (), again, PAPERS)
    assert [(one.card.paper.title, one.posted) for one in made.entries] == [("Paper 1", NOW), ("Paper 2", NOW)]
    assert made.entries[0].card.reasons == (WORDS,)
    assert made.updated == NOW


def test_it_holds_the_newest_fifty_and_leaves_out_what_is_no_more() -> None:
    made = bulletin(OUTLET, (), posted("2699.00001", *PAPERS), PAPERS)
    assert [one.card.paper.id for one in made.entries] == list(PAPERS)[:MOST]


def test_an_empty_one_was_updated_when_it_was_made() -> None:
    assert bulletin(OUTLET, (), [], {}).updated == OUTLET.made


def test_its_title_is_what_the_channel_asked_for() -> None:
    assert (
        bulletin(OUTLET, ("diffusion", "robots", "maps"), [], {}).title
        == "Paperboy: papers for diffusion and 2 other subscriptions"
    )
    assert bulletin(OUTLET, (), [], {}).title == "Paperboy: papers"


def test_ids_outlast_the_secret_and_are_no_other_channel_s() -> None:
    ids = [one.id for one in bulletin(OUTLET, (), posted(*PAPERS), PAPERS).entries]
    renewed = bulletin(replace(OUTLET, secret=OUTLET.secret[::-1]), (), posted(*PAPERS), PAPERS)
    elsewhere = bulletin(replace(OUTLET, seed=UUID(int=8)), (), posted(*PAPERS), PAPERS)
    assert [one.id for one in renewed.entries] == ids
    assert not {one.id for one in elsewhere.entries} & set(ids)


@pytest.mark.parametrize("state", ["pending", "sending", "dead", "unknown", "parked"])
def test_only_what_was_posted_counts(state: str) -> None:
    sent = Record(delivery(1, "2603.00001"), "sent", NOW)
    other = Record(delivery(2, "2603.00002"), state, NOW)  # type: ignore[arg-type] # one of them
    assert [item.paper for item, _ in brought([other, sent])] == ["2603.00001"]


def test_every_reason_of_a_removal_is_known_as_one_and_no_other_reason_is() -> None:
    told = [
        *slack.CLOSED.values(),
        *discord.CLOSED.values(),
        *slack_events.CLOSED.values(),
        slack_events.REMOVED,
        discord_client.REMOVED,
        GONE,
    ]
    removals = {reason for reason in told if any(words in reason for words in REMOVED)}
    assert removals == {reason for reason in told if "removed" in reason or "installed" in reason or "banned" in reason}
    assert len(removals) == 7


def test_a_feed_looks_back_at_all_that_is_remembered() -> None:
    assert LOOKED_BACK == CHANNEL_REMEMBERS


def test_a_secret_is_in_no_repr() -> None:
    assert "s3cret" not in repr(OUTLET)
