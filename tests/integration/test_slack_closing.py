"""Channels that close and open again: archived, deleted, the bot removed and invited back, renamed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.slack import acts
from papers.model import Destination, Subscription, Want
from papers.wiring import clock
from tests.fakes.entries import item
from tests.fakes.slack import StrictSlack
from tests.fakes.upstream import Upstream
from tests.integration.slackline import DAY, SlackLine, ask, brought, pressing, subscribe, told, verbs

HERE = Destination("slack", "T1", "C1")
Happening = Callable[[StrictSlack], object]


def late(line: SlackLine) -> None:
    """Papers come, while the channel is closed; matching goes on, and planning for the others."""
    line.poll()
    line.work()


@pytest.mark.parametrize(
    ("closes", "opens", "reason"),
    [
        (lambda slack: slack.archive("C1"), lambda slack: slack.unarchive("C1"), "archived"),
        (lambda slack: slack.leave("C1"), lambda slack: slack.join("C1"), "removed"),
    ],
)
@pytest.mark.parametrize("mode", ["socket", "http"])
def test_a_closed_channel_waits_and_goes_on_when_it_opens(
    line: SlackLine, closes: Happening, opens: Happening, reason: str
) -> None:
    slack = line.slack
    subscribe(line, "diffusion -survey")
    closes(slack)
    slack.until(lambda: slack.direct("U1"))
    (news,) = slack.direct("U1")
    assert reason in told(news)
    assert acts.REPAIR in verbs(news)
    late(line)
    assert slack.called("chat.postMessage")[-1].args["channel"] == news.channel
    assert slack.messages("C1") == []
    opens(slack)
    slack.until(lambda: line.stores.outbox.suspended(HERE) is None)
    assert "Diffusion for maps" in told(brought(line, count=2)[0])
    assert slack.direct("U1") == [news]


def test_a_private_channel_closes_and_opens_by_events_of_its_own(line: SlackLine) -> None:
    slack = line.slack
    slack.channel("C2", private=True)
    subscribe(line, "diffusion -survey", channel="C2")
    slack.archive("C2")
    slack.until(lambda: slack.direct("U1"))
    slack.unarchive("C2")
    slack.until(lambda: line.stores.outbox.suspended(Destination("slack", "T1", "C2")) is None)
    assert len(brought(line, "C2", 2)) == 2
    slack.leave("C2")
    slack.until(lambda: len(slack.direct("U1")) == 2)


def test_each_owner_is_told_once_whatever_comes_twice(line: SlackLine) -> None:
    slack = line.slack
    for user, words in (("U1", "diffusion"), ("U1", "graphs"), ("U2", "maps")):
        subscribe(line, words, user=user)
    left = slack.leave("C1")
    slack.repeat(left)
    slack.archive("C1")
    slack.until(lambda: slack.direct("U1") and slack.direct("U2"))
    late(line)
    assert [len(slack.direct(user)) for user in ("U1", "U2")] == [1, 1]


def test_the_bot_learns_of_a_closed_channel_when_it_posts_and_repair_mends_it(
    line: SlackLine, upstream: Upstream
) -> None:
    slack = line.slack
    subscribe(line, "diffusion -survey")
    slack.workspace().channels["C1"].is_archived = True
    late(line)
    slack.until(lambda: slack.direct("U1"))
    (news,) = slack.direct("U1")
    refused = slack.click("U1", news.channel, news, pressing(acts.REPAIR, "C1")).answered()
    assert "archived" in told(refused)
    slack.workspace().channels["C1"].is_archived = False
    mended = slack.click("U1", news.channel, news, pressing(acts.REPAIR, "C1")).answered()
    assert "Posting again" in told(mended)
    upstream.day(DAY, [item("2603.00004", "Diffusion for music", upvotes=5)])
    first, _, second, *_ = map(told, brought(line, "C1", 3))
    assert "Diffusion for maps" in first  # which was refused, and waited
    assert "Diffusion for music" in second


def test_repair_joins_a_public_channel_again(line: SlackLine) -> None:
    slack = line.slack
    subscribe(line, "diffusion -survey")
    slack.leave("C1")
    slack.until(lambda: slack.direct("U1"))
    (news,) = slack.direct("U1")
    assert "Posting again" in told(slack.click("U1", news.channel, news, pressing(acts.REPAIR, "C1")).answered())
    assert len(brought(line, "C1", 2)) == 2


def test_whoever_left_the_channel_since_repairs_nothing(line: SlackLine) -> None:
    slack = line.slack
    slack.channel("C2", members=["U1"])
    here = Destination("slack", "T1", "C2")
    line.stores.channels.add(Subscription("", 0, here, Want(query="maps"), created_by="U3", created_at=clock()))
    slack.leave("C2")
    slack.until(lambda: slack.direct("U3"))
    (news,) = slack.direct("U3")
    assert "only members" in told(slack.click("U3", news.channel, news, pressing(acts.REPAIR, "C2")).answered())
    assert "removed" in told(ask(line, "list", channel="C2"))


def test_a_deleted_channel_is_told_of_and_nothing_is_posted(line: SlackLine) -> None:
    slack = line.slack
    subscribe(line, "diffusion -survey")
    slack.delete_channel("C1")
    slack.until(lambda: slack.direct("U1"))
    (news,) = slack.direct("U1")
    assert "deleted" in told(news)
    posted = len(slack.called("chat.postMessage"))
    late(line)
    assert len(slack.called("chat.postMessage")) == posted
    refused = told(slack.click("U1", news.channel, news, pressing(acts.REPAIR, "C1")).answered())
    assert "Paperboy" in refused


def test_somebody_elses_joining_opens_nothing(line: SlackLine) -> None:
    slack = line.slack
    subscribe(line, "diffusion -survey")
    slack.leave("C1")
    slack.until(lambda: slack.direct("U1"))
    slack.join("C1", "U3")
    late(line)
    assert "removed" in told(ask(line, "list"))
    assert slack.messages("C1") == []


def test_a_renamed_channel_goes_on_by_its_id(line: SlackLine) -> None:
    subscribe(line, "diffusion -survey")
    assert line.slack.rename("C1", "papers").acknowledged is not None
    assert len(brought(line, "C1", 2)) == 2


def test_a_channel_without_subscriptions_closes_without_a_word(line: SlackLine) -> None:
    for act in (line.slack.archive("C1"), line.slack.unarchive("C1"), line.slack.leave("C1"), line.slack.join("C1")):
        assert act.acknowledged is not None
    assert "No subscriptions" in told(ask(line, "list"))
    assert line.slack.direct("U1") == []
