"""Who may change what where, and what those are told who may not."""

from __future__ import annotations

import pytest

from bot.slack import acts
from tests.fakes.slack.world import Channel
from tests.integration.slackline import (
    SlackLine,
    admins_only,
    ask,
    brought,
    buttons,
    pressing,
    sent,
    subscribe,
    told,
    top,
)

CHANGING = (
    "subscribe maps",
    "edit 1 maps",
    "unsubscribe 1",
    "forget 1",
    "repair 1",
    "daily 09:00 UTC",
    "pause",
    "resume",
    "feed new",
    "feed off",
    "email ada@example.org",
    "settings quiet on",
)


def state(line: SlackLine) -> list[object]:
    """All that is kept of T1's channels."""
    channels = line.stores.channels
    here = channels.of_workspace("slack", "T1")
    return [(one, channels.channel(one), channels.subscriptions(one)) for one in here]


@pytest.mark.parametrize("words", CHANGING)
def test_who_is_not_in_a_channel_changes_nothing_there(line: SlackLine, words: str) -> None:
    subscribe(line, "diffusion")
    before = state(line)
    said = told(ask(line, words, user="U3"))
    assert "only members" in said
    assert "join the channel" in said
    assert state(line) == before


def test_who_is_not_in_a_channel_brings_the_bot_nowhere(line: SlackLine) -> None:
    there = line.slack.channel("C2", members=["U1"], bot=False)
    assert "only members" in told(ask(line, "subscribe maps", user="U3", channel="C2"))
    assert line.slack.workspace().bot_user not in there.members


def test_who_is_not_in_a_channel_may_look_and_search(line: SlackLine) -> None:
    line.poll()
    subscribe(line, "diffusion")
    assert "Diffusion for maps" in told(ask(line, "search maps", user="U3"))
    assert "diffusion" in told(ask(line, "list", user="U3"))


def test_joining_counts_at_once(line: SlackLine) -> None:
    assert "only members" in told(ask(line, "subscribe maps", user="U3"))
    line.slack.join("C1", "U3")
    assert "Subscribed" in told(subscribe(line, "maps", user="U3"))


@pytest.mark.parametrize("words", [*CHANGING, "settings changes members"])
def test_admins_only_means_admins_only(line: SlackLine, words: str) -> None:
    subscribe(line, "diffusion")
    admins_only(line)
    before = state(line)
    said = told(ask(line, words, user="U2"))
    assert "admins" in said
    assert "ask an admin" in said
    assert state(line) == before


def test_nobody_locks_themselves_out(line: SlackLine) -> None:
    before = state(line)
    said = told(ask(line, "settings changes admins"))
    assert "you could not take that back" in said
    assert "ask an admin" in said
    assert state(line) == before
    assert "so already" in told(ask(line, "settings changes members"))


def test_an_admin_may_where_only_admins_may(line: SlackLine) -> None:
    line.slack.user("U2", admin=True)
    admins_only(line)
    assert "Subscribed" in told(subscribe(line, "maps", user="U2"))
    assert "Settings kept" in told(ask(line, "settings changes members", user="U2"))
    assert "Subscribed" in told(subscribe(line, "graphs", user="U1"))


def test_a_draft_that_was_made_before_admins_only_is_not_saved_after(line: SlackLine) -> None:
    draft = ask(line, "subscribe maps", user="U2")
    admins_only(line)
    assert "admins" in told(line.slack.click("U2", "C1", draft, pressing(acts.SAVE)).answered())
    assert "No subscriptions" in told(ask(line, "list"))


def test_a_form_that_was_opened_before_admins_only_is_not_saved_after(line: SlackLine) -> None:
    line.slack.command("U2", "C1", "/papers subscribe").until(lambda act: act.views)
    admins_only(line)
    assert "admins" in sent(line, "U2", {"query": "maps"})
    assert "No subscriptions" in told(ask(line, "list"))


def test_a_private_channel_without_the_bot_is_told_to_invite_it(line: SlackLine) -> None:
    line.slack.channel("C2", private=True, bot=False)
    assert "/invite" in told(ask(line, "subscribe maps", channel="C2"))
    line.slack.join("C2")
    assert "Subscribed" in told(subscribe(line, "maps", channel="C2"))


def test_a_public_channel_is_joined_when_it_is_subscribed(line: SlackLine) -> None:
    line.slack.channel("C2", bot=False)
    subscribe(line, "diffusion -survey", channel="C2")
    assert "Diffusion for maps" in told(brought(line, "C2")[0])
    assert line.slack.workspace().bot_user in line.slack.workspace().channels["C2"].members


def test_a_conversation_between_two_people_is_refused_with_the_reason(line: SlackLine) -> None:
    line.slack.workspace().channels["D900"] = Channel("D900", "T1", "", "im", {"U1", "U2"})
    said = told(ask(line, "subscribe maps", channel="D900"))
    assert "a conversation between people" in said
    assert "Paperboy's own messages" in said
    bare = line.slack.command("U1", "D900", "/papers subscribe")
    assert "a conversation between people" in told(bare.answered())  # and no form that leads nowhere


def test_direct_messages_with_the_app_are_ones_personal_channel(line: SlackLine) -> None:
    slack = line.slack
    mine = slack.dm("U3")
    assert "Subscribed" in told(subscribe(line, "diffusion -survey", user="U3", channel=mine))
    line.poll()
    line.work()
    slack.until(lambda: len(slack.direct("U3")) == 2)
    headline, reply = slack.direct("U3")
    assert reply.thread_ts == headline.ts
    assert "Subscribed" in told(subscribe(line, "graphs", user="U3", channel=mine))


def test_nobody_changes_somebody_elses_personal_channel(line: SlackLine) -> None:
    slack = line.slack
    subscribe(line, "diffusion", user="U2", channel=slack.dm("U2"))
    before = state(line)
    slack.open_home("U1").until(lambda _: slack.home("U1"))
    home = slack.home("U1")
    assert home is not None
    next(one for one in buttons(home) if one.get("value") == "@U1")["value"] = "@U2"  # which no Slack lets anybody do
    slack.click_home("U1", pressing(acts.CHANNEL_FORM, "@U2")).until(lambda act: act.views)
    modal = slack.modal("U1")
    assert modal is not None
    said = sent(line, filling={"query": "maps"}) if modal["submit"] else top(line)
    assert "somebody else's" in said
    assert state(line) == before


def test_an_archived_channel_is_refused_with_the_reason(line: SlackLine) -> None:
    line.slack.channel("C2", archived=True)
    assert "archived" in told(ask(line, "subscribe maps", channel="C2"))


def test_a_channel_that_was_archived_between_preview_and_save_is_refused_and_nothing_is_lost(line: SlackLine) -> None:
    draft = ask(line, "subscribe maps")
    line.slack.archive("C1")
    assert "archived" in told(line.slack.click("U1", "C1", draft, pressing(acts.SAVE)).answered())
    line.slack.unarchive("C1")
    assert "Subscribed" in told(line.slack.click("U1", "C1", draft, pressing(acts.SAVE)).answered())
