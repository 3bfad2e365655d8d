"""The form: what it asks, what it gives back, and what stands below it while one types."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.commands import parse
from bot.slack.forms import form, notice, read, waiting
from bot.slack.message import Message, View
from bot.slack.render import render
from papers.answers.archive import SearchAnswer
from papers.answers.subscriptions import Draft, Listing
from papers.errors import PaperboyError, QueryError
from tests.fakes.slack.blocks import view_violations
from tests.unit.bot.samples import ANSWERS, NOW, PREVIEW, TOKEN
from tests.unit.bot.slack.samples import seen

ERROR = QueryError("an opening parenthesis is not closed", query="(a", position=0)


def entered(view: View, **typed: str) -> View:
    """The view as Slack sends it back: every input with its value, typed, chosen, initial or none."""
    values: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element, name = block["element"], block["block_id"]
            values[name] = {element["action_id"]: _state(element, typed.get(name))}
    return {**view, "state": {"values": values}}


def _state(element: dict[str, Any], typed: str | None) -> dict[str, Any]:
    match element["type"]:
        case "conversations_select":
            return {"type": element["type"], "selected_conversation": typed}
        case "static_select":
            chosen = next((one for one in element["options"] if one["value"] == typed), element.get("initial_option"))
            return {"type": element["type"], "selected_option": chosen}
        case _:
            return {"type": element["type"], "value": typed or element.get("initial_value")}


@pytest.mark.parametrize("channel", ["", "C024BE91L", "@U024BE7LH"])
@pytest.mark.parametrize("below", [{}, {"preview": PREVIEW}, {"error": ERROR}, {"error": PaperboyError("")}])
def test_slack_takes_the_form_in_every_state(channel: str, below: dict[str, Any]) -> None:
    for view in (form(channel, **below), form(channel, number=123_456, text="a " * 400, topic="b " * 1_500, **below)):
        assert view_violations(view) == []


def test_the_form_asks_for_a_channel_only_where_none_is_given() -> None:
    assert "channel" in entered(form(""))["state"]["values"]
    assert "channel" not in entered(form("C024BE91L"))["state"]["values"]
    assert seen(form("C024BE91L")["blocks"][:1]) == "Papers for #C024BE91L"
    assert seen(form("@U1")["blocks"][:1]) == "Papers for you, in direct messages"


def test_what_is_entered_is_the_line_that_one_could_have_typed() -> None:
    view = entered(form("C1"), query=" diffusion  -survey ", topic="efficient\nLLM  inference", volume="~3/day")
    assert read(view) == ("C1", "diffusion  -survey about: efficient LLM inference ~3/day", None)
    parse("subscribe " + read(view)[1], NOW)
    assert read(entered(form("C1"), query="mamba"))[1] == "mamba"
    assert read(entered(form("C1"), topic="robots"))[1] == "about: robots"
    assert read(entered(form("C1"))) == ("C1", "", None)


def test_the_channel_that_is_chosen_and_the_number_that_is_edited_come_back() -> None:
    assert read(entered(form(""), channel="C999", query="x")) == ("C999", "x", None)
    assert read(entered(form("C1", number=3), query="x")) == ("C1", "x", 3)
    assert json.loads(form("C1", number=3)["private_metadata"]) == {"channel": "C1", "number": 3}


@pytest.mark.parametrize(
    ("per_day", "said"),
    [(None, ""), (1.0, " ~1/day"), (3.0, " ~3/day"), (3 / 7, " ~3/week"), (0.5, " ~3.5/week"), (7.0, " ~7/day")],
)
def test_a_subscription_that_is_edited_stands_in_the_form_as_it_is(per_day: float | None, said: str) -> None:
    view = form("C1", number=3, text="diffusion -survey", topic="robots", per_day=per_day)
    assert view_violations(view) == []
    assert read(entered(view))[1] == f"diffusion -survey about: robots{said}"
    assert view["title"]["text"] == "Edit #3"


def test_typing_asks_for_a_preview_which_stands_below_what_was_typed() -> None:
    view = form("C1", preview=PREVIEW)
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    assert [block["block_id"] for block in inputs] == ["query", "topic", "volume"]
    assert all(block["dispatch_action"] and block["optional"] for block in inputs)
    assert all(block["element"]["action_id"].startswith("preview:") for block in inputs)
    below = seen(view["blocks"][view["blocks"].index(inputs[-1]) + 1 :])
    assert "14 papers in the last 30 days" in below
    assert "Drafts That Verifiers Accept" in below


def test_an_error_stands_in_the_previews_place_with_its_caret() -> None:
    below = seen(form("C1", error=ERROR)["blocks"][-2:])
    assert below == "⚠ an opening parenthesis is not closed\n(a\n^"


@pytest.mark.parametrize("kind", [Listing, SearchAnswer, Draft])
def test_a_modal_shows_any_message_under_a_title_that_fits(kind: type) -> None:
    message = render(ANSWERS[kind], NOW, "UTC", token=TOKEN, line="list")
    view = notice("A title that is much too long for Slack", message)
    assert view_violations(view) == []
    assert view["blocks"] == list(message.blocks)
    assert view["title"]["text"].endswith("…")


def test_who_waits_is_told_so() -> None:
    assert view_violations(waiting("Similar papers")) == []
    assert seen(waiting("Similar papers")["blocks"]) == "Looking…"
    assert view_violations(notice("x", Message("x", tuple(waiting("x")["blocks"])))) == []
