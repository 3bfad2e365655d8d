"""What can be done with an answer: turn its pages, post it for all, subscribe to it, ask on, say it right."""

from __future__ import annotations

import re

import pytest

from bot.slack import acts
from papers.model import Destination, Want
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.slackline import DAY, SlackLine, ask, brought, buttons, pressing, sent, subscribe, told, verbs


@pytest.fixture
def many(line: SlackLine, upstream: Upstream) -> SlackLine:
    """Thirty papers on diffusion."""
    upstream.day(DAY, [item(f"2603.{n:05}", f"Diffusion number {n}", upvotes=99 - n) for n in range(1, 31)])
    line.poll()
    return line


def test_pages_turn_in_place(many: SlackLine) -> None:
    slack = many.slack
    first = ask(many, "search diffusion")
    before = told(first)
    assert "page 1 of" in before
    second = slack.click("U1", "C1", first, pressing(acts.TURN, "search diffusion page:2")).answered()
    assert "page 2 of" in told(second)
    back = slack.click("U1", "C1", second, pressing(acts.TURN, "search diffusion page:1")).answered()
    assert told(back) == before
    assert slack.ephemerals("U1", "C1") == [back]


@pytest.mark.parametrize(
    "words",
    [
        "search diffusion since:365d",
        'search "diffusion number" OR maps',
        "similar diffusion",
        f"digest {DAY}",
        "trending",
    ],
)
def test_pages_turn_through_whatever_was_asked(many: SlackLine, words: str) -> None:
    shown = ask(many, words)
    seen = [told(shown)]
    while "More →" in told(shown):
        page = f"{words} page:{len(seen) + 1}"
        shown = many.slack.click("U1", "C1", shown, pressing(acts.TURN, page)).answered()
        seen.append(told(shown))
    assert len(seen) > 1
    assert len(set(seen)) == len(seen)


def test_a_trend_turns_into_others_in_place(many: SlackLine) -> None:
    shown = ask(many, "trending")
    for words, head in (
        ("trending month", "Trending, "),
        ("trending month by:growth", "Rising, "),
        ("trending month by:stars", "no paper of these days has code with stars"),
        ("trending by:stars", "Trending code, "),
        ("trending", "|Diffusion number 1>"),
    ):
        shown = many.slack.click("U1", "C1", shown, pressing(acts.TURN, words)).answered()
        assert head in told(shown)
    assert len(many.slack.ephemerals("U1", "C1")) == 1


@pytest.mark.parametrize(
    "words", ["search diffusion page:2", "digest", "trending", "trending week", "similar diffusion"]
)
def test_post_here_shows_the_same_to_all_with_the_buttons_that_are_theirs(many: SlackLine, words: str) -> None:
    slack = many.slack
    mine = ask(many, words)
    slack.click("U1", "C1", mine, pressing(acts.POST)).answered()
    (shared,) = slack.messages("C1")
    assert shared.to is None
    assert "Shared by <@U1>" in told(shared)
    titles = re.findall(r"Diffusion number \d+", told({"blocks": mine.blocks}))
    assert len(titles) >= 5
    assert re.findall(r"Diffusion number \d+", told({"blocks": shared.blocks})) == titles
    assert verbs(shared) <= {acts.SAY, acts.FORM}
    assert mine in slack.ephemerals("U1", "C1")


def test_what_was_posted_here_answers_whoever_presses_it(many: SlackLine) -> None:
    slack = many.slack
    slack.click("U1", "C1", ask(many, "search diffusion"), pressing(acts.POST)).answered()
    (shared,) = slack.messages("C1")
    found = slack.click("U2", "C1", shared, pressing(acts.SAY, "similar 2603.00001")).answered()
    assert found.to == "U2"
    view = slack.click("U2", "C1", shared, pressing(acts.FORM)).until(lambda act: act.views).views[0]
    assert "diffusion" in str(view["blocks"])
    assert slack.messages("C1") == [shared]


