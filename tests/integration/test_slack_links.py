"""Links that people share: a paper's card beside them, where the channel asked for it and the paper is known."""

from __future__ import annotations

import pytest

from bot.slack import acts
from tests.integration.slackline import SlackLine, ask, told, verbs

PAPER = "https://arxiv.org/abs/2603.00001"


@pytest.fixture
def cards(line: SlackLine) -> SlackLine:
    """C1 asked for cards, and papers were polled."""
    line.poll()
    assert "gets the paper's card" in told(ask(line, "settings cards on"))
    return line


def test_no_cards_unless_the_channel_asks(line: SlackLine) -> None:
    line.poll()
    assert line.slack.share_link("U1", "C1", PAPER).acknowledged is not None
    ask(line, "help")
    assert line.slack.called("chat.unfurl") == []


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_cards_once_the_channel_asked(cards: SlackLine) -> None:
    slack = cards.slack
    slack.share_link("U1", "C1", PAPER, "https://huggingface.co/papers/2603.00003", "https://example.org/2603.00001")
    slack.until(lambda: slack.unfurls)
    assert slack.unfurls.keys() == {PAPER, "https://huggingface.co/papers/2603.00003"}
    assert "Diffusion for maps" in told(slack.unfurls[PAPER])
    assert verbs(slack.unfurls[PAPER]) == {acts.SAY}


def test_a_cards_button_finds_similar_papers(cards: SlackLine) -> None:
    slack = cards.slack
    slack.share_link("U1", "C1", PAPER)
    slack.until(lambda: slack.unfurls)
    card = slack.say("U1", "C1", "as its reader sees it")
    card.body["blocks"] = slack.unfurls[PAPER]["blocks"]
    assert "“Diffusion for maps”" in told(slack.click("U2", "C1", card, lambda _: True).answered())


@pytest.mark.parametrize(
    "url", ["https://arxiv.org/abs/2409.99999", "https://arxiv.org/list/cs.LG/new", "https://arxiv.org/abs/"]
)
def test_no_card_of_what_is_no_paper_that_was_polled(cards: SlackLine, url: str) -> None:
    assert cards.slack.share_link("U1", "C1", url).acknowledged is not None
    ask(cards, "help")
    assert cards.slack.called("chat.unfurl") == []


def test_no_card_in_a_channel_that_did_not_ask(cards: SlackLine) -> None:
    cards.slack.channel("C2", members=["U1"])
    cards.slack.share_link("U1", "C2", PAPER)
    ask(cards, "help")
    assert cards.slack.called("chat.unfurl") == []


def test_a_link_still_being_written_is_left_until_it_is_sent(cards: SlackLine) -> None:
    slack = cards.slack
    assert slack.share_link("U1", "C1", PAPER, source="composer").acknowledged is not None
    ask(cards, "help")
    assert slack.called("chat.unfurl") == []
    slack.share_link("U1", "C1", PAPER)
    slack.until(lambda: slack.unfurls)


def test_off_again_means_no_more_cards(cards: SlackLine) -> None:
    ask(cards, "settings cards off")
    cards.slack.share_link("U1", "C1", PAPER)
    ask(cards, "help")
    assert cards.slack.called("chat.unfurl") == []


@pytest.mark.parametrize("trouble", ["cannot_unfurl_url", "cannot_find_message", "500", "429", "hang up"])
def test_a_card_that_slack_does_not_take_breaks_nothing(cards: SlackLine, trouble: str) -> None:
    slack = cards.slack
    slack.fail("chat.unfurl", trouble)
    assert slack.share_link("U1", "C1", PAPER).acknowledged is not None
    slack.until(lambda: slack.called("chat.unfurl"))
    assert "/papers" in told(ask(cards, "help"))
