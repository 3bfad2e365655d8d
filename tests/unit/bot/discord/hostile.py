"""Papers and posts out of text that means harm, from a seed: `python -m tests.unit.bot.discord.hostile 100000`.

The tests take some hundred of them; run as a program, this renders as many as it is told to and reports what was
alive, oversized or lost.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bot.discord import acts
from bot.discord.message import Message
from bot.discord.post import render_post
from bot.discord.render import render
from papers.answers.archive import SearchAnswer
from papers.answers.card import Card
from papers.model import Paper
from papers.text import clean
from papers.urls import web_link
from tests.fakes.discord.payloads import violations
from tests.unit.bot.discord.samples import alive, faults, texts
from tests.unit.bot.samples import NOW
from tests.unit.bot.slack.hostile import Hostile

FRAGMENTS = (
    "<@1>",
    "<@!1>",
    "<@&1>",
    "<#1>",
    "</papers list:1>",
    "<t:1>",
    "<t:1:R>",
    "<:e:1>",
    "<a:e:1>",
    "<id:home>",
    "@everyone",
    "@here",
    ":smile:",
    ":a::b:",
    "https://evil.example/x",
    "HTTPS://evil.example",
    "<https://evil.example>",
    "discord://evil",
    "mailto:a@evil.example",
    "javascript:alert(1)",
    "[x](https://evil.example)",
    "[x](<https://evil.example>)",
    "](https://evil.example)",
    "\\](https://evil.example)",
    "[",
    "]",
    "(",
    ")",
    "\\",
    "**bold**",
    "*em*",
    "_em_",
    "__under__",
    "~~gone~~",
    "||spoiler||",
    "`code`",
    "```block```",
    "```",
    "\n",
    "\n# ",
    "\r\n> ",
    "\u2028-# ",
    "\n- ",
    "\n1. ",
    "# heading",
    "-# small",
    "> quote",
    ">>> quote",
    "- item",
    "* item",
    "+ item",
    "12. item",
    "\x00",
    "\x1b[31m",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\ud800",
    "|",
    "<",
    ">",
    "~",
    ":",
    "é",
    "漢字",
    "👩‍🔬",
    "plain words",
    "x" * 400,
    "*" * 300,
    "[" * 40,
    "a b " * 150,
)


def messages(seed: int, titles: int) -> Iterator[tuple[Message, list[Paper], str | None]]:
    """Posts and search answers with that many hostile papers, five at a time; those papers; the delivery, if it is one.

    Ids of deliveries are `a` throughout.
    """
    hostile = Hostile(seed, FRAGMENTS)
    for start in range(0, titles, 5):
        papers = [hostile.paper(number) for number in range(start, start + 5)]
        delivery = hostile.delivery(papers)
        yield render_post(delivery, {one.id: one for one in papers}), papers, delivery.id
        cards = tuple(Card(one, hostile.text(), (hostile.reason(),), day=NOW.date()) for one in papers)
        answer = SearchAnswer(hostile.text(), cards, 5, 1, 1, hostile.text())
        yield render(answer, NOW, "UTC", line=f"search {hostile.text()}"), papers, None


def found_in(message: Message, papers: list[Paper], delivery: str | None) -> list[str]:
    """What is wrong with a rendering of these papers."""
    links = [web_link(clean(url or "")) for paper in papers for url in (paper.url, paper.code_url, paper.thumbnail)]
    found = faults(message) + alive(message, links)
    if delivery is not None:  # posts go out as they are, and are found again
        found += violations(message.payload())
        found += [] if acts.delivery_of(message.payload()) == delivery else ["the delivery's id was lost"]
    lost = any(text.startswith("-# … and ") for text in texts(message))
    return [*found, "a paper was left out"] if lost else found


def main() -> None:
    """Render as many titles as the first argument says; exits with 1 at the first fault."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for message, papers, delivery in messages(seed=wanted, titles=wanted):
        if found := found_in(message, papers, delivery):
            sys.exit(f"{papers[0].id} and its neighbours: {found[0][:1_000]}")
    sys.stdout.write(f"{wanted:,} hostile titles rendered: nothing alive, nothing too large, none lost\n")


if __name__ == "__main__":
    main()
