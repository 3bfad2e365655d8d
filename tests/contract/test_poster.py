"""What the outbox's sender relies on, whatever the platform: one suite for all posters.

A platform joins by a `Rig` in `RIGS`: its poster, the channel it posts to, what that channel shows, what of it would do
something there, and whether the platform itself knows a delivery by its id.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar, Protocol, Self, TypeVar

import pytest

from bot.posting import Sender
from bot.terminal.poster import TerminalPoster
from bot.verdict import Judge
from papers.model import Delivery, DeliveryKind, Destination, Heading, Item, Paper, Reason, Receipt
from papers.ports import Poster
from papers.wiring import Stores
from tests.builders import paper
from tests.conftest import NOW
from tests.contract.discord import Discord
from tests.contract.email import Email
from tests.contract.slack import Slack
from tests.integration.outboxes import delivery as made
from tests.integration.outboxes import put, replies

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


class Rig(Protocol):
    """A poster and its channel.

    Attributes:
        knows_deliveries: whether the platform takes a delivery only once, by its id, if only for minutes. If it does
            not, or not any more, verification is all that stands between a lost answer and a second message.
        looks: whether it tells what it took, so that verification can be. Where it does not, nothing is changed in
            place and nothing answers anything either: what was posted is out of sight.
    """

    knows_deliveries: ClassVar[bool]
    looks: ClassVar[bool]

    @property
    def destination(self) -> Destination:
        """The channel it posts to."""

    @property
    def elsewhere(self) -> Destination:
        """Another channel."""

    def poster(self) -> AbstractAsyncContextManager[Poster]:
        """What is tested, for one event loop."""

    def shown(self) -> list[str]:
        """The text of every message in the channel, oldest first, as people read it."""

    def alive(self) -> list[str]:
        """What in the channel would do more than be read there."""


@dataclass(frozen=True)
class Terminal:
    """The terminal, over a real store."""

    stores: Stores
    knows_deliveries: ClassVar = True
    looks: ClassVar = True
    destination = Destination("terminal", "local", "contract")
    elsewhere = Destination("terminal", "local", "elsewhere")

    @classmethod
    @contextmanager
    def open(cls, stores: Stores) -> Iterator[Self]:
        """There is nothing to open."""
        yield cls(stores)

    @asynccontextmanager
    async def poster(self) -> AsyncIterator[Poster]:
        yield TerminalPoster(self.stores.posts, lambda: NOW)

    def shown(self) -> list[str]:
        return [post.text for post in self.stores.posts.all(self.destination)]

    def alive(self) -> list[str]:
        unreadable = {"Cc", "Cf", "Cs", "Zl", "Zp"}
        return [c for text in self.shown() for c in text if c != "\n" and unicodedata.category(c) in unreadable]


RIGS: Mapping[str, type[Terminal | Slack | Discord | Email]] = {
    "terminal": Terminal,
    "slack": Slack,
    "discord": Discord,
    "email": Email,
}


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, stores: Stores) -> Iterator[Rig]:
    with RIGS[request.param].open(stores) as opened:
        yield opened


@pytest.fixture(params=[name for name, one in RIGS.items() if one.knows_deliveries])
def knowing_rig(request: pytest.FixtureRequest, stores: Stores) -> Iterator[Rig]:
    """Of a platform that takes a delivery only once."""
    with RIGS[request.param].open(stores) as opened:
        yield opened


@pytest.fixture(params=[name for name, one in RIGS.items() if one.looks])
def looking_rig(request: pytest.FixtureRequest, stores: Stores) -> Iterator[Rig]:
    """Of a platform that tells what it took."""
    with RIGS[request.param].open(stores) as opened:
        yield opened


@pytest.fixture(params=[name for name, one in RIGS.items() if not one.looks])
def silent_rig(request: pytest.FixtureRequest, stores: Stores) -> Iterator[Rig]:
    """Of a platform that does not."""
    with RIGS[request.param].open(stores) as opened:
        yield opened


T = TypeVar("T")


def ask(rig: Rig, question: Callable[[Poster], Awaitable[T]]) -> T:
    """What a poster answers."""

    async def asked() -> T:
        async with rig.poster() as poster:
            return await question(poster)

    return asyncio.run(asked())


def digest(rig: Rig, *papers: Paper, number: int = 1) -> Delivery:
    """A headline that brings these papers."""
    heading = Heading(NOW.date(), len(papers), ("attention -survey",))
    items = tuple(Item(one.id, 3.0, (1,), (REASON,)) for one in papers)
    return made(number, where=rig.destination, items=items, heading=heading)


def post(rig: Rig, delivery: Delivery, *papers: Paper, thread: str | None = None) -> Receipt:
    return ask(rig, lambda poster: poster.post(delivery, {one.id: one for one in papers}, thread))


def find(rig: Rig, delivery: Delivery, thread: str | None = None) -> Receipt | None:
    return ask(rig, lambda poster: poster.find(delivery, thread))


async def drain(stores: Stores, poster: Poster, where: Destination, *, senders: int = 1) -> None:
    """Send all that may be sent now."""
    judge = Judge(stores.papers, poster)
    crew = [Sender(where.platform, stores.outbox, stores.channels, judge) for _ in range(senders)]
    await asyncio.gather(*(sender.drain() for sender in crew))


def test_a_message_shows_what_the_delivery_brings_and_why(rig: Rig) -> None:
    one, two = paper(1, "Attention on graphs", upvotes=12), paper(2, "Attention without graphs")
    receipt = post(rig, digest(rig, one, two), one, two)
    assert receipt.message_id
    assert receipt.at.tzinfo is not None
    (text,) = rig.shown()
    for part in ("2 papers", "Attention on graphs", "Attention without graphs", "attention", "-survey", "12"):
        assert part in text


def test_posting_a_delivery_twice_makes_one_message_with_one_receipt(knowing_rig: Rig) -> None:
    one = paper(1)
    delivery = digest(knowing_rig, one)
    first, second = post(knowing_rig, delivery, one), post(knowing_rig, delivery, one)
    assert first.message_id == second.message_id
    assert len(knowing_rig.shown()) == 1


def test_posters_at_once_make_one_message_of_one_delivery(knowing_rig: Rig) -> None:
    one = paper(1)
    delivery = digest(knowing_rig, one)

    async def several(poster: Poster) -> list[Receipt]:
        return await asyncio.gather(*(poster.post(delivery, {one.id: one}, None) for _ in range(5)))

    assert len({receipt.message_id for receipt in ask(knowing_rig, several)}) == 1
    assert len(knowing_rig.shown()) == 1


def test_senders_at_once_make_one_message_of_one_delivery(rig: Rig, stores: Stores) -> None:
    put(stores, *(digest(rig, number=number) for number in range(1, 4)))
    ask(rig, lambda poster: drain(stores, poster, rig.destination, senders=3))
    assert len(rig.shown()) == 3
    assert {record.state for record in stores.outbox.history(rig.destination)} == {"sent"}


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
    assert rig.alive() == []
    assert not any("javascript:" in shown for shown in rig.shown())


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


def test_a_reply_follows_its_headline(looking_rig: Rig) -> None:
    one = paper(1, abstract="The abstract, in the thread.")
    head = digest(looking_rig, one)
    (reply,) = replies(head, 1)
    message = post(looking_rig, head, one).message_id
    receipt = post(looking_rig, replace(reply, kind="abstracts", abstracts=(one.id,)), one, thread=message)
    assert receipt.message_id != message
    assert "The abstract, in the thread." in looking_rig.shown()[1]
    assert find(looking_rig, reply, message) is not None


def test_an_empty_day_is_one_quiet_line_with_its_cause(rig: Rig) -> None:
    heading = Heading(NOW.date() + timedelta(days=1), 0, note="the weekend: the sources publish nothing")
    post(rig, made(1, where=rig.destination, kind="empty", heading=heading))
    (text,) = rig.shown()
    assert "the weekend: the sources publish nothing" in text
    assert len(text.strip().splitlines()) == 1
