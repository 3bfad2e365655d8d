"""Slack from the keystroke to the posted message: the real bot over HTTP and Socket Mode, against a strict Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.slack import acts
from papers.stores.server import Server
from tests.fakes.entries import item
from tests.fakes.slack import Act, StrictSlack
from tests.fakes.upstream import Upstream
from tests.integration.slackline import Mode, SlackLine, one_workspace

DAY = "2026-03-10"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        running.day(
            DAY,
            [
                item("2603.00001", "Diffusion for maps", upvotes=30, summary="We draw maps by diffusion. It works."),
                item("2603.00002", "A survey of diffusion", upvotes=20, summary="We read about diffusion."),
                item("2603.00003", "Graphs of words", upvotes=10, summary="We link words."),
            ],
        )
        yield running


@pytest.fixture
def slack() -> Iterator[StrictSlack]:
    with StrictSlack() as running:
        running.channel("C1", members=["U1", "U2"])
        yield running
        assert running.violations == []


@pytest.fixture(params=["socket", "http"])
def line(request: pytest.FixtureRequest, server: Server, upstream: Upstream, slack: StrictSlack) -> Iterator[SlackLine]:
    mode: Mode = request.param
    made = one_workspace(server, upstream, slack, mode)
    with made.running():
        yield made


def pressing(verb: str, value: str | None = None) -> Callable[[Any], bool]:
    """A button by what it says."""
    return lambda element: (
        acts.verb(element["action_id"]) == verb and (value is None or element.get("value", "") == value)
    )


def ask(line: SlackLine, words: str, user: str = "U1", channel: str = "C1") -> Act:
    """Type a command, and wait for its answer."""
    act = line.slack.command(user, channel, f"/papers {words}")
    act.answered()
    return act


def subscribe(line: SlackLine, words: str, user: str = "U1", channel: str = "C1") -> None:
    """Subscribe, and press Save."""
    draft = ask(line, f"subscribe {words}", user, channel).messages[-1]
    line.slack.click(user, channel, draft, pressing(acts.SAVE)).answered()


def test_the_whole_way_from_a_subscription_to_a_vote(line: SlackLine) -> None:
    slack = line.slack
    draft = ask(line, "subscribe diffusion -survey").messages[-1]
    assert "diffusion -survey" in str(draft.blocks)
    saved = slack.click("U1", "C1", draft, pressing(acts.SAVE)).answered()
    assert "Subscribed" in str(saved.blocks)
    line.poll()
    line.work()
    slack.until(lambda: len(slack.messages("C1")) == 2)
    headline, reply = slack.messages("C1")
    assert slack.thread("C1", headline.ts) == [reply]
    assert "Diffusion for maps" in str(headline.blocks)
    assert "survey of" not in str(headline.blocks)
    voted = slack.click("U2", "C1", headline, pressing(acts.UP, "2603.00001")).answered()
    assert "1" in str(voted.blocks)
    why = slack.click("U2", "C1", headline, pressing(acts.SAY, "why 2603.00001")).answered()
    assert "diffusion" in str(why.blocks)
    assert "survey" in str(ask(line, "why 2603.00002").messages[-1].blocks)
    assert "sent" in str(ask(line, "log").messages[-1].blocks)
    assert [one.to for one in slack.ephemerals("U2", "C1")] == ["U2", "U2"]


LINES = (
    *("help", "help subscribe", "list", "log", "", "search diffusion", "search nothing-like-this", "similar maps"),
    *("why 2603.00001", "digest", "trending", "trending week", "test diffusion", "settings", "settings format full"),
    *("subscribe about: drawing maps ~1/day", "subscribe trending top:3", "daily 09:00 Europe/Berlin weekdays"),
    *("weekly mon 09:00", "instant", "pause", "resume", "unsubscribe 9", "nonsense", "subscribe (open"),
)


@pytest.mark.parametrize("words", LINES)
def test_every_command_is_acknowledged_at_once_and_answered_to_the_asker(line: SlackLine, words: str) -> None:
    line.poll()
    act = ask(line, words)
    assert act.acknowledged is not None
    assert act.acknowledged < 1
    (message,) = act.messages
    assert message.to == "U1"
    assert line.slack.messages("C1") == []
