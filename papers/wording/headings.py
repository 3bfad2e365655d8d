"""A post's first line."""

from __future__ import annotations

from typing import Final

from papers.model import DeliveryKind, Heading
from papers.text import clean, shorten
from papers.wording.dates import day_text
from papers.wording.numbers import count

_LABEL_LIMIT: Final = 60
"""Characters that one subscription's words may take in a post's first line: a topic may have 2,000."""


def heading_text(heading: Heading, kind: DeliveryKind) -> str:
    """A message's first line: `Tue 10 Nov · 7 papers for diffusion and 2 other subscriptions`.

    The note is part of it where it is all that there is to say (`empty`, `notice`); elsewhere it is the renderer's.
    """
    note = clean(heading.note or "")
    papers, wanted = count(heading.total, "paper"), for_text(heading.subscriptions)
    said = {
        "digest": f"{papers}{wanted}",
        "more": count(heading.total, "more paper"),
        "abstracts": f"abstracts of {papers}",
        "empty": f"no papers{wanted}" + (f": {note}" if note else ""),
        "notice": note,
        "edit": f"{papers} edited",
    }[kind]
    day = day_text(heading.day, heading.language)
    return f"{day} · {said}" if said else day


def for_text(labels: tuple[str, ...]) -> str:
    """` for diffusion and 2 other subscriptions`, "" for none: the first by name, one other too, a crowd by number."""
    shown = [shorten(clean(text), _LABEL_LIMIT) for text in labels]
    match shown:
        case []:
            return ""
        case [only]:
            return f" for {only}"
        case [first, second]:
            return f" for {first} and {second}"
        case _:
            return f" for {shown[0]} and {len(shown) - 1} other subscriptions"
