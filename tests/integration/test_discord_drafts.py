"""A subscription between preview and Save: what each button makes of it, pressed twice, too late or elsewhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.discord import acts
from papers.model import Want
from tests.builders import crowd, store
from tests.fakes.discord import Act, deny
from tests.integration.discordline import (
    MANAGE_CHANNELS,
    DiscordLine,
    anybody,
    ask,
    button,
    personal,
    press,
    subscribe,
    told,
    verbs,
    wants,
)

MOVES = {acts.TIGHTEN, acts.LOOSEN}


def token(draft: Act) -> str:
    """What a draft's buttons say."""
    return button(draft, acts.SAVE).partition(":")[2]


def steal(draft: Act, others: str) -> None:
    """Let a draft's buttons say another's token, which no Discord lets anybody do."""
    mine = token(draft)
    for part in draft.message.parts:
        if str(part.get("custom_id", "")).endswith(mine):
            part["custom_id"] = part["custom_id"].replace(mine, others)


def test_a_preview_tells_what_would_have_come_and_is_its_askers_alone(hall: DiscordLine) -> None:
    hall.poll()
    draft = ask(hall, "subscribe", query="diffusion")
    assert draft.is_ephemeral
    assert "Would have posted 2 papers" in told(draft)
    assert "Diffusion for maps" in told(draft)
    assert verbs(draft.message) >= {acts.SAVE, acts.CANCEL}
    assert wants(hall) == []


def test_tighten_and_loosen_change_the_volume_in_place(hall: DiscordLine) -> None:
    hall.poll()
    draft = ask(hall, "subscribe", about="drawing maps by diffusion", volume="~1/day")
    assert verbs(draft.message) >= {acts.SAVE, acts.CANCEL, *MOVES}
    assert "~2/day" in told(press(hall, draft, acts.LOOSEN))
    assert "~1/day" in told(press(hall, draft, acts.TIGHTEN))
    assert "~3.5/week" in told(press(hall, draft, acts.TIGHTEN))
    saved = press(hall, draft, acts.SAVE)
    assert saved.message is draft.message
    assert "about: drawing maps by diffusion ~3.5/week" in told(saved)
    assert wants(hall)[0].topic == "drawing maps by diffusion"
    assert not verbs(saved.message) & {acts.SAVE, acts.CANCEL, *MOVES}


def test_what_would_flood_the_channel_is_saved_only_anyway_by_somebody_who_may(hall: DiscordLine) -> None:
    store(hall.stores.papers, *crowd(101, days=1))
    draft = ask(hall, "subscribe", query="-zebra")
    assert "about 101 papers a day" in told(draft)
    assert acts.SAVE not in verbs(draft.message)
    hall.discord.update_channel(hall.channel, overwrites=[deny(MANAGE_CHANNELS, hall.ada)])
    assert "needs Manage Channels" in told(press(hall, draft, acts.ANYWAY))
    assert wants(hall) == []
    hall.discord.update_channel(hall.channel, overwrites=[])
    assert "Subscribed: #1" in told(press(hall, draft, acts.ANYWAY).message)
    assert wants(hall) == [Want(query="-zebra")]


def test_a_query_has_no_volume_to_move(hall: DiscordLine) -> None:
    assert not verbs(ask(hall, "subscribe", query="diffusion").message) & MOVES


def test_cancel_takes_the_preview_away_and_saves_nothing(hall: DiscordLine) -> None:
    draft = ask(hall, "subscribe", query="diffusion")
    message = draft.message
    press(hall, draft, acts.CANCEL)
    assert message.id not in hall.discord.world.messages
    assert wants(hall) == []


def test_save_pressed_twice_at_once_makes_one_subscription(hall: DiscordLine) -> None:
    draft = ask(hall, "subscribe", query="diffusion")
    name = button(draft, acts.SAVE)
    with ThreadPoolExecutor(2) as both:
        presses = [both.submit(hall.discord.click, hall.ada, draft.message, name) for _ in range(2)]
        first, second = (press.result() for press in presses)
    hall.discord.until(lambda: "Subscribed: #1" in draft.text and (first.followups or second.followups))
    (late,) = [*first.followups, *second.followups]
    assert "waits no more" in told(late)
    assert late.is_ephemeral
    assert wants(hall) == [Want(query="diffusion")]


