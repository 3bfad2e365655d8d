"""Whether a message is out on Discord: found, harmless to post again, not to be said now, never to be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.discord.history import PAGE, PAGES, POSTS, snowflake
from bot.discord.poster import LOOK_AFTER, NONCE, DiscordPoster
from papers.errors import RetryAfter, Unknown, Unverifiable
from papers.model import Delivery, Receipt
from tests.contract.discord import place
from tests.fakes.discord import Channel, Message, deny
from tests.fakes.discord.chat import NONCE_SECONDS
from tests.fakes.discord.permissions import READ_MESSAGE_HISTORY, VIEW_CHANNEL
from tests.fakes.discord.shown import born
from tests.fakes.discord.world import FORUM
from tests.integration.discord_bench import Bench, bench

__all__ = ["bench"]

LIST = "list_messages"


def find(bench: Bench, what: Delivery | None = None, thread: str | None = None) -> Receipt | None:
    return bench.ask(lambda poster: poster.find(what or bench.delivery(), thread))


def long_after(bench: Bench, what: Delivery | None = None) -> Bench:
    """When the nonce may be forgotten."""
    due = (what or bench.delivery()).due
    return replace(bench, clock=lambda: due + NONCE + timedelta(seconds=1))


def minutes_pass(bench: Bench) -> None:
    """Discord forgets its nonces."""
    bench.discord.world.ahead += NONCE_SECONDS + 1


def chatter(bench: Bench, messages: int, where: Channel | None = None) -> list[Message]:
    """People talk."""
    user = bench.discord.user("bob", bench.guild)
    return [bench.discord.say(user, where or bench.channel, f"message {number}") for number in range(messages)]


def fast(bench: Bench) -> None:
    bench.discord.api.pace.is_on = False
    for route in (LIST, "get_message"):
        bench.discord.limit(route, 1000, 1.0)


def test_a_message_is_found_among_others(bench: Bench) -> None:
    chatter(bench, PAGE)
    bench.post(bench.delivery(2))
    receipt = bench.post()
    bench.post(bench.delivery(3))
    chatter(bench, 2 * PAGE)
    assert find(bench) == receipt


def test_what_was_not_posted_is_absent_for_certain_once_all_pages_were_read(bench: Bench) -> None:
    bench.post(bench.delivery(2))
    chatter(bench, 2 * PAGE)
    assert find(long_after(bench)) is None
    assert len(bench.discord.calls(LIST)) == 4


def test_a_reply_is_found_in_its_thread_and_only_there(bench: Bench) -> None:
    head = bench.post().message_id
    reply = bench.delivery(2, kind="more")
    assert find(long_after(bench), reply, head) is None  # there is no thread yet
    receipt = bench.post(reply, thread=head)
    assert find(bench, reply, head) == receipt
    assert find(long_after(bench), reply) is None
    bench.discord.delete_channel(bench.thread(head))
    assert find(long_after(bench), reply, head) is None


def test_a_headline_is_not_taken_for_its_reply_where_the_thread_quotes_it(bench: Bench) -> None:
    head = bench.post().message_id
    bench.post(bench.delivery(2, kind="more"), thread=head)
    assert find(long_after(bench), bench.delivery(1), head) is None


def test_nothing_from_before_the_delivery_was_due_is_read(bench: Bench) -> None:
    bench.post()
    bench.discord.world.ahead += 3600
    later = bench.delivery(due=datetime.now(UTC) + timedelta(minutes=30))
    assert find(long_after(bench, later), later) is None
    assert bench.discord.calls("get_message") == []


@pytest.mark.parametrize("fault", ["hang up before", "500 before", "503 after"])
def test_a_discord_that_does_not_answer_proves_nothing(bench: Bench, fault: str) -> None:
    bench.post()
    bench.discord.fail(LIST, fault, times=None)
    with pytest.raises(Unknown):
        find(bench)


def test_a_discord_that_asks_to_wait_is_asked_later(bench: Bench) -> None:
    bench.discord.fail(LIST, "429", seconds=30)
    with pytest.raises(RetryAfter) as caught:
        find(bench)
    assert caught.value.seconds == 30


Breaking = Callable[[Bench], None]


def history_hidden(bench: Bench) -> None:
    bench.discord.update_channel(bench.channel, overwrites=[deny(READ_MESSAGE_HISTORY, bench.discord.bot)])


def shut_out(bench: Bench) -> None:
    bench.discord.update_channel(bench.channel, overwrites=[deny(VIEW_CHANNEL, bench.discord.bot)])


def said_too_much(bench: Bench) -> None:
    fast(bench)
    chatter(bench, PAGE * PAGES + 1)


def deleted(bench: Bench) -> None:
    bench.discord.delete_channel(bench.channel)


@pytest.mark.parametrize("breaking", [history_hidden, said_too_much, shut_out, deleted])
def test_a_channel_that_cannot_be_read_can_never_tell(bench: Bench, breaking: Breaking) -> None:
    bench.post()
    breaking(bench)
    with pytest.raises(Unverifiable):
        find(long_after(bench), bench.delivery(2))


@pytest.mark.parametrize("breaking", [history_hidden, said_too_much])
def test_while_the_nonce_is_remembered_it_is_harmless_to_post_again_and_needs_no_history(
    bench: Bench, breaking: Breaking
) -> None:
    first = bench.post()
    breaking(bench)
    just_now = replace(bench, clock=lambda: bench.delivery().due + NONCE)
    standing = len(bench.messages)
    assert find(just_now) in {None, first}
    assert bench.post() == first
    assert len(bench.messages) == standing


def test_a_nonce_is_forgotten_and_then_the_history_is_all_there_is(bench: Bench) -> None:
    first = bench.post()
    minutes_pass(bench)
    assert find(long_after(bench)) == first
    bench.post()  # whoever does not look
    assert len(bench.messages) == 2


def test_a_history_that_is_hidden_and_in_which_nothing_was_said_since_can_tell(bench: Bench) -> None:
    chatter(bench, 1)
    bench.discord.world.ahead += 3600
    history_hidden(bench)
    later = bench.delivery(due=datetime.now(UTC) + timedelta(minutes=30))
    assert find(long_after(bench, later), later) is None


def speaks_after_the_look(bench: Bench, said: list[Message]) -> None:
    """Somebody writes when the history was read, and before the channel's last message is asked for."""
    bench.discord.just_before(LIST, lambda: bench.discord.just_before("get_channel", speak))

    def speak() -> None:
        said.extend(chatter(bench, 1))


