"""A draft's choices."""

from __future__ import annotations

from bot.slack.message import Message
from bot.slack.render import render
from papers.answers import Answer
from papers.answers.subscriptions import Draft
from tests.unit.bot.samples import ANSWERS, NOW, PREVIEW, THIRD, TOKEN
from tests.unit.bot.slack.samples import says, seen


def rendered(answer: Answer) -> Message:
    return render(answer, NOW, "UTC", token=TOKEN)


def test_a_drafts_choices_carry_its_token_and_only_a_topic_has_a_volume_to_move() -> None:
    told = says(rendered(ANSWERS[Draft]).blocks)
    assert list(told) == ["Save", "Tighten", "Loosen", "Cancel"]
    assert {value for _, value in told.values()} == {TOKEN}
    fixed = Draft(THIRD, PREVIEW, None, can_tighten=False)
    assert list(says(rendered(fixed).blocks)) == ["Save", "Cancel"]


def test_a_draft_that_floods_is_saved_by_another_button() -> None:
    flood = rendered(Draft(THIRD, PREVIEW, None, can_tighten=True, floods=True))
    assert list(says(flood.blocks)) == ["Save anyway", "Tighten", "Loosen", "Cancel"]
    assert says(flood.blocks)["Save anyway"] == ("anyway", TOKEN)
    assert "only if you insist" in seen(flood.blocks)
