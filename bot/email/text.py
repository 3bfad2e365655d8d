"""A mail as plain text, for who reads it so and for what reads it aloud. Pure."""

from __future__ import annotations

import textwrap
from typing import Final

from bot.email.content import Content, Entry
from papers.emphasis import Parts

WIDTH: Final = 72
"""Columns: quoted once or twice, a line still fits eighty (RFC 3676, 4.2)."""

INDENT: Final = "  "
RULE: Final = "-- "
"""What mail programs know a footer by (RFC 3676, 4.3)."""


def render(content: Content) -> str:
    """The whole text, with a newline at its end."""
    parts = [_wrapped(line) for line in content.lines]
    parts += [_entry(number, entry) for number, entry in enumerate(content.entries, start=1)]
    if content.more:
        parts.append("\n".join(["And by their titles:", *(_titled("* ", entry) for entry in content.more)]))
    footer = [_wrapped(line) for line in content.small]
    footer += [f"{what}:\n{INDENT}{where}" for what, where in content.links]
    if not content.small:  # links that are the mail's point are no footer
        return "\n\n".join([*parts, *footer]) + "\n"
    return "\n\n".join(filter(None, parts)) + f"\n\n{RULE}\n" + "\n".join(footer) + "\n"


def _entry(number: int, entry: Entry) -> str:
    facts = " · ".join(text for text, _ in entry.facts)
    lines = [_plain(entry.text), facts, "; ".join(map(_plain, entry.reasons))]
    said = [_titled(f"{number}. ", entry), *(_wrapped(line, INDENT) for line in lines if line)]
    return "\n".join([*said, *(f"{INDENT}code: {where}" for _, where in entry.facts if where)])


def _plain(parts: Parts) -> str:
    return "".join(text for text, _ in parts)


def _titled(mark: str, entry: Entry) -> str:
    title = textwrap.fill(
        entry.title,
        WIDTH,
        initial_indent=mark,
        subsequent_indent=INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"{title}\n{INDENT}{entry.url}" if entry.url else title


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
