"""Slack's poster edits a message: what it sends, and what it makes of each way in which that goes wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.slack.payload import EVENT
from papers.errors import DeliveryError, Rejected, RetryAfter, Unknown
from papers.model import Delivery, Destination, Paper
from tests.builders import paper
from tests.integration.outboxes import delivery
from tests.integration.test_slack_poster import CHANNEL, FIRST, ONE, Bench, bench

__all__ = ["bench"]

UPDATE = "chat.update"
PICTURE = "https://example.org/x.png"
RISEN = replace(ONE, upvotes=640)


def edit(bench: Bench, message: str, shown: Paper = RISEN, what: Delivery = FIRST, thread: str | None = None) -> None:
    bench.ask(lambda poster: poster.edit(what, {shown.id: shown}, message, thread))


def refusal(bench: Bench, message: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        edit(bench, message)
    return caught.value


def test_a_message_keeps_its_blocks_its_name_and_its_buttons(bench: Bench) -> None:
    ts = bench.post().message_id
    before = [one["action_id"] for block in bench.messages[0].blocks for one in block.get("elements", ()) if _acts(one)]
    edit(bench, ts)
    (message,) = bench.messages
    assert (message.ts, bench.posts) == (ts, 1)
    assert "640" in str(message.blocks)
    assert message.metadata == {"event_type": EVENT, "event_payload": {"delivery_id": FIRST.id}}
    assert before == [one["action_id"] for block in message.blocks for one in block.get("elements", ()) if _acts(one)]
    (call,) = bench.slack.called(UPDATE)
    assert (call.args["parse"], call.args["link_names"]) == ("none", False)
    assert call.args["metadata"] == message.metadata  # told again, whatever Slack would keep
    assert bench.slack.violations == []


def _acts(element: dict[str, object]) -> bool:
    return element.get("type") == "button"


def test_a_reply_and_a_direct_message_are_edited_where_they_stand(bench: Bench) -> None:
    head = bench.post().message_id
    reply = delivery(2, ONE.id, where=CHANNEL, kind="more", parent=FIRST.id)
    edit(bench, bench.post(reply, thread=head).message_id, what=reply, thread=head)
    assert "640" in str(bench.slack.thread("C1", head)[0].blocks)
    bench.slack.user("U1")
    personal = delivery(3, ONE.id, where=Destination("slack", "T1", "@U1"))
    edit(bench, bench.post(personal).message_id, what=personal)
    assert bench.slack.called(UPDATE)[-1].args["channel"].startswith("D")
    assert bench.slack.violations == []


def test_a_picture_that_slack_cannot_load_is_left_out(bench: Bench) -> None:
    ts = bench.post().message_id
    bench.slack.break_picture(PICTURE)
    edit(bench, ts, replace(RISEN, thumbnail=PICTURE))
    assert len(bench.slack.called(UPDATE)) == 2
    assert "640" in str(bench.messages[0].blocks)
    assert PICTURE not in str(bench.messages[0].blocks)


def test_a_message_is_never_made_plainer_than_it_is(bench: Bench) -> None:
    ts = bench.post().message_id
    bench.slack.fail(UPDATE, "invalid_blocks", times=None)
    assert isinstance(refusal(bench, ts), Rejected)
    assert bench.messages[0].blocks
    assert len(bench.slack.called(UPDATE)) == 1


def test_a_message_that_somebody_deleted_is_gone_and_none_comes_in_its_place(bench: Bench) -> None:
    ts = bench.post().message_id
    bench.slack.delete("C1", ts)
    error = refusal(bench, ts)
    assert isinstance(error, Rejected)
    assert "deleted" in error.reason
    assert (bench.messages, bench.posts) == ([], 1)


@pytest.mark.parametrize("name", ["edit_window_closed", "cant_update_message", "is_archived"])
def test_a_workspace_that_lets_nothing_be_edited_is_obeyed(bench: Bench, name: str) -> None:
    ts = bench.post().message_id
    bench.slack.fail(UPDATE, name)
    assert isinstance(refusal(bench, ts), Rejected)


def test_slacks_limit_on_edits_is_no_limit_on_posts(bench: Bench) -> None:
    ts = bench.post().message_id
    bench.slack.fail(UPDATE, "429", seconds=30)
    error = refusal(bench, ts)
    assert isinstance(error, RetryAfter)
    assert (error.seconds, error.scope) == (30, "message")


@pytest.mark.parametrize("fault", ["hang up after", "hang up before", "500 after", "fatal_error after"])
def test_an_edit_whose_answer_is_lost_may_have_been_made(bench: Bench, fault: str) -> None:
    ts = bench.post().message_id
    bench.slack.fail(UPDATE, fault)
    assert isinstance(refusal(bench, ts), Unknown)
    edit(bench, ts)
    assert len(bench.messages) == 1
    assert "640" in str(bench.messages[0].blocks)


def test_a_message_that_was_posted_plain_becomes_one_with_cards(bench: Bench) -> None:
    bench.slack.fail("chat.postMessage", "invalid_blocks")
    ts = bench.post().message_id
    assert bench.messages[0].blocks == []
    edit(bench, ts, paper(1, upvotes=640))
    assert "640" in str(bench.messages[0].blocks)