@pytest.mark.parametrize("verb", [acts.SAVE, acts.TIGHTEN, acts.LOOSEN])
def test_a_press_on_a_preview_that_is_gone_says_how_to_get_a_new_one(hall: DiscordLine, verb: str) -> None:
    draft = ask(hall, "subscribe", about="maps", volume="~1/day")
    hall.stores.drafts.take(token(draft))
    said = press(hall, draft, verb)
    (late,) = said.followups
    assert late.is_ephemeral
    assert "waits no more" in told(late)
    assert "type the command again" in told(late)
    assert wants(hall) == []


def test_a_preview_that_is_gone_is_cancelled_without_a_word(hall: DiscordLine) -> None:
    draft = ask(hall, "subscribe", query="diffusion")
    message = draft.message
    hall.stores.drafts.take(token(draft))
    assert press(hall, draft, acts.CANCEL).followups == []
    assert message.id not in hall.discord.world.messages


def test_a_preview_is_saved_only_where_it_was_made_and_stays_there(hall: DiscordLine) -> None:
    elsewhere = hall.discord.channel(hall.guild, "other")
    here = ask(hall, "subscribe", query="diffusion")
    for where in (elsewhere, hall.discord.direct(hall.ada)):
        for verb in (acts.SAVE, acts.CANCEL):
            there = ask(hall, "subscribe", hall.ada, where, query="graphs")
            steal(there, token(here))
            assert "waits no more" in told(press(hall, there, verb))
    assert wants(hall, personal(hall.ada)) == []
    assert "Subscribed: #1" in told(press(hall, here, acts.SAVE))


def test_a_channel_has_room_for_32_subscriptions_and_a_33rd_waits(hall: DiscordLine) -> None:
    for number in range(32):
        assert "Subscribed" in told(subscribe(hall, anybody(hall), None, query=f"word{number}"))
    draft = ask(hall, "subscribe", query="more")
    refused = press(hall, draft, acts.SAVE)
    assert "32" in told(*refused.followups)
    assert acts.SAVE in verbs(draft.message)  # it waits until there is room
    ask(hall, "unsubscribe", number=7)
    assert "Subscribed: #33" in told(press(hall, draft, acts.SAVE).message)


def test_of_two_who_edit_one_at_once_the_second_is_told_and_nothing_is_lost_unseen(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion")
    other = anybody(hall)
    mine = ask(hall, "edit", number=1, what="diffusion maps")
    theirs = ask(hall, "edit", other, number=1, what="graphs")
    assert "which is now: diffusion" in told(mine)
    assert "which is now: diffusion" in told(theirs)
    assert "Changed #1" in told(press(hall, mine, acts.SAVE))
    said = told(press(hall, theirs, acts.SAVE, user=other))
    assert "Changed #1" not in said
    assert "⚠" in said
    assert wants(hall) == [Want(query="diffusion maps")]


def test_what_was_dropped_while_it_was_edited_is_told_and_not_brought_back(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion")
    draft = ask(hall, "edit", number=1, what="graphs")
    ask(hall, "unsubscribe", number=1)
    assert "⚠" in told(press(hall, draft, acts.SAVE))
    assert wants(hall) == []


def test_the_same_subscription_twice_is_told_of(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion")
    said = told(ask(hall, "subscribe", query="diffusion"))
    assert "that is subscription 1 already" in said
    assert wants(hall) == [Want(query="diffusion")]


def test_undo_after_unsubscribing_opens_the_form_with_what_it_was(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion -survey")
    undo = press(hall, ask(hall, "unsubscribe", number=1), acts.FORM)
    draft = hall.discord.submit(hall.ada, undo)
    press(hall, draft, acts.SAVE)
    assert wants(hall) == [Want(query="diffusion -survey")]


@pytest.mark.usefixtures("long_minute")
def test_the_31st_command_of_a_minute_is_told_how_long_to_wait(hall: DiscordLine) -> None:
    for _ in range(30):
        assert "that was a lot" not in told(ask(hall, "help"))
    refused = told(ask(hall, "help"))
    assert "that was a lot of commands" in refused
    assert "go on in " in refused
    assert "that was a lot" not in told(ask(hall, "help", hall.grace))
