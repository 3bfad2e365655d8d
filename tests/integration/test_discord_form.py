"""The form to subscribe and to edit: what opens it, what stands in it, and the preview that follows it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.discord import acts
from papers.model import Want
from tests.fakes.discord import Act
from tests.fakes.entries import arxiv_entry, rss
from tests.fakes.upstream import Upstream
from tests.integration.discordline import (
    MANAGE_CHANNELS,
    DiscordLine,
    ask,
    personal,
    press,
    subscribe,
    told,
    verbs,
    wants,
)

MODAL = 9


def fields(act: Act) -> dict[str, Any]:
    """What stands in an open form."""
    found = [one["component"] for one in act.modal["components"]]
    chosen = {one["custom_id"]: [o["value"] for o in one.get("options", ()) if o.get("default")] for one in found}
    return {one["custom_id"]: one.get("value", "") if "options" not in one else chosen["volume"] for one in found}


def saved(line: DiscordLine, form: Act, **filled: Any) -> str:
    """Fill in a form, send it and press Save; what is said then."""
    draft = line.discord.submit(line.ada, form, **filled)
    assert draft.is_ephemeral
    return told(press(line, draft, acts.SAVE))


def test_subscribe_alone_opens_an_empty_form(hall: DiscordLine) -> None:
    form = ask(hall, "subscribe")
    assert form.type == MODAL
    assert form.after is not None
    assert form.after < 1
    assert fields(form) == {"query": "", "topic": "", "volume": ["default"]}
    assert "Subscribed: #1" in saved(hall, form, query="diffusion", topic="drawing\nmaps ", volume=["~3/day"])
    assert wants(hall) == [Want(query="diffusion", topic="drawing maps", per_day=3.0)]


@pytest.mark.parametrize("where", ["list", "help"])
def test_buttons_open_it_too(hall: DiscordLine, where: str) -> None:
    assert press(hall, ask(hall, where), acts.FORM, "").modal["title"] == "Subscribe"


def test_edit_opens_it_filled_in_and_changes_the_subscription(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion", about="maps", volume="~5/day")
    form = ask(hall, "edit", number=1)
    assert form.modal["title"] == "Edit #1"
    assert fields(form) == {"query": "diffusion", "topic": "maps", "volume": ["~5/day"]}
    assert "Changed #1" in saved(hall, form, query="graphs", volume=["~10/day"])
    assert wants(hall) == [Want(query="graphs", topic="maps", per_day=10.0)]


def test_a_volume_that_the_form_does_not_offer_stays_as_it_is(hall: DiscordLine) -> None:
    press(hall, ask(hall, "subscribe", query="maps about: diffusion ~3.5/week"), acts.SAVE)
    (before,) = wants(hall)
    assert before.per_day == 0.5
    form = ask(hall, "edit", number=1)
    assert "Changed #1" in saved(hall, form, query="graphs")
    assert wants(hall) == [Want(query="graphs", topic="diffusion", per_day=0.5)]


def test_trending_and_feeds_stay_what_they_are_when_they_are_edited(hall: DiscordLine, upstream: Upstream) -> None:
    upstream.feed("/rss", rss([arxiv_entry("2603.00009v1", "Agents")]))
    feed = f"{upstream.url}/rss"
    subscribe(hall, top=3)
    subscribe(hall, feed=feed, query="agents")
    for number, is_now, becomes in ((1, "trending top:3", "trending top:7"), (2, f"{feed} agents", f"{feed} maps")):
        form = ask(hall, "edit", number=number)
        assert fields(form)["query"] == is_now
        assert "Changed" in saved(hall, form, query=becomes)
    assert wants(hall) == [Want(trending=7), Want(feed=feed, query="maps")]


@pytest.mark.parametrize("where", ["search", "similar"])
def test_subscribe_to_this_opens_it_with_what_was_searched_for(hall: DiscordLine, where: str) -> None:
    hall.poll()
    found = (
        ask(hall, "search", query="diffusion -survey")
        if where == "search"
        else ask(hall, "similar", paper="2603.00001")
    )
    form = hall.discord.click(hall.ada, found.message, "Subscribe to this")
    expected = {"query": "diffusion -survey"} if where == "search" else {"topic": "Diffusion for maps"}
    assert expected.items() <= fields(form).items()
    assert "Subscribed: #1" in saved(hall, form)


def test_subscribe_to_this_takes_whatever_was_searched_for(hall: DiscordLine) -> None:
    for asked in ('"state space" OR mamba -survey', "2024", "²", "about", "trending", "x OR " * 30 + "x"):
        found = ask(hall, "search", query=asked)
        form = hall.discord.click(hall.ada, found.message, "Subscribe to this")
        assert form.type == MODAL, asked
        assert told(hall.discord.submit(hall.ada, form))


def test_a_topic_of_full_length_is_taken_and_can_be_edited(hall: DiscordLine) -> None:
    topic = ("drawing maps by diffusion " * 80)[:2_000].strip()
    assert "Subscribed: #1" in saved(hall, ask(hall, "subscribe"), topic=topic)
    assert wants(hall) == [Want(topic=topic, per_day=wants(hall)[0].per_day)]
    form = ask(hall, "edit", number=1)
    assert fields(form)["topic"] == topic
    assert "Changed #1" in saved(hall, form, query="maps")
    assert wants(hall)[0].topic == topic


def test_what_cannot_be_saved_is_told_with_the_reason_and_nothing_is_saved(hall: DiscordLine) -> None:
    for entered in ("", "   ", "diffusion (", "x OR " * 99 + "x", "https://", "title:", "\u202e"):
        refused = hall.discord.submit(hall.ada, ask(hall, "subscribe"), query=entered)
        assert refused.is_ephemeral
        assert "⚠" in told(refused), entered
        assert "something broke" not in told(refused)
        assert acts.SAVE not in verbs(refused.message)
    assert wants(hall) == []


def test_editing_what_is_not_there_opens_nothing_and_is_told(hall: DiscordLine) -> None:
    refused = ask(hall, "edit", number=7)
    assert refused.is_ephemeral
    assert "there is no subscription 7 here" in told(refused)


def test_what_was_dropped_while_its_form_was_open_is_not_brought_back(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion")
    listed = ask(hall, "list")
    form = press(hall, listed, acts.FORM, "#1")
    ask(hall, "unsubscribe", number=1)
    refused = hall.discord.submit(hall.ada, form, query="graphs")
    assert "there is no subscription 1 here" in told(refused)
    late = press(hall, listed, acts.FORM, "#1")
    assert "there is no subscription 1 here" in told(late)
    assert wants(hall) == []


def test_a_feed_that_is_slow_is_waited_for(hall: DiscordLine, upstream: Upstream) -> None:
    upstream.feed("/rss", rss([arxiv_entry("2603.00009v1", "Agents")]))
    upstream.fail("slow", path="/rss", seconds=3.5)
    draft = hall.discord.submit(hall.ada, ask(hall, "subscribe"), query=f"{upstream.url}/rss")
    assert draft.after is not None
    assert draft.after < 1
    assert "Subscribed: #1" in told(press(hall, draft, acts.SAVE))


def test_feeds_that_are_slow_hold_up_nobody_else(hall: DiscordLine, upstream: Upstream) -> None:
    upstream.feed("/rss", rss([arxiv_entry("2603.00009v1", "Agents")]))
    upstream.fail("slow", path="/rss", times=None, seconds=4)
    listed = ask(hall, "list")
    found = ask(hall, "search", query="diffusion " + "OR diffusion " * 30)  # its buttons' lines wait under tokens
    hall.discord.patience = 0.0
    waiting = [ask(hall, "subscribe", feed=f"{upstream.url}/rss", query=f"word{number}") for number in range(9)]
    form = ask(hall, "subscribe")
    pressed = [hall.discord.click(hall.ada, listed.message, "Settings")]
    pressed += [hall.discord.click(hall.ada, found.message, label) for label in ("Subscribe to this",)]
    for act in (form, *pressed):
        assert act.after is not None
        assert act.after < 2, "Discord waits for three seconds"
    upstream.heal()
    for act in waiting:
        act.until(lambda act: not act.is_loading, 15)


def test_in_direct_messages_it_is_for_ones_own_channel(hall: DiscordLine) -> None:
    mine = hall.discord.direct(hall.grace)
    draft = hall.discord.submit(hall.grace, ask(hall, "subscribe", hall.grace, mine), query="maps")
    press(hall, draft, acts.SAVE, user=hall.grace)
    assert wants(hall, personal(hall.grace)) == [Want(query="maps")]


def test_whoever_may_not_change_things_fills_in_no_form_in_vain(hall: DiscordLine) -> None:
    refused = ask(hall, "subscribe", hall.grace)
    assert refused.type != MODAL
    assert "Manage Channels" in told(refused)
    late = hall.discord.user("late", hall.guild, permissions=MANAGE_CHANNELS)
    form = ask(hall, "subscribe", late)
    hall.guild.members[late.id] = set()
    assert "Manage Channels" in told(hall.discord.submit(late, form, query="maps"))
    assert wants(hall) == []
