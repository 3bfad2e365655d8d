"""Where Discord's poster posts: channels, threads, forums, direct messages; and what people do to those."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.discord.poster import DiscordPoster
from papers.errors import Rejected, RetryAfter
from papers.model import Destination, Receipt
from tests.contract.discord import place
from tests.fakes.discord import deny
from tests.fakes.discord.permissions import CREATE_PUBLIC_THREADS, SEND_MESSAGES_IN_THREADS
from tests.fakes.discord.world import FORUM
from tests.integration.discord_bench import ONE, POST, UNDER, Bench, bench

__all__ = ["bench"]


VOICE = 2


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
