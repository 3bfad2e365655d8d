"""What an error says in Slack: what was wrong, where, and a button that says it right."""

from __future__ import annotations

import pytest

from bot.commands import parse
from bot.slack.render import render_error
from papers.errors import NotFoundError, QueryError, UsageError
from tests.fakes.slack.blocks import violations
from tests.unit.bot.samples import NOW
from tests.unit.bot.slack.samples import says, seen


def test_an_error_says_what_was_wrong_what_to_change_and_has_a_button_that_says_it_right() -> None:
    error = UsageError("there is no command “serch”", advice="help shows them", suggestion="/papers search mamba")
    message = render_error(error)
    assert seen(message.blocks).splitlines() == [
        "⚠ there is no command “serch”",
        "help shows them",
        "Did you mean",
        "[/papers search mamba]",
    ]
    assert says(message.blocks) == {"/papers search mamba": ("say", "search mamba")}
    assert message.text == "there is no command “serch”"
    assert seen(render_error(NotFoundError("no subscription #9")).blocks) == "⚠ no subscription #9"


def test_a_query_error_shows_its_place_in_a_fixed_width_font() -> None:
    with pytest.raises(QueryError) as caught:
        parse("subscribe mamba (diffusion OR", NOW)
    message = render_error(caught.value)
    assert message.blocks[1]["elements"][0]["type"] == "rich_text_preformatted"
    query, caret = seen(message.blocks[1:2]).splitlines()
    assert query == "mamba (diffusion OR"
    assert caret.index("^") == caught.value.position
    assert says(message.blocks)["/papers subscribe mamba (diffusion)"] == ("say", "subscribe mamba (diffusion)")


def test_a_long_suggestion_is_shortened_on_its_button_and_said_whole() -> None:
    line = "search " + "word " * 60 + "end"
    message = render_error(UsageError("no", suggestion=f"/papers {line}"))
    ((label, (_, value)),) = says(message.blocks).items()
    assert label.endswith("…")
    assert value == line
    assert violations(message.blocks) == []
