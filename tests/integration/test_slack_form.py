"""The form to subscribe and to edit: opened by words that say too little, filled in, previewed, saved, closed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.slack import acts
from papers.model import Want
from tests.builders import crowd, store
from tests.fakes.entries import arxiv_entry, rss
from tests.fakes.slack import StrictSlack
from tests.fakes.upstream import Upstream
from tests.integration.slackline import Mode, SlackLine, ask, pressing, sent, subscribe, told, top


def open_form(line: SlackLine, words: str, user: str = "U1", channel: str = "C1") -> dict[str, Any]:
    """Type something that opens the form; the form."""
    act = line.slack.command(user, channel, f"/papers {words}")
    (view,) = act.until(lambda act: act.views).views
    assert act.messages == []
    return view


def wants(line: SlackLine, channel: str = "C1") -> list[Want]:
    """What a channel is subscribed to."""
    found = line.stores.channels.of_workspace("slack", "T1")
    return [
        one.want for where in found if where.channel == channel for one in line.stores.channels.subscriptions(where)
    ]


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_subscribing_by_form_from_a_bare_word_to_app_home(line: SlackLine, mode: Mode) -> None:  # noqa: ARG001 - the fixture's
    line.poll()
    slack = line.slack
    slack.open_home("U1").until(lambda _: slack.home("U1"))
    assert "Papers for" in told(open_form(line, "subscribe"))
    slack.type_in_modal("U1", "query", "diffusion")
    slack.until(lambda: "Would have posted" in told(slack.modal("U1")))
    assert "Diffusion for maps" in told(slack.modal("U1"))
    slack.type_in_modal("U1", "query", "diffusion (")
    slack.until(lambda: "⚠" in told(slack.modal("U1")))
    slack.type_in_modal("U1", "query", "diffusion -survey")
    slack.until(lambda: "A survey of diffusion" not in told(slack.modal("U1")))
    assert "Subscribed: #1" in (saved := sent(line))
    assert "diffusion -survey" in saved
    slack.until(lambda: "diffusion -survey" in told(slack.home("U1")))
    assert slack.modals("U1") == 1


def test_a_topic_and_its_volume_are_chosen_in_the_form(line: SlackLine) -> None:
    open_form(line, "subscribe")
    line.slack.type_in_modal("U1", "volume", "~3/day")
    line.slack.until(lambda: "⚠" in told(line.slack.modal("U1")))  # of what?
    sent(line, filling={"topic": "drawing maps\nby diffusion", "volume": "~3/day"})
    assert wants(line) == [Want(topic="drawing maps by diffusion", per_day=3.0)]


@pytest.mark.parametrize("entered", ["", "   ", "diffusion (", "x OR " * 99 + "x", "https://"])
def test_what_cannot_be_saved_is_said_in_the_form_and_nothing_is_saved(line: SlackLine, entered: str) -> None:
    open_form(line, "subscribe")
    said = sent(line, filling={"query": entered})
    assert said
    assert "Subscribed" not in said
    assert wants(line) == []
    assert "Papers for" in told(line.slack.modal("U1"))  # the form, as it was filled in


def test_edit_opens_the_form_filled_in_and_changes_the_subscription(line: SlackLine) -> None:
    subscribe(line, "diffusion about: maps ~2/day")
    view = open_form(line, "edit 1")
    modal = line.slack.modal("U1")
    assert modal is not None
    state = {name: next(iter(held.values())) for name, held in modal["state"]["values"].items()}
    assert [state[name]["value"] for name in ("query", "topic")] == ["diffusion", "maps"]
    assert state["volume"]["selected_option"]["value"] == "~2/day"
    assert "Edit #1" in told(view)
    assert "Changed" in sent(line, filling={"query": "graphs"})
    assert wants(line) == [Want(query="graphs", topic="maps", per_day=2.0)]


@pytest.mark.parametrize("typed", ["edit 7", "edit ²", "edit " + "9" * 5_000, "edit 0"])
def test_editing_what_is_not_there_is_refused_in_words(line: SlackLine, typed: str) -> None:
    assert "subscription" in told(ask(line, typed))


def test_trending_stays_trending_when_it_is_edited(line: SlackLine) -> None:
    subscribe(line, "trending top:3")
    open_form(line, "edit 1")
    sent(line, filling={"query": "trending top:4"})
    assert wants(line) == [Want(trending=4)]


def test_a_feed_with_a_long_address_and_query_stays_whole_when_its_topic_is_edited(
    line: SlackLine, upstream: Upstream
) -> None:
    url = upstream.feed(f"/rss/{'cs.LG/' * 60}", rss([arxiv_entry("2603.00009v1", "Feeds", "We feed.")]))
    query = " OR ".join(f"{'feeding' * 3}{number}" for number in range(14))
    subscribe(line, f"{url} {query}")
    (before,) = wants(line)
    open_form(line, "edit 1")
    assert "Changed" in sent(line, filling={"topic": "feeding"})
    assert wants(line) == [Want(query=before.query, feed=before.feed, topic="feeding")]


@pytest.mark.parametrize("letter", ["x", "ж", "語"])
def test_the_longest_query_and_topic_can_be_saved_and_edited(line: SlackLine, letter: str) -> None:
    query = f'"{letter * 498}"'
    topic = " ".join([letter * 9] * 200)[:2_000]
    open_form(line, "subscribe")
    assert "Subscribed" in sent(line, filling={"query": query, "topic": topic})
    open_form(line, "edit 1")
    assert "Changed" in sent(line, filling={"volume": "~1/day"})
    (want,) = wants(line)
    assert (want.query, want.topic, want.per_day) == (query, topic.strip(), 1.0)


def test_a_form_that_would_flood_the_channel_is_answered_by_a_preview_that_asks_back(line: SlackLine) -> None:
    store(line.stores.papers, *crowd(101, days=1))
    open_form(line, "subscribe")
    asked = sent(line, filling={"query": "-zebra"})
    assert "about 101 papers a day" in asked
    assert wants(line) == []
    line.slack.click_modal("U1", pressing(acts.ANYWAY))
    line.slack.until(lambda: "Subscribed: #1" in top(line))
    assert wants(line) == [Want(query="-zebra")]


def test_a_flood_that_was_asked_back_about_can_be_cancelled_where_it_is_asked(line: SlackLine) -> None:
    store(line.stores.papers, *crowd(101, days=1))
    open_form(line, "subscribe")
    sent(line, filling={"query": "-zebra"})
    line.slack.click_modal("U1", pressing(acts.CANCEL))
    line.slack.until(lambda: "nothing was saved" in top(line))
    assert wants(line) == []


def test_two_people_who_edit_one_subscription_by_form_do_not_overwrite_each_other(line: SlackLine) -> None:
    subscribe(line, "diffusion")
    for user in ("U1", "U2"):
        open_form(line, "edit 1", user)
    assert "Changed" in sent(line, "U1", {"query": "maps"})
    refused = sent(line, "U2", {"query": "graphs"})
    assert "it is now" in refused
    assert "maps" in refused
    assert wants(line) == [Want(query="maps")]


def test_two_people_who_edit_one_subscription_in_words_do_not_overwrite_each_other(line: SlackLine) -> None:
    subscribe(line, "diffusion")
    drafts = {user: ask(line, f"edit 1 {words}", user) for user, words in (("U1", "maps"), ("U2", "graphs"))}
    assert "Changed" in told(line.slack.click("U1", "C1", drafts["U1"], pressing(acts.SAVE)).answered())
    refused = told(line.slack.click("U2", "C1", drafts["U2"], pressing(acts.SAVE)).answered())
    assert "maps" in refused
    assert wants(line) == [Want(query="maps")]


def test_two_people_who_save_their_edits_at_once_are_not_both_told_that_it_is_kept(line: SlackLine) -> None:
    subscribe(line, "diffusion")
    for user in ("U1", "U2"):
        open_form(line, "edit 1", user)
    with ThreadPoolExecutor(2) as both:
        sending = [both.submit(sent, line, user, {"query": f"word{user}"}) for user in ("U1", "U2")]
        (won,) = [said for one in sending if "Changed" in (said := one.result())]
    (want,) = wants(line)
    assert str(want.query) in won


def test_one_who_unsubscribes_wins_over_one_who_edits(line: SlackLine) -> None:
    subscribe(line, "diffusion")
    open_form(line, "edit 1")
    ask(line, "unsubscribe 1", "U2")
    assert "no subscription 1" in sent(line, filling={"query": "maps"})
    assert wants(line) == []


def test_a_form_that_is_closed_saves_nothing(line: SlackLine) -> None:
    open_form(line, "subscribe")
    line.slack.type_in_modal("U1", "query", "diffusion")
    line.slack.close("U1")
    assert wants(line) == []
    assert "No subscriptions" in told(ask(line, "list"))


def test_a_form_that_takes_long_to_save_says_so_and_then_what_became_of_it(line: SlackLine) -> None:
    open_form(line, "subscribe")
    line.slack.fail("users.conversations", "slow", seconds=2.0)
    act = line.slack.submit("U1", {"query": "diffusion"})
    assert act.acknowledged is not None
    assert "Looking…" in told(line.slack.modal("U1"))
    assert "Subscribed" in top(line)


def test_a_form_that_is_closed_while_it_is_saved_is_saved_all_the_same(line: SlackLine) -> None:
    open_form(line, "subscribe")
    line.slack.fail("users.conversations", "slow", seconds=2.0)
    line.slack.submit("U1", {"query": "diffusion"})
    line.slack.close("U1")
    line.slack.until(lambda: "diffusion" in told(line.slack.home("U1")))
    assert wants(line) == [Want(query="diffusion")]


def test_buttons_below_a_saved_form_speak_of_its_channel(line: SlackLine) -> None:
    slack = line.slack
    open_form(line, "subscribe")
    sent(line, filling={"query": "diffusion"})
    assert "Show all" in told(slack.modal("U1"))
    slack.click_modal("U1", pressing(acts.SAY, "list"))
    assert "diffusion" in top(line)
    slack.close("U1")
    slack.click_modal("U1", pressing(acts.FORM, "#1")).until(lambda act: act.views)
    assert "Edit #1" in told(slack.modal("U1"))


def test_a_trigger_that_came_too_late_is_told_of_and_breaks_nothing(line: SlackLine, slack: StrictSlack) -> None:
    slack.fail("views.open", "expired_trigger_id")
    late = slack.command("U1", "C1", "/papers subscribe")
    assert "try again" in told(late.answered())
    assert late.views == []
    assert "Papers for" in told(open_form(line, "subscribe"))
