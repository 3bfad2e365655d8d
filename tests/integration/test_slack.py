"""Slack from the keystroke to the posted message: the real bot over HTTP and Socket Mode, against a strict Slack."""

from __future__ import annotations

import pytest

from bot.slack import acts
from tests.integration.slackline import SlackLine, ask, pressing, told

pytestmark = pytest.mark.parametrize("mode", ["socket", "http"])

LINES = (
    *("help", "help subscribe", "list", "log", "", "search diffusion", "search nothing-like-this", "similar maps"),
    *("why 2603.00001", "digest", "trending", "trending week", "test diffusion", "settings", "settings format full"),
    *("subscribe about: drawing maps ~1/day", "subscribe trending top:3", "daily 09:00 Europe/Berlin weekdays"),
    *("weekly mon 09:00", "instant", "pause", "resume", "unsubscribe 9", "nonsense", "subscribe (open"),
)


def test_the_whole_way_from_a_subscription_to_a_vote(line: SlackLine) -> None:
    slack = line.slack
    draft = ask(line, "subscribe diffusion -survey")
    assert "diffusion -survey" in told(draft)
    assert "Subscribed" in told(slack.click("U1", "C1", draft, pressing(acts.SAVE)).answered())
    line.poll()
    line.work()
    slack.until(lambda: len(slack.messages("C1")) == 2)
    headline, reply = slack.messages("C1")
    assert slack.thread("C1", headline.ts) == [reply]
    assert "Diffusion for maps" in told(headline)
    assert "survey of" not in told(headline)
    assert "👍" in told(slack.click("U2", "C1", headline, pressing(acts.UP, "2603.00001")).answered())
    why = slack.click("U2", "C1", headline, pressing(acts.SAY, "why 2603.00001")).answered()
    assert "diffusion" in told(why)
    assert "survey" in told(ask(line, "why 2603.00002"))
    assert "sent" in told(ask(line, "log"))
    assert [one.to for one in slack.ephemerals("U2", "C1")] == ["U2", "U2"]


def test_every_command_is_acknowledged_at_once_and_answered_to_the_asker(line: SlackLine) -> None:
    line.poll()
    for words in LINES:
        act = line.slack.command("U1", "C1", f"/papers {words}")
        assert act.acknowledged is not None, words
        assert act.acknowledged < 1, words
        assert act.answered().to == "U1", words
        assert len(act.messages) == 1, words
    assert line.slack.messages("C1") == []