def test_what_is_said_while_we_look_proves_nothing(bench: Bench) -> None:
    speaks_after_the_look(bench, [])
    with pytest.raises(Unknown):
        find(long_after(bench))


def test_an_empty_history_whose_last_message_was_deleted_is_believed(bench: Bench) -> None:
    said: list[Message] = []
    speaks_after_the_look(bench, said)
    bench.discord.just_before("get_message", lambda: bench.discord.delete_message(said[0]))
    assert find(long_after(bench)) is None
    assert said


def in_forum(bench: Bench) -> tuple[Channel, Delivery]:
    forum = bench.discord.channel(bench.guild, "forum", FORUM)
    return forum, bench.delivery(where=place(forum))


@pytest.mark.parametrize("archived", [False, True])
def test_a_forums_post_is_found_by_its_first_message(bench: Bench, *, archived: bool) -> None:
    forum, what = in_forum(bench)
    bench.post(bench.delivery(2, where=place(forum)))
    receipt = bench.post(what)
    for post in bench.discord.threads(forum):
        chatter(bench, 1, post)
        bench.discord.update_thread(post, archived=archived)
    assert find(bench, what) == receipt


def test_a_post_that_a_forum_does_not_show_is_looked_for_again_before_it_is_believed_absent(bench: Bench) -> None:
    _, what = in_forum(bench)

    async def twice(poster: DiscordPoster) -> Receipt | None:
        with pytest.raises(RetryAfter) as caught:
            await poster.find(what, None)
        assert LOOK_AFTER + caught.value.seconds >= 60
        return await poster.find(what, None)

    assert bench.ask(twice) is None


def test_a_forums_post_whose_answer_was_lost_is_found(bench: Bench) -> None:
    forum, what = in_forum(bench)
    bench.discord.fail("create_thread", "hang up after")
    assert isinstance(bench.refusal(what), Unknown)
    found = find(bench, what)
    assert [post.id for post in bench.discord.threads(forum)] == [found and found.message_id]


def test_a_forum_has_no_nonces_so_what_it_hides_can_never_be_told(bench: Bench) -> None:
    forum, what = in_forum(bench)
    bench.discord.update_channel(forum, overwrites=[deny(READ_MESSAGE_HISTORY, bench.discord.bot)])
    with pytest.raises(Unverifiable):
        find(replace(bench, clock=lambda: what.due), what)


@pytest.mark.parametrize("archived", [False, True])
def test_a_forum_with_too_many_posts_can_never_tell(bench: Bench, *, archived: bool) -> None:
    forum, what = in_forum(bench)
    for _ in range(PAGE + 1 if archived else POSTS + 1):
        post = bench.discord.thread(forum)
        post.is_archived = archived
    with pytest.raises(Unverifiable, match="posts"):
        find(bench, what)


def test_a_snowflake_is_before_all_that_is_made_then_or_later() -> None:
    at = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)
    assert born(str(snowflake(at))) == at.timestamp()
    assert snowflake(datetime(2014, 1, 1, tzinfo=UTC)) == 0
