"""Whether a message is out on Slack: found, certainly absent, not to be said now, never to be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.slack.poster import PAGE, PAGES, PATIENCE
from papers.errors import RetryAfter, Unknown, Unverifiable
from papers.model import Delivery, Receipt
from tests.conftest import NOW
from tests.integration.outboxes import delivery
from tests.integration.test_slack_poster import ALL, CHANNEL, FIRST, ONE, Bench, bench

__all__ = ["bench"]

SECOND = delivery(2, ONE.id, where=CHANNEL)


def find(bench: Bench, what: Delivery = FIRST, thread: str | None = None) -> Receipt | None:
    return bench.ask(lambda poster: poster.find(what, thread))


def chatter(bench: Bench, messages: int) -> None:
    """People talk."""
    for number in range(messages):
        bench.slack.say("U1", "C1", f"message {number}")


def test_a_message_is_found_among_others(bench: Bench) -> None:
    chatter(bench, PAGE)
    bench.post(SECOND)
    receipt = bench.post()
    bench.post(delivery(3, ONE.id, where=CHANNEL))
    chatter(bench, 2 * PAGE)
    assert find(bench) == receipt


def test_what_was_not_posted_is_absent_for_certain_once_all_pages_were_read(bench: Bench) -> None:
    bench.post(SECOND)
    chatter(bench, 2 * PAGE)
    assert find(bench) is None
    assert len(bench.slack.called("conversations.history")) == 3


def test_a_reply_is_found_in_its_thread_and_only_there(bench: Bench) -> None:
    head = bench.post().message_id
    reply = replace(SECOND, kind="more")
    assert find(bench, reply, head) is None
    receipt = bench.post(reply, thread=head)
    assert find(bench, reply, head) == receipt
    assert find(bench, reply) is None


def test_a_reply_to_a_headline_that_is_gone_is_absent_for_certain(bench: Bench) -> None:
    head = bench.post().message_id
    bench.slack.world.workspaces["T1"].channels["C1"].messages.clear()
    assert find(bench, SECOND, head) is None


def test_nothing_from_before_the_delivery_was_due_is_read(bench: Bench) -> None:
    bench.post()
    bench.slack.later(3600)
    later = replace(FIRST, due=NOW + timedelta(days=10_000))
    assert find(bench, later) is None


@pytest.mark.parametrize("fault", ["hang up before", "500 before", "fatal_error"])
def test_a_slack_that_does_not_answer_proves_nothing(bench: Bench, fault: str) -> None:
    bench.post()
    bench.slack.fail("conversations.history", fault, times=None)
    with pytest.raises(Unknown):
        find(bench)


def test_a_slack_that_asks_to_wait_is_asked_later(bench: Bench) -> None:
    bench.slack.fail("conversations.history", "429", seconds=30)
    with pytest.raises(RetryAfter) as caught:
        find(bench)
    assert caught.value.seconds == 30


Breaking = Callable[[Bench], Bench]


def without_history(bench: Bench) -> Bench:
    return Bench(bench.slack, bench.slack.install(scopes=set(ALL) - {"channels:history"}))


def put_out(bench: Bench) -> Bench:
    bench.slack.world.workspaces["T1"].channels["C1"].members.discard("UBOTT1")
    return bench


@pytest.mark.parametrize("breaking", [without_history, put_out])
def test_a_channel_that_may_not_be_read_can_never_tell(bench: Bench, breaking: Breaking) -> None:
    bench.post()
    with pytest.raises(Unverifiable):
        find(breaking(bench))


def test_a_channel_in_which_too_much_was_said_can_never_tell(bench: Bench) -> None:
    chatter(bench, PAGE * PAGES + 1)
    with pytest.raises(Unverifiable, match=f"{PAGE * PAGES} messages"):
        find(bench)


def test_an_app_that_may_read_one_page_a_minute_does_not_look_for_ever(bench: Bench) -> None:
    bench.slack.weather(per_minute=1)
    chatter(bench, PAGE + 1)
    with pytest.raises(RetryAfter):
        find(bench, replace(FIRST, due=NOW - PATIENCE + timedelta(minutes=1)))
    bench.slack.later(61)
    with pytest.raises(Unverifiable):
        find(bench, replace(FIRST, due=NOW - PATIENCE - timedelta(minutes=1)))


def test_a_message_whose_payload_slack_hides_proves_nothing(bench: Bench) -> None:
    bench.post()
    (message,) = bench.messages
    message.metadata = {"event_type": "paperboy_delivery", "event_payload": {}}
    with pytest.raises(Unverifiable):
        find(bench)
