"""Two workspaces that have a C1 and a U1 each: nothing of the one is seen, changed or spent in the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.slack import acts
from papers.stores.server import Server
from tests.fakes.slack import Message, StrictSlack
from tests.fakes.upstream import Upstream
from tests.integration.slackline import (
    Mode,
    SlackLine,
    admins_only,
    ask,
    brought,
    buttons,
    install,
    many_workspaces,
    pressing,
    subscribe,
    told,
    visit,
)


@pytest.fixture
def line(mode: Mode, server: Server, upstream: Upstream, slack: StrictSlack) -> Iterator[SlackLine]:
    """The bot in T1 and T2; "secret" is subscribed to in T1's C1 alone."""
    slack.channel("C1", "T2", members=["U1", "U2"])
    made = many_workspaces(server, upstream, slack, mode)
    with made.running():
        for workspace in ("T1", "T2"):
            assert "is installed" in install(made, workspace)
        subscribe(made, "diffusion OR secret")
        yield made


@pytest.mark.parametrize("words", ["list", "log", "why 2603.00001", "settings", "test 1", "edit 1 maps"])
def test_what_one_says_of_its_channel_says_nothing_of_the_others(line: SlackLine, words: str) -> None:
    brought(line, count=2)
    ask(line, "settings format full")
    said = told(ask(line, words, workspace="T2"))
    assert "secret" not in said
    assert "sent" not in said
    assert "show whole abstracts" not in said


def test_posts_and_votes_stay_where_they_belong(line: SlackLine) -> None:
    slack = line.slack
    subscribe(line, "graphs", workspace="T2")
    brought(line, count=2)
    slack.until(lambda: len(slack.messages("C1", "T2")) == 2)
    ours, theirs = slack.messages("C1")[0], slack.messages("C1", "T2")[0]
    assert "Graphs" not in told(ours)
    assert "Diffusion" not in told(theirs)
    slack.click("U1", "C1", ours, pressing(acts.UP, "2603.00001")).answered()
    assert "👍 1" not in told(ask(line, "list", workspace="T2"))


def test_app_home_and_personal_channels_are_each_workspaces_own(line: SlackLine) -> None:
    subscribe(line, "mine alone", channel=line.slack.dm("U1"))
    assert "mine alone" in visit(line)
    assert "1. For yourself" in visit(line, workspace="T2")
    ask(line, "help", workspace="T2")
    assert "No subscriptions" in told(ask(line, "list", channel=line.slack.dm("U1", "T2"), workspace="T2"))


def stolen(line: SlackLine, value: str) -> Message:
    """A draft in T2, whose buttons all say `value` of T1's."""
    message = ask(line, "subscribe graphs", workspace="T2")
    for button in buttons(message):
        button["value"] = value
    return message


def test_a_draft_of_one_cannot_be_saved_seen_or_cancelled_in_the_other(line: SlackLine) -> None:
    slack = line.slack
    draft = ask(line, "subscribe about: secret plans ~1/day")
    theirs = stolen(line, buttons(draft)[0]["value"])
    for verb in (acts.SAVE, acts.CANCEL):
        act = slack.click("U1", "C1", theirs, pressing(verb), workspace="T2").until(lambda act: act.responses)
        assert "secret" not in told(*act.messages)
    assert "No subscriptions" in told(ask(line, "list", workspace="T2"))
    assert "Subscribed" in told(slack.click("U1", "C1", draft, pressing(acts.SAVE)).answered())


def test_a_repair_button_of_one_reopens_nothing_in_the_other(line: SlackLine) -> None:
    slack = line.slack
    subscribe(line, "graphs", workspace="T2")
    for workspace in ("T1", "T2"):
        slack.leave("C1", workspace=workspace)
        slack.until(lambda workspace=workspace: len(slack.direct("U1", workspace)) == 2)  # type: ignore[misc] # bound
    news = slack.direct("U1")[-1]
    slack.click("U1", news.channel, news, pressing(acts.REPAIR, "C1")).answered()
    assert "removed" not in told(ask(line, "list"))
    assert "removed" in told(ask(line, "list", workspace="T2"))


@pytest.mark.usefixtures("long_minute")
def test_commands_spent_in_one_are_not_missed_in_the_other(line: SlackLine) -> None:
    for _ in range(30):
        ask(line, "help")
    assert "that was a lot" in told(ask(line, "help"))
    assert "that was a lot" not in told(ask(line, "help", workspace="T2"))


def test_an_admin_of_one_is_nobody_in_the_other(line: SlackLine) -> None:
    line.slack.user("U1", "T1", admin=True)
    ask(line, "settings changes admins")
    admins_only(line, workspace="T2")
    assert "Paused" in told(ask(line, "pause"))
    assert "admins" in told(ask(line, "pause", workspace="T2"))


@pytest.mark.usefixtures("long_minute")
def test_previews_by_buttons_count_as_commands_and_saving_does_not(line: SlackLine) -> None:
    draft = ask(line, "subscribe about: secret plans ~1/day")
    for _ in range(29):
        ask(line, "help")
    for verb in (acts.TIGHTEN, acts.LOOSEN):
        assert "that was a lot" in told(line.slack.click("U1", "C1", draft, pressing(verb)).answered())
    assert "Subscribed" in told(line.slack.click("U1", "C1", draft, pressing(acts.SAVE)).answered())
