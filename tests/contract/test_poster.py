"""What the outbox's sender relies on, whatever the platform: one suite for all posters.

A platform joins by a `Rig` in `RIGS`: its poster, the channel it posts to, what that channel shows, and what of a text
would do something there.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

import pytest

from bot.terminal.poster import TerminalPoster
from papers.model import Delivery, DeliveryKind, Destination, Heading, Item, Paper, Reason, Receipt
from papers.ports import Poster
from papers.wiring import Stores
from tests.builders import paper
from tests.conftest import NOW
from tests.integration.outboxes import delivery as made
from tests.integration.outboxes import replies

REASON = Reason(words=("attention",), without=("survey",))
HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "\x9b2J and \x07 and \x00 and \b\b\b",
    "right\u202eto left\u2066 and \u200bnothing",
    "[bold red]markup[/] [link=https://evil.example]here[/link]",
    "<!channel> <!here> <@U123> <#C123> <https://evil.example|safe> &lt;!channel&gt;",
    "@everyone @here <@123> <@&456> </cmd:1> <t:1> **bold** `code` ||spoiler||",
    "lines\nand\r\nlines\u2028and\u2029more",
    "word " * 2_000,
)


CHANNEL = Destination("terminal", "local", "contract")


class Rig(Protocol):
    """A poster and its channel."""

    @property
    def poster(self) -> Poster:
        """What is tested."""

    @property
    def destination(self) -> Destination:
        """The channel it posts to."""

    def shown(self) -> list[str]:
        """The text of every message in the channel, oldest first."""

    def alive(self, text: str) -> list[str]:
        """What in a shown text would do more than be read there."""


@dataclass(frozen=True)
class Terminal:
    """The terminal, over a real store."""

    stores: Stores
    destination = CHANNEL

    @property
    def poster(self) -> Poster:
        return TerminalPoster(self.stores.posts, lambda: NOW)

    def shown(self) -> list[str]:
        return [post.text for post in self.stores.posts.all(self.destination)]

    def alive(self, text: str) -> list[str]:
        return [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


RIGS: Mapping[str, Callable[[Stores], Rig]] = {"terminal": Terminal}


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, stores: Stores) -> Rig:
    return RIGS[request.param](stores)


def digest(rig: Rig, *papers: Paper, number: int = 1) -> Delivery:
    """A headline that brings these papers."""
    heading = Heading(NOW.date(), len(papers), ("attention -survey",))
    items = tuple(Item(one.id, 3.0, (1,), (REASON,)) for one in papers)
    return made(number, where=rig.destination, items=items, heading=heading)


def post(rig: Rig, delivery: Delivery, *papers: Paper, thread: str | None = None) -> Receipt:
    return asyncio.run(rig.poster.post(delivery, {one.id: one for one in papers}, thread))


def find(rig: Rig, delivery: Delivery) -> Receipt | None:
    return asyncio.run(rig.poster.find(delivery))


def test_a_message_shows_what_the_delivery_brings_and_why(rig: Rig) -> None:
    one, two = paper(1, "Attention on graphs", upvotes=12), paper(2, "Attention without graphs")
    receipt = post(rig, digest(rig, one, two), one, two)
    assert receipt.message_id
    assert receipt.at.tzinfo is not None
    (text,) = rig.shown()
    for part in ("2 papers", "Attention on graphs", "Attention without graphs", "attention", "-survey", "12"):
        assert part in text


def test_posting_a_delivery_twice_makes_one_message_with_one_receipt(rig: Rig) -> None:
    one = paper(1)
    delivery = digest(rig, one)
    first, second = post(rig, delivery, one), post(rig, delivery, one)
    assert first.message_id == second.message_id
    assert len(rig.shown()) == 1


def test_two_posters_at_once_make_one_message_of_one_delivery(rig: Rig) -> None:
    one = paper(1)
    delivery = digest(rig, one)

    async def both() -> list[Receipt]:
        return await asyncio.gather(*(rig.poster.post(delivery, {one.id: one}, None) for _ in range(5)))

    assert len({receipt.message_id for receipt in asyncio.run(both())}) == 1
    assert len(rig.shown()) == 1


def test_find_knows_what_was_posted_by_its_receipt(rig: Rig) -> None:
    one = paper(1)
    first, second = digest(rig, one), digest(rig, one, number=2)
    receipts = [post(rig, delivery, one) for delivery in (first, second)]
    found = [find(rig, delivery) for delivery in (first, second)]
    assert [each and each.message_id for each in found] == [receipt.message_id for receipt in receipts]


def test_find_does_not_take_another_message_for_it(rig: Rig) -> None:
    one = paper(1)
    assert find(rig, digest(rig, one)) is None
    post(rig, digest(rig, one), one)
    assert find(rig, digest(rig, one, number=2)) is None
    assert find(rig, replace(digest(rig, one), destination=replace(rig.destination, channel="elsewhere"))) is None
    assert len(rig.shown()) == 1


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_papers_text_is_read_and_does_nothing(rig: Rig, text: str) -> None:
    hostile = paper(
        1, text, abstract=text, authors=(text, text), organization=text, url="javascript:alert(1)", code_url=text
    )
    reason = Reason(words=(text,), without=(text,), topic=text, feed=text)
    heading = Heading(NOW.date(), 1, (text,), note=text)
    head = made(1, where=rig.destination, items=(Item(hostile.id, 3.0, (1,), (reason,)),), heading=heading)
    (reply,) = replies(head, 1)
    post(rig, head, hostile)
    post(rig, replace(reply, items=head.items, abstracts=(hostile.id,), heading=heading), hostile)
    assert len(rig.shown()) == 2
    for shown in rig.shown():
        assert rig.alive(shown) == []
        assert "javascript:" not in shown


def test_what_looks_like_markup_is_shown_as_it_was_written(rig: Rig) -> None:
    one = paper(1, "The [bold]strange[/] title of <b>this</b> *paper*")
    post(rig, digest(rig, one), one)
    assert "The [bold]strange[/] title of <b>this</b> *paper*" in rig.shown()[0]


@pytest.mark.parametrize("kind", ["digest", "more", "abstracts"])
def test_a_paper_the_archive_forgot_is_named_by_its_id(rig: Rig, kind: DeliveryKind) -> None:
    forgotten = paper(1)
    delivery = replace(digest(rig, forgotten), kind=kind, abstracts=(forgotten.id,))
    post(rig, delivery)
    assert forgotten.id in rig.shown()[0]


def test_a_paper_that_has_only_a_title_is_posted(rig: Rig) -> None:
    bare = Paper("x0123456789abcde", "Bare")
    post(rig, digest(rig, bare), bare)
    assert "Bare" in rig.shown()[0]


def test_a_reply_follows_its_headline(rig: Rig) -> None:
    one = paper(1, abstract="The abstract, in the thread.")
    head = digest(rig, one)
    (reply,) = replies(head, 1)
    message = post(rig, head, one).message_id
    receipt = post(rig, replace(reply, kind="abstracts", abstracts=(one.id,)), one, thread=message)
    assert receipt.message_id != message
    assert "The abstract, in the thread." in rig.shown()[1]
    assert find(rig, reply) is not None


def test_an_empty_day_is_one_quiet_line_with_its_cause(rig: Rig) -> None:
    heading = Heading(NOW.date() + timedelta(days=1), 0, note="the weekend: the sources publish nothing")
    post(rig, made(1, where=rig.destination, kind="empty", heading=heading))
    (text,) = rig.shown()
    assert "the weekend: the sources publish nothing" in text
    assert len(text.strip().splitlines()) == 1
