"""The entry "Find similar papers" in a message's menu: what it takes of a message, and what it shows."""

from __future__ import annotations

from typing import Any

import pytest

from bot.discord import acts
from tests.fakes.discord import Channel, Message, User
from tests.integration.discordline import DiscordLine, ask, brought, press, subscribe, told

MENU = "Find similar papers"


def similar(line: DiscordLine, what: str | Message, channel: Channel | None = None, user: User | None = None) -> str:
    """Choose the entry at a message, or at one that grace writes; what is told."""
    message = line.discord.say(line.grace, channel or line.channel, what) if isinstance(what, str) else what
    act = line.discord.menu(user or line.ada, MENU, message)
    assert act.is_ephemeral
    assert act.after is not None
    assert act.after < 1
    return told(act)


def test_a_link_to_a_paper_is_what_similar_ones_are_found_by(hall: DiscordLine) -> None:
    hall.poll()
    for text in (
        "look: https://arxiv.org/abs/2603.00001",
        "<https://arxiv.org/pdf/2603.00001v2.pdf>, and https://example.org/x",
        "[the paper](https://huggingface.co/papers/2603.00001)",
        "https://example.org/x **https://huggingface.co/papers/2603.00001**!",
        "(see https://arxiv.org/abs/2603.00001)",
        "https://www.alphaxiv.org/overview/2603.00001",
    ):
        shown = similar(hall, text)
        assert "“Diffusion for maps”" in shown, text
        assert "A survey of diffusion" in shown


def test_without_a_link_the_words_are(hall: DiscordLine) -> None:
    hall.poll()
    assert "Diffusion for maps" in similar(hall, "Did anybody draw *maps* by diffusion?\n> page:9 of 10")


def test_a_message_that_says_nothing_is_refused_in_words(hall: DiscordLine) -> None:
    assert "neither text nor a link" in similar(hall, "")


def test_a_link_to_a_paper_that_nobody_polled_is_told_of(hall: DiscordLine) -> None:
    hall.poll()
    assert "2409.99999" in similar(hall, "https://arxiv.org/abs/2409.99999")


def test_an_id_is_taken_however_it_is_typed_and_a_mistyped_one_is_told_of(hall: DiscordLine) -> None:
    hall.poll()
    for paper in (
        "2603.00001",
        "arXiv:2603.00001v2",
        "https://arxiv.org/html/2603.00001",
        "alphaxiv.org/abs/2603.00001",
    ):
        assert "“Diffusion for maps”" in told(ask(hall, "similar", paper=paper))
    assert "there is no paper 2603.9999999 here" in told(ask(hall, "similar", paper="2603.9999999")).replace("\\", "")


def test_paperboys_own_post_stands_for_its_first_paper(hall: DiscordLine) -> None:
    subscribe(hall, query="graphs")
    headline, *_ = brought(hall)
    assert "“Graphs of words”" in similar(hall, headline)


@pytest.mark.parametrize(("command", "options"), [("search", {"query": "graphs"}), ("why", {"paper": "2603.00003"})])
def test_an_answer_of_paperboys_stands_for_its_first_paper_too(
    hall: DiscordLine, command: str, options: dict[str, Any]
) -> None:
    hall.poll()
    assert "“Graphs of words”" in similar(hall, ask(hall, command, **options).message)


def test_an_answer_that_was_posted_for_all_is_as_good_as_any_message(hall: DiscordLine) -> None:
    hall.poll()
    press(hall, ask(hall, "digest"), acts.POST)
    (shared,) = hall.discord.messages(hall.channel)
    assert "Diffusion for maps" in similar(hall, shared)


def test_it_is_there_for_who_may_change_nothing_in_threads_and_in_direct_messages(hall: DiscordLine) -> None:
    hall.poll()
    link = "https://arxiv.org/abs/2603.00003"
    assert "“Graphs of words”" in similar(hall, link, user=hall.grace)
    assert "“Graphs of words”" in similar(hall, link, hall.discord.thread(hall.channel))
    assert "“Graphs of words”" in similar(hall, link, hall.discord.direct(hall.grace), hall.grace)


def test_whatever_a_message_says_there_is_an_answer(hall: DiscordLine) -> None:
    hall.poll()
    for text in ("x" * 4_000, "<@1> &lt;b&gt;", "\u202e \x00\x1b[31m", '"open (', "https://[", "http://", "😀" * 500):
        assert "something broke" not in similar(hall, text)


def test_similar_ones_of_similar_ones_and_a_subscription_to_them(hall: DiscordLine) -> None:
    hall.poll()
    act = hall.discord.menu(
        hall.ada, MENU, hall.discord.say(hall.grace, hall.channel, "https://arxiv.org/abs/2603.00001")
    )
    assert "“A survey of diffusion”" in told(press(hall, act, acts.SAY, "similar 2603.00002"))
    form = press(hall, act, acts.FORM)
    draft = hall.discord.submit(hall.ada, form)
    assert "Subscribed: #1" in told(press(hall, draft, acts.SAVE))
    assert "about: Diffusion for maps" in told(ask(hall, "list"))
