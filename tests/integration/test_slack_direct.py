"""Direct messages with the app: words there are commands; nothing else that is written anywhere is read."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack import acts
from tests.integration.slackline import SlackLine, ask, pressing, told


def write(line: SlackLine, words: str, user: str = "U1", **changes: Any) -> str:
    """Write to the app; what it says then, "" if that is nothing."""
    slack = line.slack
    channel = slack.dm(user)
    before = len(slack.direct(user))
    fields = {"channel": channel, "channel_type": "im", "user": user, "text": words, "ts": slack.world.stamp()}
    assert slack.event("message", **(fields | changes)).acknowledged is not None
    ask(line, "help", user="U3")  # as long as anything takes
    return told(*slack.direct(user)[before:])


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_words_are_answered_as_commands_are(line: SlackLine) -> None:
    line.poll()
    slack = line.slack
    for words, answer in (
        ("search maps", "Diffusion for maps"),
        ("/papers list", "No subscriptions here yet"),
        ("papers list", "No subscriptions here yet"),
        ("hello", "/papers"),
        ("", "/papers"),
        ("search &lt;maps&gt; &amp; more", "paper"),
    ):
        before = len(slack.direct("U1"))
        said = write(line, words)
        slack.until(lambda before=before: len(slack.direct("U1")) > before)  # type: ignore[misc] # bound at once
        assert answer in (said or told(slack.direct("U1")[-1]))


def test_a_subscription_made_in_words_there_is_ones_own(line: SlackLine) -> None:
    slack = line.slack
    write(line, "subscribe diffusion -survey", user="U3")
    slack.until(lambda: slack.direct("U3"))
    (draft,) = slack.direct("U3")
    slack.click("U3", draft.channel, draft, pressing(acts.SAVE)).answered()
    assert "Subscribed" in told(slack.direct("U3")[0])
    line.poll()
    line.work()
    slack.until(lambda: len(slack.direct("U3")) == 3)
    assert "Diffusion for maps" in told(slack.direct("U3")[1])


def test_cancel_there_takes_the_preview_away(line: SlackLine) -> None:
    slack = line.slack
    write(line, "subscribe diffusion")
    slack.until(lambda: slack.direct("U1"))
    (draft,) = slack.direct("U1")
    slack.click("U1", draft.channel, draft, pressing(acts.CANCEL))
    slack.until(lambda: not slack.direct("U1"))


def test_pages_turn_in_place_there(line: SlackLine) -> None:
    slack = line.slack
    line.poll()
    write(line, "settings")
    slack.until(lambda: slack.direct("U1"))
    (shown,) = slack.direct("U1")
    turned = slack.click("U1", shown.channel, shown, pressing(acts.TURN, "settings format full")).answered()
    assert turned.ts == shown.ts
    assert "whole abstracts" in told(*slack.direct("U1"))


@pytest.mark.parametrize(
    "fields",
    [
        {"bot_id": "BT1"},
        {"bot_id": "B9"},
        {"subtype": "bot_message", "bot_id": "B9"},
        {"subtype": "message_changed", "message": {"text": "help"}, "text": None},
        {"subtype": "message_deleted", "deleted_ts": "1.1", "text": None},
        {"subtype": "file_share", "files": []},
        {"channel": "C1", "channel_type": "channel"},
        {"channel": "C1", "channel_type": "group"},
        {"channel": "C1", "channel_type": "mpim"},
    ],
)
def test_what_bots_write_edits_and_channels_are_not_read(line: SlackLine, fields: dict[str, Any]) -> None:
    assert write(line, "help", **fields) == ""
    assert line.slack.messages("C1") == []
    assert line.slack.ephemerals("U1", "C1") == []


def test_the_same_message_twice_is_answered_once(line: SlackLine) -> None:
    slack = line.slack
    channel = slack.dm("U1")
    told_of = slack.event("message", channel=channel, channel_type="im", user="U1", text="list", ts="1.000001")
    assert slack.repeat(told_of).acknowledged is not None
    slack.until(lambda: slack.direct("U1"))
    ask(line, "help")
    assert len(slack.direct("U1")) == 1


def test_an_answer_that_slack_does_not_take_breaks_nothing(line: SlackLine) -> None:
    line.slack.fail("chat.postMessage", "500")
    write(line, "list")
    line.slack.until(lambda: line.slack.called("chat.postMessage"))
    before = len(line.slack.direct("U1"))
    write(line, "list")
    line.slack.until(lambda: len(line.slack.direct("U1")) > before)
