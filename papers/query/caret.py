"""A QueryError as a person sees it: the reason, the place, and what was probably meant."""

from __future__ import annotations

import unicodedata

from papers.errors import QueryError

_WINDOW = 72
_ELLIPSIS = "…"


def explain_error(error: QueryError) -> str:
    """Two to four lines for a fixed-width font: the reason, the query, a caret under the fault, the suggestion.

    Of a long query only the surroundings of the fault are shown, at most 72 characters and an ellipsis a side.
    """
    lines = [str(error)]
    if error.query.strip():
        shown, before = _window(error.query, error.position)
        lines += [shown, " " * sum(map(_columns, before)) + "^"]
    if error.suggestion is not None:
        lines.append(f"Did you mean: {error.suggestion}")
    return "\n".join(lines)


def _window(query: str, position: int) -> tuple[str, str]:
    """The part of `query` to show, on one line, and the part of that which stands before the fault."""
    start = max(0, min(position - _WINDOW // 2, len(query) - _WINDOW))
    end = start + _WINDOW
    head = _ELLIPSIS if start else ""
    tail = _ELLIPSIS if end < len(query) else ""
    before, after = _one_line(query[start:position]), _one_line(query[position:end])
    return head + before + after + tail, head + before


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _columns(char: str) -> int:
    """Columns of a terminal's or a chat's fixed-width font, https://www.unicode.org/reports/tr11/."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
