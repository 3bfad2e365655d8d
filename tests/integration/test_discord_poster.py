"""Discord's poster against the strict Discord: what it sends, and what it makes of each way that a post goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import pytest

from bot.discord.acts import delivery_of
from bot.discord.poster import CONTENT, DiscordPoster
from papers.errors import DeliveryError, Rejected, RetryAfter, Unknown
from papers.model import Delivery, Destination, Item, Paper, Receipt
from tests.builders import paper
from tests.conftest import NOW
from tests.contract.discord import discord_poster, place, reading
from tests.fakes.discord import Channel, Guild, Message, StrictDiscord, deny
from tests.fakes.discord.permissions import CREATE_PUBLIC_THREADS, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS, VIEW_CHANNEL
from tests.fakes.discord.shown import born
from tests.fakes.discord.world import FORUM
from tests.integration.outboxes import delivery

T = TypeVar("T")

ONE = paper(1, url="https://arxiv.org/abs/2603.00001")
POST, UNDER = "create_message", "create_thread_from_message"
VOICE = 2


@dataclass
class Bench:
    """A guild with a channel, and what is asked of a poster there."""

    discord: StrictDiscord
    guild: Guild
    channel: Channel
    clock: Callable[[], datetime] = lambda: NOW

    def delivery(self, number: int = 1, **changes: object) -> Delivery:
        """One that brings a paper to the channel, unless `where` is elsewhere."""
        where = changes.pop("where", place(self.channel))
        assert isinstance(where, Destination)
        return replace(delivery(number, ONE.id, where=where), **changes)  # type: ignore[arg-type] # fields of it

    def ask(self, question: Callable[[DiscordPoster], Awaitable[T]]) -> T:
        """What a new poster answers."""

        async def asked() -> T:
            async with discord_poster(self.discord, self.clock) as poster:
                return await question(poster)

        return asyncio.run(asked())

    def post(self, what: Delivery | None = None, *papers: Paper, thread: str | None = None) -> Receipt:
        """Post."""
        known = {one.id: one for one in papers or (ONE,)}
        return self.ask(lambda poster: poster.post(what or self.delivery(), known, thread))

    def refusal(self, what: Delivery | None = None, thread: str | None = None) -> DeliveryError:
        """Post what cannot be posted."""
        with pytest.raises(DeliveryError) as caught:
            self.post(what, thread=thread)
        return caught.value

    @property
    def messages(self) -> list[Message]:
        """What stands in the channel itself."""
        return self.discord.messages(self.channel)

    @property
    def posts(self) -> int:
        """How often a message was sent to Discord, taken or not."""
        return len(self.discord.calls(POST))

    def thread(self, headline: str) -> Channel:
        """The one under a headline."""
        return self.discord.world.channels[headline]


@pytest.fixture
def bench() -> Iterator[Bench]:
    with StrictDiscord() as discord:
        guild = discord.guild()
        yield Bench(discord, guild, discord.channel(guild))
        assert discord.violations == [], discord.violations


def test_a_message_names_its_delivery_and_notifies_nobody(bench: Bench) -> None:
    what = bench.delivery()
    receipt = bench.post(what)
    (message,) = bench.messages
    (call,) = bench.discord.calls(POST)
    assert message.id == receipt.message_id
    assert delivery_of(call.body) == what.id
    assert (call.body["nonce"], call.body["enforce_nonce"]) == (what.id, True)
    assert call.body["allowed_mentions"] == {"parse": []}


def test_the_receipt_tells_the_time_by_discords_clock(bench: Bench) -> None:
    receipt = bench.post()
    assert receipt.at.timestamp() == pytest.approx(born(receipt.message_id), abs=1e-3)


def test_a_reply_stands_in_a_thread_that_is_opened_once(bench: Bench) -> None:
    head = bench.delivery()
    replies = [bench.delivery(number, kind="more") for number in (2, 3)]

    async def three(poster: DiscordPoster) -> list[str]:
        first = (await poster.post(head, {ONE.id: ONE}, None)).message_id
        return [(await poster.post(one, {ONE.id: ONE}, first)).message_id for one in replies]

    posted = bench.ask(three)
    (thread,) = bench.discord.threads(bench.channel)
    assert [one.id for one in bench.discord.messages(thread)] == posted
    assert thread.name == "Wed 11 Mar · papers"
    assert len(bench.discord.calls(UNDER)) == 1
    assert len(bench.messages) == 1


def test_a_thread_that_another_process_opened_is_no_hindrance(bench: Bench) -> None:
    head = bench.post().message_id
    bench.post(bench.delivery(2, kind="more"), thread=head)
    bench.post(bench.delivery(3, kind="more"), thread=head)
    assert len(bench.discord.messages(bench.thread(head))) == 2
    assert bench.discord.counts["160004"] == 1


@pytest.mark.parametrize("kind", ["thread", "voice", "dm"])
def test_where_there_are_no_threads_replies_follow_in_the_channel(bench: Bench, kind: str) -> None:
    where = bench.channel
    if kind == "thread":
        where = bench.discord.thread(bench.channel)
    elif kind == "voice":
        where = bench.discord.channel(bench.guild, "voice", VOICE)
    destination = place(where)
    if kind == "dm":
        ada = bench.discord.user("ada", bench.guild)
        where, destination = bench.discord.direct(ada), Destination("discord", bench.guild.id, f"@{ada.id}")
    head = bench.post(bench.delivery(where=destination)).message_id
    bench.post(bench.delivery(2, kind="more", where=destination), thread=head)
    assert len(bench.discord.messages(where)) == 2
    assert bench.discord.calls(UNDER) == []


def test_in_a_forum_a_headline_starts_a_post_and_its_replies_follow_there(bench: Bench) -> None:
    forum = bench.discord.channel(bench.guild, "forum", FORUM)
    head = bench.post(bench.delivery(where=place(forum))).message_id
    reply = bench.post(bench.delivery(2, kind="more", where=place(forum)), thread=head).message_id
    (post,) = bench.discord.threads(forum)
    assert [one.id for one in bench.discord.messages(post)] == [head, reply]
    assert post.id == head
    assert post.name.startswith("Wed 11 Mar · ")
    assert bench.discord.calls(UNDER) == []


def test_a_personal_channel_is_opened_once(bench: Bench) -> None:
    ada = bench.discord.user("ada", bench.guild)
    where = Destination("discord", bench.guild.id, f"@{ada.id}")
    first, second = (bench.delivery(number, kind="notice", where=where) for number in (1, 2))

    async def three(poster: DiscordPoster) -> Receipt | None:
        await poster.post(first, {}, None)
        await poster.post(second, {}, None)
        return await poster.find(second, None)

    found = bench.ask(three)
    assert [one.id for one in bench.discord.dms(ada)][1:] == [found and found.message_id]
    assert len(bench.discord.calls("create_dm")) == 1


@pytest.mark.parametrize("fault", ["hang up before", "hang up after", "500 before", "500 after", "503 after"])
def test_what_breaks_on_the_way_is_sent_once_and_its_fate_is_unknown(bench: Bench, fault: str) -> None:
    bench.discord.fail(POST, fault, times=None)
    assert isinstance(bench.refusal(), Unknown)
    assert bench.posts == 1
    assert len(bench.messages) == fault.endswith("after")


def test_what_was_taken_and_not_heard_of_is_met_again_by_its_nonce(bench: Bench) -> None:
    bench.discord.fail(POST, "hang up after")
    assert isinstance(bench.refusal(), Unknown)
    (message,) = bench.messages
    assert bench.post().message_id == message.id
    assert len(bench.messages) == 1


def test_what_was_posted_and_deleted_since_does_not_come_again(bench: Bench) -> None:
    bench.post()
    bench.discord.delete_message(bench.messages[0])
    error = bench.refusal()
    assert isinstance(error, Rejected)
    assert not error.suspends
    assert "deleted" in error.reason
    assert bench.messages == []


def test_a_discord_that_is_not_there_was_told_nothing() -> None:
    discord = StrictDiscord()
    discord.server.start()
    bench = Bench(discord, guild := discord.guild(), discord.channel(guild))

    async def cut_off(poster: DiscordPoster) -> Receipt:
        await poster.post(bench.delivery(), {ONE.id: ONE}, None)
        await asyncio.to_thread(discord.server.stop)
        await asyncio.sleep(0)  # the connection that was kept notices
        return await poster.post(bench.delivery(2), {ONE.id: ONE}, None)

    with pytest.raises(RetryAfter) as caught:
        bench.ask(cut_off)
    assert (caught.value.seconds, caught.value.scope) == (2.0, "platform")


def shut_out(bench: Bench) -> None:
    bench.discord.update_channel(bench.channel, overwrites=[deny(VIEW_CHANNEL, bench.discord.bot)])


def silenced(bench: Bench) -> None:
    bench.discord.update_channel(bench.channel, overwrites=[deny(SEND_MESSAGES, bench.discord.bot)])


def deleted(bench: Bench) -> None:
    bench.discord.delete_channel(bench.channel)


def removed(bench: Bench) -> None:
    bench.discord.remove_guild(bench.guild)


@pytest.mark.parametrize(
    ("happening", "advice"),
    [(shut_out, "View Channel"), (silenced, "Send Messages"), (deleted, "was deleted"), (removed, "")],
)
def test_a_closed_channel_suspends_and_says_what_to_do(
    bench: Bench, happening: Callable[[Bench], None], advice: str
) -> None:
    happening(bench)
    error = bench.refusal()
    assert isinstance(error, Rejected)
    assert error.suspends
    assert advice in error.reason


def test_who_takes_no_direct_messages_is_closed_to_us(bench: Bench) -> None:
    ada = bench.discord.user("ada", bench.guild)
    ada.takes_dms = False
    error = bench.refusal(bench.delivery(kind="notice", where=Destination("discord", bench.guild.id, f"@{ada.id}")))
    assert isinstance(error, Rejected)
    assert error.suspends


@pytest.mark.parametrize("right", [CREATE_PUBLIC_THREADS, SEND_MESSAGES_IN_THREADS])
def test_where_threads_are_forbidden_the_way_out_is_named(bench: Bench, right: int) -> None:
    head = bench.post().message_id
    bench.discord.update_channel(bench.channel, overwrites=[deny(right, bench.discord.bot)])
    error = bench.refusal(bench.delivery(2, kind="more"), thread=head)
    assert isinstance(error, Rejected)
    assert error.suspends
    assert "replies flat" in error.reason


def headline_gone(bench: Bench, _head: str) -> None:
    bench.discord.delete_message(bench.messages[0])


def thread_locked(bench: Bench, head: str) -> None:
    bench.post(bench.delivery(9, kind="more"), thread=head)
    bench.discord.update_thread(bench.thread(head), archived=True, locked=True)


@pytest.mark.parametrize(
    ("happening", "word"), [(headline_gone, "deleted"), (thread_locked, "locked")], ids=["headline gone", "locked"]
)
def test_what_a_moderator_removed_or_locked_takes_its_replies_with_it(
    bench: Bench, happening: Callable[[Bench, str], None], word: str
) -> None:
    head = bench.post().message_id
    happening(bench, head)
    standing = len(bench.messages)
    error = bench.refusal(bench.delivery(2, kind="more"), thread=head)
    assert isinstance(error, Rejected)
    assert not error.suspends
    assert word in error.reason
    assert len(bench.messages) == standing


def test_a_thread_that_is_deleted_while_we_post_takes_its_replies_with_it(bench: Bench) -> None:
    head = bench.post().message_id
    bench.discord.just_before(POST, lambda: bench.discord.delete_channel(bench.thread(head)))
    error = bench.refusal(bench.delivery(2, kind="more"), thread=head)
    assert isinstance(error, Rejected)
    assert not error.suspends
    assert "thread" in error.reason
    assert len(bench.messages) == 1


def test_a_thread_that_went_to_the_archive_comes_back(bench: Bench) -> None:
    head = bench.post().message_id
    bench.post(bench.delivery(2, kind="more"), thread=head)
    bench.discord.update_thread(bench.thread(head), archived=True)
    bench.post(bench.delivery(3, kind="more"), thread=head)
    assert len(bench.discord.messages(bench.thread(head))) == 2
    assert not bench.thread(head).is_archived


@pytest.mark.parametrize("fault", ["hang up after", "500 before", "503 after"])
@pytest.mark.parametrize("route", ["get_channel", "create_dm", UNDER])
def test_what_breaks_before_the_post_was_not_posted(bench: Bench, fault: str, route: str) -> None:
    head = bench.post().message_id
    ada = bench.discord.user("ada", bench.guild)
    personal = Destination("discord", bench.guild.id, f"@{ada.id}")
    what = bench.delivery(2, kind="more", where=personal if route == "create_dm" else place(bench.channel))
    bench.discord.fail(route, fault, times=None)
    assert isinstance(bench.refusal(what, head), RetryAfter)
    assert bench.posts == 1
    bench.discord.heal()
    bench.post(what, thread=head)
    assert bench.posts == 2


def illustrated() -> Paper:
    return replace(ONE, thumbnail="https://example.org/picture.png")


def test_a_picture_that_discord_refuses_costs_only_itself(bench: Bench) -> None:
    bench.discord.weather(poison="picture.png")
    bench.post(None, illustrated())
    (message,) = bench.messages
    assert "Attention on graphs" in message.text
    assert "media" not in str(message.components)
    assert bench.posts == 2


@pytest.mark.parametrize("shown", [ONE, illustrated()], ids=["bare", "illustrated"])
@pytest.mark.parametrize("code", ["50035", "50006"])
def test_components_that_discord_refuses_become_plain_text_with_every_title(
    bench: Bench, shown: Paper, code: str
) -> None:
    bench.discord.fail(POST, code, times=2 if shown.thumbnail else 1)
    what = bench.delivery()
    what = replace(what, items=(*what.items, Item("2603.00009", 1.0, (1,), ())))
    bench.post(what, replace(shown, title="A <@1> & *c*"))
    (message,) = bench.messages
    assert r"[A \<\@1> & \*c\*](https://arxiv.org/abs/2603.00001)" in message.content
    assert "2603.00009" in reading(message)
    assert message.flags == 4
    assert bench.ask(lambda poster: poster.find(what, None))


def test_a_plain_message_has_room_for_as_many_titles_as_fit(bench: Bench) -> None:
    papers = [paper(number, "long " * 100, url=f"https://arxiv.org/abs/{number}") for number in range(1, 21)]
    bench.discord.fail(POST, "50035")
    what = replace(bench.delivery(), items=tuple(Item(one.id, 1.0, (1,), ()) for one in papers))
    bench.post(what, *papers)
    (message,) = bench.messages
    lines = message.content.splitlines()
    assert CONTENT - 400 < len(message.content) <= CONTENT
    assert lines[-1] == f"- … and {20 - (len(lines) - 2)} more papers"


def test_a_message_that_is_lost_while_it_gets_plainer_is_not_sent_again(bench: Bench) -> None:
    bench.discord.fail(POST, "50035")
    bench.discord.fail(POST, "hang up after")
    assert isinstance(bench.refusal(), Unknown)
    assert (bench.posts, len(bench.messages)) == (2, 1)


def test_the_token_stands_in_no_error(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.discord.fail(POST, "40005")  # which is no status: aiohttp trips over it, with the request in its hands
    error = bench.refusal()
    assert isinstance(error, Unknown)
    assert "bot-token" not in str(error) + "".join(capsys.readouterr())


def test_a_token_that_is_not_accepted_holds_everything_up_and_closes_nothing(bench: Bench) -> None:
    token = bench.discord.token

    async def twice(poster: DiscordPoster) -> None:
        bench.discord.reset_token()
        for what in (bench.delivery(), bench.delivery(2)):
            with pytest.raises(RetryAfter) as caught:
                await poster.post(what, {ONE.id: ONE}, None)
            assert caught.value.scope == "platform"
            assert caught.value.seconds == pytest.approx(60, abs=1)

    bench.ask(twice)
    assert bench.discord.counts["401"] == 1
    bench.discord.reset_token(token)
    bench.post()


def test_what_is_refused_for_its_looks_to_the_last_is_dead(bench: Bench) -> None:
    bench.discord.fail(POST, "50035", times=None)
    error = bench.refusal()
    assert isinstance(error, Rejected)
    assert not error.suspends
