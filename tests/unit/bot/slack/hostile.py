"""Papers and posts out of text that means harm, from a seed: `python -m tests.unit.bot.slack.hostile 100000`.

The tests take some hundred of them; run as a program, this renders as many as it is told to and reports what was
alive, oversized or lost.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from bot.slack.message import Message
from bot.slack.post import render_post
from bot.slack.render import render
from papers.answers.archive import SearchAnswer
from papers.answers.card import Card
from papers.model import Delivery, DeliveryKind, Heading, Item, Paper, Reason
from papers.text import clean
from papers.urls import web_link
from tests.fakes.slack.blocks import violations
from tests.unit.bot.samples import NOW
from tests.unit.bot.slack.samples import CHANNEL, alive, seen

FRAGMENTS = (
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<@U024BE7LH>",
    "<@U024BE7LH|ann>",
    "<#C024BE7LR|general>",
    "<!subteam^SAZ94GDB8>",
    "<https://evil.example|arXiv>",
    "<mailto:a@evil.example|mail>",
    "<!date^0^{date}|x>",
    "&lt;!channel&gt;",
    "&amp;lt;",
    "https://evil.example/x",
    "www.evil.example",
    "javascript:alert(1)",
    "@channel",
    "*bold*",
    "_low_",
    "~gone~",
    "`code`",
    "```block```",
    ":smile:",
    ":a::b:",
    "> quote",
    "\N{FULLWIDTH GREATER-THAN SIGN} quote",
    "\N{FULLWIDTH ASTERISK}x\N{FULLWIDTH ASTERISK}",
    "[x](https://evil.example)",
    "\n",
    "\r\n> ",
    "\x00",
    "\x1b[31m",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ud800",
    "|",
    ">",
    "<",
    "&",
    '"',
    "é",
    "漢字",
    "👩‍🔬",
    "plain words",
    "x" * 400,
    "&" * 300,
    "a b " * 150,
)
HITS = ("bold", "channel", "plain words", "漢", "x*", "a", "example", "é")
"""Words that stand in fragments, and are emphasised there."""

KINDS: tuple[DeliveryKind, ...] = ("digest", "more", "abstracts", "empty", "notice")


class Hostile:
    """Makes values whose every text is hostile."""

    def __init__(self, seed: int, fragments: Sequence[str] = FRAGMENTS) -> None:
        self._random = Random(seed)  # noqa: S311 - not for secrets
        self._fragments = fragments

    def text(self) -> str:
        """Up to six fragments."""
        many = self._random.randint(0, 6)
        return self._random.choice(("", " ")).join(self._random.choices(self._fragments, k=many))

    def url(self) -> str:
        """An address, or something that would pass for one."""
        return (
            self._random.choice(("https://ok.example/", "http://ok.example/?q=", "javascript:", "", "//")) + self.text()
        )

    def paper(self, number: int) -> Paper:
        """A paper with an id of its own."""
        return Paper(
            f"x{number:015x}",
            self.text(),
            abstract=self.text() * self._random.choice((1, 1, 10)),
            authors=tuple(self.text() for _ in range(self._random.randint(0, 3))),
            url=self.url(),
            sources=tuple(self.url() for _ in range(self._random.randint(0, 3))),
            organization=self.text(),
            upvotes=self._random.choice((0, 7)),
            code_url=self.url(),
            code_stars=self._random.choice((0, 7)),
            thumbnail=self._random.choice((None, self.url())),
            ai_summary=self._random.choice((None, self.text())),
        )

    def reason(self) -> Reason:
        """A reason of everything."""
        words = (self.text(), self.text(), self._random.choice(HITS), self._random.choice(HITS))
        return Reason(words, (self.text(),), self.text(), 0.01, 2, self.url())

    def delivery(self, papers: list[Paper]) -> Delivery:
        """A message of any kind that brings these papers."""
        kind = self._random.choice(KINDS)
        heading = Heading(date(2026, 11, 23), len(papers), (self.text(), self.text()), self.text())
        brings = tuple(Item(one.id, 1.0, (1, 2), (self.reason(), self.reason())) for one in papers)
        ids = tuple(one.id for one in papers)
        abstracts = ids if kind == "abstracts" else self._random.choice(((), ids))
        items = () if kind in {"abstracts", "empty", "notice"} else brings
        return Delivery("a" * 24, CHANNEL, kind, heading, NOW, items, abstracts)


def messages(seed: int, titles: int) -> Iterator[tuple[Message, list[Paper], bool]]:
    """Posts and search answers with that many hostile papers, five at a time; those papers; whether all must be in."""
    hostile = Hostile(seed)
    for start in range(0, titles, 5):
        papers = [hostile.paper(number) for number in range(start, start + 5)]
        delivery = hostile.delivery(papers)
        brings = delivery.kind not in {"empty", "notice"}
        yield render_post(delivery, {one.id: one for one in papers}), papers, brings
        cards = tuple(Card(one, hostile.text(), (hostile.reason(),), day=NOW.date()) for one in papers)
        answer = SearchAnswer(hostile.text(), cards, 5, 1, 1, hostile.text())
        yield render(answer, NOW, "UTC", line=f"search {hostile.text()}"), papers, False


def faults(message: Message, papers: list[Paper], *, whole: bool) -> list[str]:
    """What is wrong with a rendering of these papers."""
    links = [web_link(clean(url or "")) for paper in papers for url in (paper.url, paper.code_url, paper.thumbnail)]
    found = violations(message.blocks) + alive(message, links)
    lost = whole and "… and " in seen(message.blocks[-1:])
    return [*found, "a paper was left out"] if lost else found


def main() -> None:
    """Render as many titles as the first argument says; exits with 1 at the first fault."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for message, papers, whole in messages(seed=wanted, titles=wanted):
        if found := faults(message, papers, whole=whole):
            sys.exit(f"{papers[0].id} and its neighbours: {found[0][:1_000]}")
    sys.stdout.write(f"{wanted:,} hostile titles rendered: nothing alive, nothing too large, none lost\n")


if __name__ == "__main__":
    main()
