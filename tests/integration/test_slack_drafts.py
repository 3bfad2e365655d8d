"""A subscription between preview and Save: what each button makes of it, pressed twice, too late or elsewhere."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.slack import acts
from tests.builders import crowd, store
from tests.integration.slackline import SlackLine, ask, buttons, pressing, subscribe, told, verbs

TOPIC = "subscribe about: drawing maps by diffusion ~1/day"


def test_tighten_and_loosen_change_the_volume_in_place(line: SlackLine) -> None:
    line.poll()
    draft = ask(line, TOPIC)
    assert verbs(draft) >= {acts.SAVE, acts.TIGHTEN, acts.LOOSEN, acts.CANCEL}
    loose = line.slack.click("U1", "C1", draft, pressing(acts.LOOSEN)).answered()
    assert "~2/day" in told(loose)
    tight = line.slack.click("U1", "C1", loose, pressing(acts.TIGHTEN)).answered()
    assert "~1/day" in told(tight)
    saved = line.slack.click("U1", "C1", tight, pressing(acts.SAVE)).answered()
    assert "about: drawing maps by diffusion ~1/day" in told(saved)
    assert line.slack.ephemerals("U1", "C1") == [saved]


def test_what_would_flood_the_channel_is_saved_only_anyway_by_somebody_who_may(line: SlackLine) -> None:
    slack = line.slack
    slack.user("U2", admin=True)
    store(line.stores.papers, *crowd(101, days=1))
    draft = ask(line, "subscribe -zebra")
    assert "about 101 papers a day" in told(draft)
    assert acts.SAVE not in verbs(draft)
    ask(line, "settings changes admins", user="U2")
    assert "only workspace admins" in told(slack.click("U1", "C1", draft, pressing(acts.ANYWAY)).answered())
    assert "No subscriptions" in told(ask(line, "list"))
    ask(line, "settings changes members", user="U2")
    assert "✓ Subscribed: #1 " in told(slack.click("U1", "C1", draft, pressing(acts.ANYWAY)).answered())


def test_a_flood_is_not_saved_by_save(line: SlackLine) -> None:
    store(line.stores.papers, *crowd(101, days=1))
    draft = ask(line, "subscribe -zebra")
    (anyway,) = [one for one in buttons(draft) if one["action_id"] == acts.ANYWAY]
    anyway["action_id"] = acts.SAVE
    assert "about 101 papers a day" in told(line.slack.click("U1", "C1", draft, pressing(acts.SAVE)).answered())
    assert "No subscriptions" in told(ask(line, "list"))


def test_a_query_has_no_volume_to_move(line: SlackLine) -> None:
    assert not verbs(ask(line, "subscribe diffusion")) & {acts.TIGHTEN, acts.LOOSEN}


def test_cancel_takes_the_preview_away_and_saves_nothing(line: SlackLine) -> None:
    draft = ask(line, "subscribe diffusion")
    line.slack.click("U1", "C1", draft, pressing(acts.CANCEL))
    line.slack.until(lambda: not line.slack.ephemerals("U1", "C1"))
    assert "No subscriptions" in told(ask(line, "list"))


def test_save_pressed_twice_at_once_makes_one_subscription(line: SlackLine) -> None:
    draft = ask(line, "subscribe diffusion")
    with ThreadPoolExecutor(2) as both:
        presses = [both.submit(line.slack.click, "U1", "C1", draft, pressing(acts.SAVE)) for _ in range(2)]
        said = sorted(str(press.result().answered().body["text"]) for press in presses)
    assert said[0].startswith("Saved #1"), said
    rows = told(ask(line, "list"))
    assert "#1 " in rows
    assert "#2 " not in rows


def test_a_press_on_a_preview_that_is_gone_says_how_to_get_a_new_one(line: SlackLine) -> None:
    slack = line.slack
    draft = ask(line, "subscribe diffusion")
    line.stores.drafts.take(buttons(draft)[0]["value"])
    for verb in (acts.SAVE, acts.CANCEL):
        said = slack.click("U1", "C1", draft, pressing(verb))
        if verb == acts.SAVE:
            assert "waits no more" in told(said.answered())
            assert "type the command again" in told(said.answered())
    slack.until(lambda: draft not in slack.ephemerals("U1", "C1"))


def test_a_preview_is_saved_only_where_it_was_made_and_stays_there(line: SlackLine) -> None:
    slack = line.slack
    slack.channel("C2", members=["U1"])
    here, there = ask(line, "subscribe diffusion"), ask(line, "subscribe graphs", channel="C2")
    stolen = buttons(here)[0]["value"]
    for button in buttons(there):
        button["value"] = stolen
    for verb in (acts.SAVE, acts.CANCEL):
        slack.click("U1", "C2", there, pressing(verb, stolen)).until(lambda act: act.responses)
    assert "No subscriptions" in told(ask(line, "list", channel="C2"))
    saved = slack.click("U1", "C1", here, pressing(acts.SAVE)).answered()
    assert "Subscribed" in told(saved)


def test_a_channel_has_room_for_32_subscriptions(line: SlackLine) -> None:
    for number in range(32):  # by two people, who may each ask so much in a minute
        subscribe(line, f"word{number}", user=f"U{1 + number % 2}")
    refused = subscribe(line, "more", user="U2")
    assert "32" in told(refused)
    assert "more" not in told(ask(line, "list"))
    line.slack.click("U1", "C1", ask(line, "list", user="U1"), pressing(acts.SAY, "settings")).answered()
    assert "Unsubscribed" in told(ask(line, "unsubscribe 7"))
    assert "Subscribed" in told(subscribe(line, "more"))


@pytest.mark.usefixtures("long_minute")
def test_the_31st_command_of_a_minute_is_told_how_long_to_wait(line: SlackLine) -> None:
    for _ in range(30):
        assert "that was a lot" not in told(ask(line, "help"))
    refused = told(ask(line, "help"))
    assert "that was a lot of commands" in refused
    assert 60 < int(re.findall(r"go on in (\d+) s", refused)[0]) <= 120
    assert "that was a lot" not in told(ask(line, "help", user="U2"))
