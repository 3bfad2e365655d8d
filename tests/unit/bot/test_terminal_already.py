"""What the terminal says where something was already as it was asked to be."""

from __future__ import annotations

from bot.terminal.render import plain, render
from papers.answers import Answer
from papers.answers.channel import PauseAnswer, SettingsAnswer
from papers.model import Preferences
from tests.conftest import NOW


def shown(answer: Answer) -> str:
    return plain(render(answer, NOW, "UTC"))


def test_what_was_so_already_is_said_to_be() -> None:
    assert shown(SettingsAnswer(Preferences(), already=True)).startswith("It was so already")
    assert shown(PauseAnswer(paused=True, waiting=0, next_post=None, already=True)).startswith("✓ Paused already")
    assert shown(PauseAnswer(paused=False, waiting=0, next_post=None, already=True)).startswith("✓ Posting already")
