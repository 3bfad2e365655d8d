"""What commands print where no terminal shows it."""

from __future__ import annotations

import io

from rich.table import Table

from cli.screen import Screen


def test_what_is_piped_has_no_trailing_blanks_and_keeps_its_words_and_long_lines() -> None:
    table = Table("name", "what", box=None)
    table.add_row("a longer name", "short")
    table.add_row("", "")
    out = io.StringIO()
    screen = Screen(file=out, width=30)
    screen.print(table)
    screen.print("unbroken " * 10, soft_wrap=True)
    screen.print("and ", end="")
    screen.print("[bold]so on[/]")
    lines = out.getvalue().splitlines()
    assert lines == [" name           what", " a longer name  short", "", ("unbroken " * 10).rstrip(), "and so on"]
