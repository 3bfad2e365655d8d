"""The message shortcut "Find similar papers": what it takes of a message, and what it shows."""

from __future__ import annotations

import pytest

from bot.slack import acts
from bot.slack.listeners import SHORTCUT
from tests.integration.slackline import SlackLine, ask, brought, pressing, subscribe, told, top


def similar(line: SlackLine, ts: str, user: str = "U1", channel: str = "C1") -> str:
    """Choose the shortcut on a message; what its modal shows."""
    line.slack.message_shortcut(user, channel, ts, SHORTCUT).until(lambda act: act.views)
    return top(line, user)


@pytest.mark.parametrize(
    "text",
    [
        "look: <https://arxiv.org/abs/2603.00001>",
        "<https://arxiv.org/pdf/2603.00001v2.pdf|the paper>, and <https://example.org/x>",
        "<https://example.org/x> <https://huggingface.co/papers/2603.00001>",
        "<https://www.alphaxiv.org/overview/2603.00001>",
    ],
)
def test_a_link_to_a_paper_is_what_similar_ones_are_found_by(line: SlackLine, text: str) -> None:
    line.poll()
    shown = similar(line, line.slack.say("U2", "C1", text).ts)
    assert "“Diffusion for maps”" in shown
    assert "A survey of diffusion" in shown


def test_without_a_link_the_words_are(line: SlackLine) -> None:
    line.poll()
    shown = similar(line, line.slack.say("U2", "C1", "Did anybody draw *maps* by diffusion?\n> page:9 of 10").ts)
    assert "Diffusion for maps" in shown


def test_a_message_that_says_nothing_is_refused_in_words(line: SlackLine) -> None:
    assert "neither text nor a link" in similar(line, line.slack.say("U2", "C1", "").ts)


def test_a_paper_that_nobody_polled_is_told_of(line: SlackLine) -> None:
    line.poll()
    assert "2409.99999" in similar(line, line.slack.say("U2", "C1", "<https://arxiv.org/abs/2409.99999>").ts)


def test_an_id_is_taken_however_it_is_typed_and_a_mistyped_one_is_told_of(line: SlackLine) -> None:
    line.poll()
    bare = "<http://arxiv.org/abs/2603.00001|arxiv.org/abs/2603.00001>"
    for paper in ("arXiv:2603.00001v2", "<https://arxiv.org/html/2603.00001>", bare):
        assert "“Diffusion for maps”" in told(ask(line, f"similar {paper}"))
    assert "there is no paper 2603.9999999 here" in told(ask(line, "similar 2603.9999999"))


def test_paperboys_own_post_stands_for_its_first_paper(line: SlackLine) -> None:
    subscribe(line, "graphs")
    headline, _ = brought(line, count=2)
    assert "“Graphs of words”" in similar(line, headline.ts)


def test_a_reply_in_a_thread_and_a_private_channel_without_the_bot_are_as_good(line: SlackLine) -> None:
    line.poll()
    line.slack.channel("C2", private=True, bot=False)
    parent = line.slack.say("U1", "C2", "hm")
    reply = line.slack.say("U1", "C2", "<https://arxiv.org/abs/2603.00003>", thread=parent.ts)
    assert "“Graphs of words”" in similar(line, reply.ts, channel="C2")


@pytest.mark.parametrize(
    "text", ["x" * 40_000, "<!channel> <@U2> &lt;b&gt;", "\u202e \x00\x1b[31m", '"open (', "https://["]
)
def test_whatever_a_message_says_there_is_an_answer(line: SlackLine, text: str) -> None:
    line.poll()
    shown = similar(line, line.slack.say("U2", "C1", text).ts)
    assert "something broke" not in shown


def test_similar_ones_of_similar_ones(line: SlackLine) -> None:
    line.poll()
    similar(line, line.slack.say("U2", "C1", "<https://arxiv.org/abs/2603.00001>").ts)
    line.slack.click_modal("U1", pressing(acts.SAY, "similar 2603.00002")).until(lambda act: act.views)
    assert "“A survey of diffusion”" in top(line)


def test_subscribe_to_this_in_the_modal_is_for_the_messages_channel(line: SlackLine) -> None:
    line.poll()
    similar(line, line.slack.say("U2", "C1", "<https://arxiv.org/abs/2603.00001>").ts)
    line.slack.click_modal("U1", pressing(acts.FORM)).until(lambda act: act.views)
    line.slack.submit("U1")
    line.slack.until(lambda: "Subscribed" in told(line.slack.modal("U1")))
    assert "about: Diffusion for maps" in told(ask(line, "list"))


def test_a_trigger_that_came_too_late_is_told_of(line: SlackLine) -> None:
    line.slack.fail("views.open", "expired_trigger_id")
    act = line.slack.message_shortcut("U1", "C1", line.slack.say("U2", "C1", "maps").ts, SHORTCUT)
    assert "try again" in told(act.answered())
    assert similar(line, line.slack.say("U2", "C1", "maps").ts)
