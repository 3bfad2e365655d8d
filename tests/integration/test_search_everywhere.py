"""The terminal, Slack and Discord: the same searches find the same papers in the same order, or are refused alike.

Each bot has an index of its own, that came about in its own way: one followed the archive from the first paper on, one
was built when all was there, one met papers that were told otherwise since.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from papers.answers.archive import SearchAnswer
from papers.errors import PaperboyError
from tests.builders import crowd
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.discordline import DiscordLine
from tests.integration.discordline import ask as discord_ask
from tests.integration.discordline import told as discord_told
from tests.integration.slackline import SlackLine
from tests.integration.slackline import ask as slack_ask
from tests.integration.slackline import told as slack_told

LATER = "2026-03-11"

SEARCHES = [
    "grasping",
    "robot",
    "attention OR graph*",
    'title:"part 2" -survey',
    "-survey",
    "how do robots grasp objects?",
    "diffusion images zebra",
    "grapsing -survey",
    "molecules page:2",
    "kernel sort:top",
    "noise since:2026-03-11 sort:new",
    "before:2026-03-11",
    "since:2026-03-11 sort:top page:3",
    "https://arxiv.org/abs/2603.00104v2",
]
NOTHING = ["title:zebra", "2409.99999", "grasping since:2026-03-12", "拡散モデル", "التعلم"]
REFUSED = ["", "page:2", "😀", "graph (", "title:", "since:soon graph", "graph page:99", '+title:"x', "a " * 400]


def listed(upstream: Upstream, *, again: bool = False) -> None:
    """Seventy papers of a later day; `again`, some of them told otherwise, and with other votes."""
    rows = [
        item(
            f"2603.{100 + row:05}",
            one.title,
            summary=one.abstract + " We say it anew." * (again and row % 5 == 0),
            upvotes=one.upvotes + again * (row % 3),
        )
        for row, one in enumerate(crowd(70))
    ]
    upstream.day(LATER, rows)


@pytest.fixture
def everywhere(line: SlackLine, hall: DiscordLine, upstream: Upstream) -> tuple[SlackLine, DiscordLine]:
    """Slack's bot at work, and Discord's; the terminal is asked by way of Discord's line."""
    hall.poll()
    hall.say("search maps")  # the terminal's index begins with three papers
    listed(upstream)
    hall.poll()
    discord_ask(hall, "search", query="maps")  # Discord's has all at once
    listed(upstream, again=True)
    hall.poll()  # and Slack's meets the archive as it is now
    return line, hall


def strings(part: Any) -> Iterator[str]:
    """All texts of a message, in order."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from strings(one)
    elif isinstance(part, str):
        yield part


def cards(body: Any) -> list[str]:
    """The ids of a message's papers, by what the button says that is below each."""
    said = [text.rpartition("similar ")[2] for text in strings(body) if "similar " in text]
    return list(dict.fromkeys(one for one in said if one.startswith("2603.")))


def terminal(hall: DiscordLine, search: str) -> tuple[list[str], str]:
    try:
        answer = hall.say(f"search {search}")
    except PaperboyError as error:
        return [], str(error)
    assert isinstance(answer, SearchAnswer)
    return [card.paper.id for card in answer.cards], answer.note or ""


def test_the_same_searches_find_the_same_papers_in_the_same_order(everywhere: tuple[SlackLine, DiscordLine]) -> None:
    line, hall = everywhere
    for search in SEARCHES:
        ids, note = terminal(hall, search)
        assert ids, search
        in_slack, in_discord = slack_ask(line, f"search {search}"), discord_ask(hall, "search", query=search)
        assert cards(in_slack.body) == ids, search
        assert cards(in_discord.message.components) == ids, search
        for shown in (slack_told(in_slack), discord_told(in_discord)):
            assert plain(note) in plain(shown), search


def test_what_finds_nothing_or_makes_no_sense_is_told_in_the_same_words(
    everywhere: tuple[SlackLine, DiscordLine],
) -> None:
    line, hall = everywhere
    for search in (*NOTHING, *REFUSED):
        ids, said = terminal(hall, search)
        assert ids == []
        assert said
        options = {"query": search} if search else {}
        if len(search) <= 500:  # Discord itself lets nobody type more
            assert plain(said) in plain(discord_told(discord_ask(hall, "search", **options))), search
        assert plain(said) in plain(slack_told(slack_ask(line, f"search {search}"))), search


def plain(text: str) -> str:
    """Words alone: how they are set in type is each platform's."""
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())
