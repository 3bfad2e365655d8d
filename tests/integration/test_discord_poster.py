"""Discord's poster against the strict Discord: what it sends, and what it makes of each way that a post goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.discord.acts import delivery_of
from bot.discord.poster import CONTENT, DiscordPoster
from papers.errors import Rejected, RetryAfter, Unknown
from papers.model import Destination, Item, Paper, Receipt
from tests.builders import paper
from tests.contract.discord import reading
from tests.fakes.discord import StrictDiscord, deny
from tests.fakes.discord.permissions import SEND_MESSAGES, VIEW_CHANNEL
from tests.fakes.discord.shown import born
from tests.integration.discord_bench import ONE, POST, Bench, bench

__all__ = ["bench"]


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