@pytest.mark.parametrize("asked", ["diffusion", '"state space" OR mamba -survey', "2024", "²", "about", "trending"])
def test_subscribe_to_this_opens_the_form_with_what_was_searched_for(many: SlackLine, asked: str) -> None:
    slack = many.slack
    found = ask(many, f"search {asked}")
    slack.click("U1", "C1", found, pressing(acts.FORM)).until(lambda act: act.views)
    modal = slack.modal("U1")
    assert modal is not None
    (filled,) = modal["state"]["values"]["query"].values()
    assert filled["value"].strip('"') == asked.strip('"')  # in quotes, where it would mean something else
    assert "Subscribed" in sent(many)
    (kept,) = many.stores.channels.subscriptions(Destination("slack", "T1", "C1"))
    assert kept.want == Want(query=filled["value"])


def test_a_trend_can_be_had_every_day(many: SlackLine) -> None:
    many.slack.click("U1", "C1", ask(many, "trending week"), pressing(acts.FORM)).until(lambda act: act.views)
    assert "Subscribed" in sent(many)
    (kept,) = many.stores.channels.subscriptions(Destination("slack", "T1", "C1"))
    assert kept.want == Want(trending=5)


def test_a_search_of_full_length_can_be_subscribed_and_turned(many: SlackLine) -> None:
    words = " OR ".join(["diffusion", *(f"{'w' * 15}{n:02}" for n in range(23))])
    found = ask(many, f"search {words} since:365d")
    slack = many.slack
    turned = slack.click("U1", "C1", found, pressing(acts.TURN, f"search {words} since:365d page:2")).answered()
    assert "page 2 of" in told(turned)
    slack.click("U1", "C1", found, pressing(acts.FORM)).until(lambda act: act.views)
    assert "Subscribed" in sent(many)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("serach diffusion", "search diffusion"), ("subscribe (diffusion", "subscribe (diffusion)"), ("lst", "list")],
)
def test_did_you_mean_says_it_right(many: SlackLine, wrong: str, right: str) -> None:
    said = ask(many, wrong)
    assert f"/papers {right}" in told(said)
    assert "Did you mean" not in told(many.slack.click("U1", "C1", said, pressing(acts.SAY, right)).answered())


def test_buttons_of_a_post_answer_beside_it_and_in_its_thread(line: SlackLine) -> None:
    slack = line.slack
    subscribe(line, "diffusion")
    ask(line, "settings replies thread")
    messages = brought(line, count=2)
    for message in messages:
        for value in ("similar 2603.00001", "why 2603.00001"):
            if value in {one.get("value") for one in buttons(message)}:
                said = slack.click("U2", "C1", message, pressing(acts.SAY, value)).answered()
                assert said.to == "U2"
                assert said.thread_ts == message.thread_ts  # of a headline, which is read in the channel: none
    assert slack.messages("C1") == messages


def test_votes_are_counted_taken_back_and_turned_round(line: SlackLine) -> None:
    slack = line.slack
    subscribe(line, "diffusion -survey")
    post = brought(line, count=2)[0]
    said = [
        told(slack.click(user, "C1", post, pressing(verb)).answered())
        for user, verb in (("U1", acts.UP), ("U2", acts.UP), ("U2", acts.DOWN), ("U2", acts.DOWN), ("U1", acts.UP))
    ]
    tallies = [next(text for text in one.splitlines() if text.startswith("👍 ") and "·" in text) for one in said]
    assert [text.partition(" in this")[0] for text in tallies] == [
        "👍 1 · 👎 0",
        "👍 2 · 👎 0",
        "👍 1 · 👎 1",
        "👍 1 · 👎 0",
        "👍 0 · 👎 0",
    ]


def test_undo_puts_back_what_was_unsubscribed(line: SlackLine) -> None:
    slack = line.slack
    topic = " ".join(f"word{n}" for n in range(150))
    subscribe(line, f"diffusion about: {topic} ~2/day")
    gone = ask(line, "unsubscribe 1")
    slack.click("U1", "C1", gone, pressing(acts.FORM)).until(lambda act: act.views)
    assert "Subscribed" in sent(line)
    (kept,) = line.stores.channels.subscriptions(Destination("slack", "T1", "C1"))
    assert kept.want == Want(query="diffusion", topic=topic, per_day=2.0)
