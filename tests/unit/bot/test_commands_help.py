"""Help: examples first, the forms of one command, and what a QUERY may hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot import commands
from bot.commands import COMMANDS, Command, parse
from papers.errors import UsageError
from papers.query.tree import FIELDS

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def read(text: str) -> Command:
    return parse(text, NOW)


def suggested(text: str) -> str | None:
    with pytest.raises(UsageError) as caught:
        read(text)
    return caught.value.suggestion


def test_nothing_typed_asks_for_help_of_five_lines_that_name_every_command() -> None:
    for text in ("", "   ", "/papers", " /PAPERS\n"):
        command = read(text)
        assert isinstance(command, commands.Help)
        assert len(command.lines) == 5
        assert all(typed.startswith("/papers ") for typed, _ in command.lines)
        for typed, _ in command.lines:
            read(typed)
        told = " ".join(f"{typed} {does}" for typed, does in command.lines)
        assert all(form.name in told for form in COMMANDS)


def test_help_of_one_command_shows_its_forms() -> None:
    command = read("help Subscribe")
    assert isinstance(command, commands.Help)
    assert [typed for typed, _ in command.lines] == [
        f"/papers {form.usage}" for form in COMMANDS if form.name == "subscribe"
    ]
    assert suggested("help serch") == "/papers help search"


def test_help_of_query_shows_every_field_and_connective_in_lines_that_can_be_typed() -> None:
    command = read("help query")
    assert command == read("help QUERY")
    assert isinstance(command, commands.Help)
    assert all(isinstance(read(typed), commands.Search) for typed, _ in command.lines)
    told = " ".join(typed for typed, _ in command.lines)
    assert all(f"{field}:" in told for field in FIELDS if field != "text")
    assert all(sign in told for sign in ('"', " OR ", " -", "(", "*"))
    assert suggested("help qury") == "/papers help QUERY"
