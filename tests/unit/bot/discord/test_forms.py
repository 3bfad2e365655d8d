"""The form: what it asks, and the line that it says."""

from __future__ import annotations

from typing import Any

import pytest

from bot.commands import parse
from bot.discord import acts
from bot.discord.forms import form, read
from tests.fakes.discord.forms import filled
from tests.fakes.discord.payloads import violations
from tests.unit.bot.samples import NOW


def sent(modal: dict[str, Any], **typed: Any) -> dict[str, Any]:
    """The form as Discord sends it back."""
    numbered = [{**one, "id": place} for place, one in enumerate(modal["components"])]
    inner = [{**one, "component": {**one["component"], "id": 9}} for one in numbered]
    return {"custom_id": modal["custom_id"], "components": filled({**modal, "components": inner}, typed)}


def test_discord_takes_the_form_however_full_it_is() -> None:
    for one in (form(), form(number=123_456, text="a " * 4_000, topic="b " * 4_000, per_day=0.123)):
        assert violations(one, "modal") == []


def test_what_is_entered_is_the_line_that_one_could_have_typed() -> None:
    line = read(sent(form(), query=" diffusion  -survey ", topic="efficient\nLLM  inference", volume=["~3/day"]))
    assert line == "subscribe diffusion  -survey about: efficient LLM inference ~3/day"
    parse(line, NOW)
    assert read(sent(form(), query="mamba")) == "subscribe mamba"
    assert read(sent(form(), topic="robots", volume=[])) == "subscribe about: robots"
    assert read(sent(form())) == "subscribe"
    assert read(sent(form(number=3), query="mamba")) == "edit 3 mamba"
    assert read(sent(form(number=3, topic="robots"), topic="", volume=["~3/day"])) == "edit 3"  # not: ~3/day of robots


def test_the_forms_name_tells_which_subscription_it_edits() -> None:
    assert (acts.verb(form()["custom_id"]), acts.argument(form()["custom_id"], str)) == (acts.SUBSCRIBE_FORM, "")
    assert acts.argument(form(number=3)["custom_id"], str) == "3"
    assert form(number=3)["title"] == "Edit #3"


@pytest.mark.parametrize(
    ("per_day", "said"),
    [(None, ""), (1.0, " ~1/day"), (3.0, " ~3/day"), (3 / 7, " ~3/week"), (0.5, " ~3.5/week"), (7.0, " ~7/day")],
)
def test_a_subscription_that_is_edited_stands_in_the_form_as_it_is(per_day: float | None, said: str) -> None:
    modal = form(number=3, text="diffusion -survey", topic="robots", per_day=per_day)
    assert violations(modal, "modal") == []
    assert read(sent(modal)) == f"edit 3 diffusion -survey about: robots{said}"
