"""A kill on either side of every transition: whatever the dead leave, their successors deliver it exactly once."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count

import pytest

from bot.posting import Sender
from bot.verdict import Judge
from papers.model import Delivery, Destination
from papers.stores import keys
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import paper, store
from tests.chaos.chat import Fault
from tests.chaos.crew import Chat
from tests.chaos.discord import Discord
from tests.chaos.failpoints import Failpoint, Side
from tests.chaos.ledger import Taken
from tests.chaos.sender_role import PLATFORM, arguments, poster_of, where
from tests.chaos.sender_role import main as sender
from tests.chaos.slack import Slack
from tests.chaos.worker_role import main as worker
from tests.conftest import NOW
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.line import Line
from tests.integration.outboxes import delivery, put, replies, time_passes
from tests.nursery import run
from workers.revise import Reviser

SIDES: Sequence[Side] = ("before", "after")
SENDER = [Failpoint(step, side, call) for step in ("claim", "post", "settle") for side in SIDES for call in (1, 2)]
LOOKING = [Failpoint(step, side) for step in ("claim", "find", "settle") for side in SIDES]
WORKER = [Failpoint(step, side) for step in ("save", "put", "matched", "commit", "finish") for side in SIDES]
WORKER += [Failpoint("commit", side, 2) for side in SIDES]
EDITING = [Failpoint(step, side) for step in ("claim", "edit", "settle") for side in SIDES]
REPEATED = {"edit:after:1", "settle:before:1"}
"""Nobody knows of the edit, so it is made again."""
EDITS: dict[type[Chat], str] = {Slack: "chat.update", Discord: "edited"}
REVISING = [Failpoint(step, side) for step in ("showing", "revised") for side in SIDES]


@pytest.fixture(params=[Chat, Slack, Discord], ids=["chat", "slack", "discord"], scope="module")
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    running: Chat = request.param(tmp_path_factory.mktemp("platform"))
    yield running
    running.end()


@pytest.fixture(scope="module")
def numbers(platform: Chat) -> Iterator[int]:  # noqa: ARG001 - each platform's begin anew
    return count()


@pytest.fixture
def number(numbers: Iterator[int]) -> int:
    """No test of this platform had it yet."""
    return next(numbers)


@pytest.fixture
def chat(platform: Chat) -> Iterator[Chat]:
    yield platform
    platform.weather()


@pytest.fixture
def channel(chat: Chat, number: int) -> Destination:
    return where(chat.channel(number))


@pytest.fixture
def headline(channel: Destination, number: int) -> Delivery:
    """A message with an id of its own: Discord takes no second one with the same nonce, wherever it is for."""
    return delivery(10 * number, paper(1).id, "b", where=channel)


def taken(chat: Chat, channel: Destination) -> list[Taken]:
    return [one for one in chat.taken() if one.channel == channel.channel]


def dies(role: Callable[..., None], *words: str) -> None:
    """Run a role that must kill itself."""
    assert run(role, *words) == -signal.SIGKILL


async def drain(stores: Stores, chat: Chat) -> None:
    """Send all that may be sent now, as a new sender."""
    async with poster_of(arguments(stores.server.url, *chat.words)) as poster:
        await Sender(PLATFORM, stores.outbox, stores.channels, Judge(stores.papers, poster)).drain()


def send(stores: Stores, chat: Chat, channel: Destination) -> None:
    """Send until nothing is left, minutes passing in no time but for the platform, which may ask to wait."""
    for _ in range(50):
        time_passes(stores, 100, channel)
        asyncio.run(drain(stores, chat))
        if not stores.server.call("ZCARD", keys.outbox(channel)):
            return
        time.sleep(0.05)


def attempt(stores: Stores, chat: Chat, channel: Destination) -> None:
    """Send until it was tried once: a platform may ask to wait first, for what others sent."""
    for _ in range(50):
        asyncio.run(drain(stores, chat))
        if "pending" not in [record.state for record in stores.outbox.history(channel)]:
            return
        time_passes(stores, 1, channel)


@pytest.mark.parametrize("failpoint", SENDER, ids=str)
def test_a_sender_killed_there_neither_loses_nor_doubles(
    failpoint: Failpoint, stores: Stores, chat: Chat, channel: Destination, headline: Delivery
) -> None:
    thread = replies(headline, 2)
    put(stores, headline, *thread)
    dies(sender, stores.server.url, *chat.words, "--die", str(failpoint))
    send(stores, chat, channel)
    first, *replied = [one.delivery for one in taken(chat, channel)]
    assert first == headline.id
    assert sorted(replied) == [one.id for one in thread]  # whoever has to look for one reply goes on with the next
    records = stores.outbox.history(channel)
    assert {one.thread for one in taken(chat, channel)[1:]} == {records[-1].message}
    assert [record.state for record in records] == ["sent"] * 3


@pytest.mark.parametrize("fault", ["hang up after", "hang up before"])
@pytest.mark.parametrize("failpoint", LOOKING, ids=str)
def test_a_sender_killed_there_while_it_looks_neither_loses_nor_doubles(
    failpoint: Failpoint, fault: Fault, stores: Stores, chat: Chat, headline: Delivery
) -> None:
    channel = headline.destination
    put(stores, headline)
    chat.weather({fault: 1.0})
    attempt(stores, chat, channel)
    assert [record.state for record in stores.outbox.history(channel)] == ["unknown"]
    time_passes(stores, 100, channel)
    chat.weather()
    dies(sender, stores.server.url, *chat.words, "--die", str(failpoint))
    send(stores, chat, channel)
    assert [one.delivery for one in taken(chat, channel)] == [headline.id]
    assert [record.state for record in stores.outbox.history(channel)] == ["sent"]


@pytest.mark.parametrize("failpoint", WORKER, ids=str)
def test_a_worker_killed_there_neither_loses_nor_doubles(failpoint: Failpoint, server: Server) -> None:
    with Upstream() as upstream:
        line = Line(server, upstream)
        line.say("subscribe diffusion", "one")
        line.say("subscribe robots", "two")
        titles = {"2603.00001": "Diffusion of robots", "2603.00002": "Diffusion of heat", "2603.00003": "Robots at sea"}
        upstream.day("2026-03-11", [item(name, title) for name, title in titles.items()])
        dies(worker, server.url, upstream.url, "--die", str(failpoint))
        server.call("DEL", keys.lease("huggingface"))  # its three minutes are over
        for _ in range(2):
            line.poll()
            line.work()
        assert sorted(line.papers("one")) == ["2603.00001", "2603.00002"]
        assert sorted(line.papers("two")) == ["2603.00001", "2603.00003"]


@pytest.mark.parametrize("platform", EDITS, ids=["slack", "discord"], indirect=True)
@pytest.mark.parametrize("failpoint", EDITING, ids=str)
def test_a_sender_killed_there_edits_a_message_and_makes_no_second_one(
    failpoint: Failpoint, stores: Stores, chat: Chat, channel: Destination, headline: Delivery
) -> None:
    store(stores.papers, paper(1))
    put(stores, headline)
    send(stores, chat, channel)
    store(stores.papers, paper(1, upvotes=640))
    assert Reviser(stores.papers, stores.edits).run(NOW) == 1
    edits = chat.counts().get(EDITS[type(chat)], 0)
    dies(sender, stores.server.url, *chat.words, "--die", str(failpoint))
    send(stores, chat, channel)
    (record,) = stores.outbox.history(channel)
    assert (record.state, bool(record.edited)) == ("sent", True)
    assert [one.delivery for one in taken(chat, channel)] == [headline.id]
    assert chat.counts()[EDITS[type(chat)]] - edits == (2 if str(failpoint) in REPEATED else 1)


@pytest.mark.parametrize("failpoint", REVISING, ids=str)
def test_a_worker_killed_there_has_each_message_edited_once(failpoint: Failpoint, server: Server) -> None:
    with Upstream() as upstream:
        line = Line(server, upstream)
        line.say("subscribe diffusion", "one")
        upstream.day("2026-03-11", [item("2603.00001", "Diffusion of robots")])
        line.poll()
        line.work()
        upstream.day("2026-03-11", [item("2603.00001", "Diffusion of robots", upvotes=640)])
        dies(worker, server.url, upstream.url, "--die", str(failpoint))
        line.workshop.revise()
        assert line.work() == 0
        (post,) = line.posts("one")
        assert "640" in post.text
        assert line.stores.papers.risen(9) == []
        assert len(server.call("KEYS", "*:delivery:*")) == 2  # the message and its one edit
