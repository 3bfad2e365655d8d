"""What Slack brings twice, late, forged or of an unknown kind; and connections that end in the midst of it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.slack import acts
from tests.fakes.slack.deliveries import signed
from tests.integration.slackline import Mode, SlackLine, ask, brought, pressing, subscribe, told

BOTH = pytest.mark.parametrize("mode", ["socket", "http"])
HTTP = pytest.mark.parametrize("mode", ["http"])


@BOTH
def test_an_event_that_comes_twice_is_handled_once(line: SlackLine, mode: Mode) -> None:
    slack = line.slack
    visit = slack.open_home("U1")
    slack.until(lambda: slack.called("views.publish"))
    again = slack.repeat(visit)
    assert again.status == {"socket": 0, "http": 401}[mode]  # over HTTP it is the same request, to the byte
    assert again.acknowledged is not None or mode == "http"
    ask(line, "help")
    assert len(slack.called("views.publish")) == 1


@HTTP
def test_an_event_that_slack_brings_again_with_a_new_signature_is_handled_once(line: SlackLine) -> None:
    slack = line.slack
    visit = slack.open_home("U1")
    slack.until(lambda: slack.called("views.publish"))
    time.sleep(1.1)  # the signature's time is in whole seconds
    assert slack.forge(visit.delivery.payload).status == 200
    ask(line, "help")
    assert len(slack.called("views.publish")) == 1


@BOTH
def test_a_command_that_comes_twice_is_answered_once(line: SlackLine, mode: Mode) -> None:
    slack = line.slack
    act = slack.command("U1", "C1", "/papers list")
    act.answered()
    again = slack.repeat(act)
    assert again.status == {"socket": 0, "http": 401}[mode]
    ask(line, "help")
    assert len(act.messages) == 1


@BOTH
def test_a_press_that_comes_twice_counts_once(line: SlackLine, mode: Mode) -> None:  # noqa: ARG001 - the fixture's
    slack = line.slack
    subscribe(line, "diffusion -survey")
    post = brought(line, count=2)[0]
    vote = slack.click("U1", "C1", post, pressing(acts.UP))
    vote.answered()
    slack.repeat(vote)
    ask(line, "help")
    assert "👍 1 · 👎 0" in told(slack.click("U2", "C1", post, pressing(acts.UP)).answered()).replace("👍 2", "👍 1")
    assert len(vote.messages) == 1


@BOTH
def test_two_presses_of_one_button_are_two(line: SlackLine, mode: Mode) -> None:  # noqa: ARG001 - the fixture's
    slack = line.slack
    subscribe(line, "diffusion -survey")
    post = brought(line, count=2)[0]
    assert "👍 1" in told(slack.click("U1", "C1", post, pressing(acts.UP)).answered())
    assert "👍 0" in told(slack.click("U1", "C1", post, pressing(acts.UP)).answered())


@HTTP
@pytest.mark.parametrize(("secret", "age"), [("wrong", 0.0), ("", 301.0), ("", -301.0)])
def test_what_is_forged_or_too_old_is_refused_and_not_looked_at(line: SlackLine, secret: str, age: float) -> None:
    slack = line.slack
    real = slack.command("U1", "C1", "/papers list")
    real.answered()
    payload = {
        **real.delivery.payload,
        "trigger_id": "another",
        "event_id": "EvX",
        "event": {"type": "app_home_opened"},
    }
    before = len(slack.requests)
    for what in ("events_api", "slash_commands", "interactive"):
        assert slack.forge(payload, secret=secret or slack.signing_secret, age=age, what=what).status == 401
    ask(line, "help")
    assert len(real.messages) == 1
    assert slack.requests[before:] == []


@HTTP
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
def test_a_signed_body_that_makes_no_sense_breaks_nothing(line: SlackLine, kind: str) -> None:
    slack = line.slack
    made = slack.forge({"type": "nothing"}).delivery
    for body in (b"", b"{", b"payload=%7B", b"payload=[]", b"\xff\xfe", b'{"type":1}', b'"x"', b"null"):
        headers = {"Content-Type": kind, **signed(body, slack.signing_secret, time.time())}
        slack.server.do(slack.courier.post(made, body, headers))
        assert 0 < made.status < 600
    assert "/papers" in told(ask(line, "help"))


@HTTP
def test_slacks_challenge_is_answered(line: SlackLine) -> None:
    answer = line.slack.verify_url("a challenge")
    assert answer.status == 200
    assert "a challenge" in str(answer.answer)


def unknown(kind: str) -> dict[str, Any]:
    """An interaction that no listener knows, as Slack would bring it."""
    view = {"id": "V9", "type": "modal", "callback_id": "ours?", "blocks": [], "state": {"values": {}}}
    where = {"channel": {"id": "C1"}} if kind == "block_actions" else {"view": view, "is_cleared": False}
    what = {"callback_id": "nobody's", "action_id": "x", "block_id": "y", "value": "z"}
    pressed = {"actions": [{"action_id": "of-yesterday", "block_id": "b", "type": "button"}]}
    who = {"team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": f"of {kind}", "response_url": ""}
    return {"type": kind, **who, **where, **what, **(pressed if kind == "block_actions" else {})}


INTERACTIONS = ("message_action", "shortcut", "view_submission", "view_closed", "block_suggestion", "block_actions")


@BOTH
def test_interactions_that_nobody_knows_are_acknowledged(line: SlackLine, mode: Mode) -> None:  # noqa: ARG001 - a fixture that sets the line up
    slack = line.slack
    for kind in INTERACTIONS:
        delivery = slack.server.do(slack.courier.bring("interactive", unknown(kind)))
        assert delivery.acknowledged is not None, kind


@BOTH
def test_events_that_nobody_knows_are_acknowledged(line: SlackLine, mode: Mode) -> None:  # noqa: ARG001 - a fixture that sets the line up
    for kind in ("reaction_added", "app_mention", "team_join", "function_executed", "no_such_event"):
        assert line.slack.event(kind, user="U1", channel="C1", text="hello").acknowledged is not None, kind


def test_another_slash_command_of_the_same_app_is_acknowledged(line: SlackLine) -> None:
    assert line.slack.command("U1", "C1", "/paperz list").acknowledged is not None


def slowly(line: SlackLine) -> Any:
    """A command whose answer needs Slack's word, which takes a second."""
    line.slack.fail("users.conversations", "slow", seconds=1.0)
    return line.slack.command("U1", "C1", "/papers pause")


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
def test_a_disconnect_loses_no_command_that_is_under_way(line: SlackLine, reason: Any) -> None:
    act = slowly(line)
    line.slack.disconnect(reason)
    assert "Paused" in told(act.answered())
    line.slack.until(lambda: line.slack.connections > 0, 10)
    assert "Resume" in told(ask(line, "list"))


def test_a_dropped_connection_loses_nothing_that_is_under_way_nor_what_comes_meanwhile(line: SlackLine) -> None:
    slack = line.slack
    subscribe(line, "diffusion")
    act = slowly(line)
    slack.redeliver_after(2.0)  # the bot notices after five seconds
    slack.drop_connections()
    slack.archive("C1")
    assert "Paused" in told(act.answered())
    slack.until(lambda: slack.direct("U1"), 25)
    assert "archived" in told(ask(line, "list"))
