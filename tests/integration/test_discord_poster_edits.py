"""Discord's poster edits a message: where it stands, and what it makes of each way in which that goes wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.discord.acts import delivery_of
from papers.errors import DeliveryError, Rejected, RetryAfter, Unknown
from papers.model import Delivery, Destination, Paper
from tests.contract.discord import place
from tests.fakes.discord.payloads import IS_COMPONENTS_V2
from tests.fakes.discord.world import FORUM, Message
from tests.integration.discord_bench import ONE, POST, UNDER, Bench, bench

__all__ = ["bench"]

UPDATE = "update_message"
PICTURE = "https://example.org/x.png"
RISEN = replace(ONE, upvotes=640)


def edit(
    bench: Bench, message: str, what: Delivery | None = None, *, thread: str | None = None, shown: Paper = RISEN
) -> None:
    bench.ask(lambda poster: poster.edit(what or bench.delivery(), {shown.id: shown}, message, thread))


def refusal(bench: Bench, message: str, what: Delivery | None = None, thread: str | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        edit(bench, message, what, thread=thread)
    return caught.value


def shows(message: Message) -> bool:
    """Whether it shows that the paper rose."""
    return "640" in message.text


def test_a_message_keeps_its_components_and_its_name(bench: Bench) -> None:
    name = bench.post().message_id
    before = bench.messages[0].custom_ids
    edit(bench, name)
    (message,) = bench.messages
    assert (message.id, bench.posts, shows(message)) == (name, 1, True)
    assert (message.custom_ids, message.allowed_mentions) == (before, {"parse": []})
    assert delivery_of(message.components) == bench.delivery().id


def test_a_reply_is_edited_in_its_thread_which_nobody_opens_for_it(bench: Bench) -> None:
    head = bench.post().message_id
    reply = bench.delivery(2, kind="more")
    name = bench.post(reply, thread=head).message_id
    opened = len(bench.discord.calls(UNDER))
    edit(bench, name, reply, thread=head)
    (message,) = bench.discord.messages(bench.thread(head))
    assert shows(message)
    assert len(bench.discord.calls(UNDER)) == opened


def test_a_forums_post_is_edited_in_itself_and_so_are_its_replies(bench: Bench) -> None:
    forum = bench.discord.channel(bench.guild, "forum", FORUM)
    first = bench.delivery(where=place(forum))
    head = bench.post(first).message_id
    reply = bench.delivery(2, kind="more", where=place(forum))
    name = bench.post(reply, thread=head).message_id
    edit(bench, head, first)
    edit(bench, name, reply, thread=head)
    (post,) = bench.discord.threads(forum)
    assert [shows(one) for one in bench.discord.messages(post)] == [True, True]


def test_direct_messages_are_edited(bench: Bench) -> None:
    ada = bench.discord.user("ada", bench.guild)
    personal = bench.delivery(where=Destination("discord", "@me", f"@{ada.id}"))
    edit(bench, bench.post(personal).message_id, personal)
    (message,) = bench.discord.dms(ada)
    assert shows(message)


def test_a_thread_that_was_archived_stays_so(bench: Bench) -> None:
    head = bench.post().message_id
    reply = bench.delivery(2, kind="more")
    name = bench.post(reply, thread=head).message_id
    bench.thread(head).is_archived = True
    assert isinstance(refusal(bench, name, reply, head), Rejected)
    assert bench.thread(head).is_archived
    assert not shows(bench.discord.messages(bench.thread(head))[0])


def test_a_picture_that_discord_refuses_is_left_out(bench: Bench) -> None:
    name = bench.post().message_id
    bench.discord.weather(poison=PICTURE)
    edit(bench, name, shown=replace(RISEN, thumbnail=PICTURE))
    assert len(bench.discord.calls(UPDATE)) == 2
    assert shows(bench.messages[0])


def test_a_message_is_never_made_plainer_than_it_is(bench: Bench) -> None:
    name = bench.post().message_id
    bench.discord.fail(UPDATE, "50035", times=None)
    assert isinstance(refusal(bench, name), Rejected)
    assert bench.messages[0].flags & IS_COMPONENTS_V2
    assert len(bench.discord.calls(UPDATE)) == 1


def test_a_message_that_was_posted_plain_becomes_one_with_cards(bench: Bench) -> None:
    bench.discord.fail(POST, "50035")
    name = bench.post().message_id
    assert bench.messages[0].content
    edit(bench, name)
    (message,) = bench.messages
    assert (message.id, message.content, shows(message)) == (name, "", True)


def test_a_message_that_somebody_deleted_is_gone_and_none_comes_in_its_place(bench: Bench) -> None:
    name = bench.post().message_id
    bench.discord.delete_message(bench.messages[0])
    error = refusal(bench, name)
    assert isinstance(error, Rejected)
    assert "deleted" in error.reason
    assert (bench.messages, bench.posts) == ([], 1)


def test_discords_limit_on_edits_is_no_limit_on_posts(bench: Bench) -> None:
    name = bench.post().message_id
    bench.discord.fail(UPDATE, "429", seconds=30)
    error = refusal(bench, name)
    assert isinstance(error, RetryAfter)
    assert (error.seconds, error.scope) == (30, "message")


@pytest.mark.parametrize("fault", ["hang up after", "hang up before", "500 after", "502 before"])
def test_an_edit_whose_answer_is_lost_may_have_been_made(bench: Bench, fault: str) -> None:
    name = bench.post().message_id
    bench.discord.fail(UPDATE, fault)
    assert isinstance(refusal(bench, name), Unknown)
    edit(bench, name)
    assert [shows(one) for one in bench.messages] == [True]
