"""Slack's poster against the strict Slack: what it sends, and what it makes of each way in which a post goes wrong."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import pytest

from bot.slack.payload import EVENT
from bot.slack.poster import SlackPoster
from papers.errors import DeliveryError, Rejected, RetryAfter, Unknown
from papers.model import Delivery, Destination, Item, Paper, Receipt
from tests.builders import paper
from tests.contract.slack import slack_poster
from tests.fakes.slack import Message, StrictSlack
from tests.integration.outboxes import delivery

T = TypeVar("T")

CHANNEL = Destination("slack", "T1", "C1")
ALL = ("chat:write", "channels:history", "groups:history", "im:history", "im:write")
ONE = paper(1, url="https://arxiv.org/abs/2603.00001")
FIRST = delivery(1, ONE.id, where=CHANNEL)
POST = "chat.postMessage"


@dataclass
class Bench:
    """A workspace with a channel, and what is asked of a poster there."""

    slack: StrictSlack
    token: str

    def ask(self, question: Callable[[SlackPoster], Awaitable[T]]) -> T:
        """What a new poster answers."""

        async def asked() -> T:
            async with slack_poster(self.slack, self.token) as poster:
                return await question(poster)

        return asyncio.run(asked())

    def post(self, what: Delivery = FIRST, *papers: Paper, thread: str | None = None) -> Receipt:
        """Post."""
        return self.ask(lambda poster: poster.post(what, {one.id: one for one in papers or (ONE,)}, thread))

    def refusal(self, what: Delivery = FIRST, thread: str | None = None) -> DeliveryError:
        """Post what cannot be posted."""
        with pytest.raises(DeliveryError) as caught:
            self.post(what, thread=thread)
        return caught.value

    @property
    def messages(self) -> list[Message]:
        """What stands in the channel."""
        return self.slack.messages("C1")

    @property
    def posts(self) -> int:
        """How often a message was sent to Slack, taken or not."""
        return len(self.slack.called(POST))


@pytest.fixture
def bench() -> Iterator[Bench]:
    with StrictSlack() as slack:
        slack.channel("C1")
        yield Bench(slack, slack.install(scopes=ALL))


def test_a_message_names_its_delivery_and_can_mention_and_unfurl_nothing(bench: Bench) -> None:
    receipt = bench.post()
    (message,) = bench.messages
    assert message.ts == receipt.message_id
    assert message.metadata == {"event_type": EVENT, "event_payload": {"delivery_id": FIRST.id}}
    assert message.blocks
    assert message.text
    (call,) = bench.slack.called(POST)
    assert {key: call.args[key] for key in ("link_names", "unfurl_links", "unfurl_media")} == {
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }
    assert "parse" not in call.args
    assert bench.slack.violations == []


def test_the_same_delivery_has_the_same_client_message_id_for_ever(bench: Bench) -> None:
    for what in (FIRST, FIRST, delivery(2, ONE.id, where=CHANNEL)):
        bench.post(what)
    first, again, other = (uuid.UUID(call.args["client_msg_id"]) for call in bench.slack.called(POST))
    assert first == again
    assert first != other


def test_a_reply_stands_in_its_thread(bench: Bench) -> None:
    head = bench.post().message_id
    reply = bench.post(delivery(2, ONE.id, where=CHANNEL, kind="more"), thread=head).message_id
    assert [one.ts for one in bench.slack.thread("C1", head)] == [reply]


def test_the_receipt_tells_the_time_by_slacks_clock(bench: Bench) -> None:
    receipt = bench.post()
    assert receipt.at.timestamp() == pytest.approx(float(receipt.message_id), abs=1e-3)


def test_a_personal_channel_is_a_direct_message_that_is_opened_once(bench: Bench) -> None:
    def notice(number: int) -> Delivery:
        return delivery(number, where=Destination("slack", "T1", "@U1"), kind="notice")

    async def three(poster: SlackPoster) -> Receipt | None:
        await poster.post(notice(1), {}, None)
        await poster.post(notice(2), {}, None)
        return await poster.find(notice(2), None)

    found = bench.ask(three)
    assert [one.ts for one in bench.slack.direct("U1")][1:] == [found and found.message_id]
    assert len(bench.slack.called("conversations.open")) == 1


@pytest.mark.parametrize(
    "fault", ["hang up before", "hang up after", "500 before", "500 after", "503 after", "fatal_error after"]
)
def test_what_breaks_on_the_way_is_posted_once_at_most_and_its_fate_is_unknown(bench: Bench, fault: str) -> None:
    bench.slack.fail(POST, fault, times=None)
    assert isinstance(bench.refusal(), Unknown)
    assert bench.posts == 1
    assert len(bench.messages) == fault.endswith("after")


@pytest.mark.parametrize("fault", ["429", "ratelimited"])
def test_a_429_is_obeyed_for_the_whole_workspace(bench: Bench, fault: str) -> None:
    bench.slack.fail(POST, fault, seconds=7)
    error = bench.refusal()
    assert isinstance(error, RetryAfter)
    assert (error.seconds, error.scope) == (7.0, "workspace")
    assert bench.messages == []


def test_a_slack_that_is_not_there_was_told_nothing() -> None:
    slack = StrictSlack()
    slack.server.start()
    slack.channel("C1")

    async def cut_off(poster: SlackPoster) -> Receipt:
        await poster.post(FIRST, {ONE.id: ONE}, None)
        await asyncio.to_thread(slack.server.stop)
        await asyncio.sleep(0)  # the connection that was kept notices
        return await poster.post(delivery(2, ONE.id, where=CHANNEL), {ONE.id: ONE}, None)

    with pytest.raises(RetryAfter) as caught:
        Bench(slack, slack.install(scopes=ALL)).ask(cut_off)
    assert caught.value.seconds < 10


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("channel_not_found", "/invite"),
        ("not_in_channel", "/invite"),
        ("is_archived", "unarchive"),
        ("token_revoked", "install"),
        ("restricted_action", "administrator"),
    ],
)
def test_a_closed_channel_suspends_and_says_what_to_do(bench: Bench, name: str, advice: str) -> None:
    bench.slack.fail(POST, name)
    error = bench.refusal()
    assert isinstance(error, Rejected)
    assert error.suspends
    assert advice in error.reason


def test_a_permission_that_is_missing_is_named(bench: Bench) -> None:
    token = bench.slack.install(scopes=["chat:write"])
    personal = delivery(1, where=Destination("slack", "T1", "@U1"), kind="notice")
    error = Bench(bench.slack, token).refusal(personal)
    assert isinstance(error, Rejected)
    assert error.suspends
    assert "im:write" in error.reason


def test_a_direct_message_that_could_not_be_opened_was_not_sent(bench: Bench) -> None:
    personal = delivery(1, where=Destination("slack", "T1", "@U1"), kind="notice")
    bench.slack.fail("conversations.open", "hang up after")
    assert isinstance(bench.refusal(personal), RetryAfter)
    assert bench.posts == 0


def test_a_message_that_is_refused_for_itself_closes_no_channel(bench: Bench) -> None:
    bench.slack.fail(POST, "msg_too_long")
    error = bench.refusal()
    assert isinstance(error, Rejected)
    assert not error.suspends


def test_a_headline_that_a_moderator_deleted_takes_its_replies_with_it(bench: Bench) -> None:
    head = bench.post().message_id
    bench.slack.world.workspaces["T1"].channels["C1"].messages.clear()
    error = bench.refusal(delivery(2, ONE.id, where=CHANNEL, kind="more"), thread=head)
    assert isinstance(error, Rejected)
    assert not error.suspends
    assert "deleted" in error.reason
    assert bench.messages == []


def illustrated() -> Paper:
    return replace(ONE, thumbnail="https://example.org/picture.png")


def test_a_picture_that_slack_cannot_load_costs_only_itself(bench: Bench) -> None:
    bench.slack.break_picture("https://example.org/picture.png")
    bench.post(FIRST, illustrated())
    (message,) = bench.messages
    assert "image_url" not in str(message.blocks)
    assert message.blocks
    assert bench.posts == 2


@pytest.mark.parametrize("name", ["invalid_blocks", "msg_blocks_too_long"])
@pytest.mark.parametrize("shown", [ONE, illustrated()], ids=["bare", "illustrated"])
def test_blocks_that_slack_refuses_become_plain_text_with_every_title(bench: Bench, name: str, shown: Paper) -> None:
    bench.slack.fail(POST, name, times=2 if shown.thumbnail else 1)
    forgotten = Item("2603.00009", 1.0, (1,), ())
    bench.post(replace(FIRST, items=(*FIRST.items, forgotten)), replace(shown, title="A <b> & *c*"))
    (message,) = bench.messages
    assert message.blocks == []
    assert "<https://arxiv.org/abs/2603.00001|A &lt;b&gt; &amp; " in message.text
    assert "*c*" not in message.text
    assert "2603.00009" in message.text
    assert message.metadata


def test_a_message_that_is_lost_while_it_gets_plainer_is_not_sent_again(bench: Bench) -> None:
    bench.slack.fail(POST, "invalid_blocks")
    bench.slack.fail(POST, "hang up after")
    assert isinstance(bench.refusal(), Unknown)
    assert (bench.posts, len(bench.messages)) == (2, 1)


def test_what_is_refused_for_its_looks_to_the_last_is_dead(bench: Bench) -> None:
    bench.slack.fail(POST, "invalid_blocks", times=None)
    error = bench.refusal()
    assert isinstance(error, Rejected)
    assert not error.suspends
