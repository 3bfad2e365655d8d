"""Components, a small piece at a time: every one that Paperboy's messages use is made here, and is valid.

What is said in markdown comes escaped (see `bot.discord.markdown`); labels, options and descriptions are plain text,
shown as they are. Whatever is too long is cut with an ellipsis.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.discord import limits, markdown
from bot.discord.acts import act
from bot.discord.message import Component
from papers.text import clean, shorten

ACTION_ROW: Final = 1
BUTTON: Final = 2
MENU: Final = 3
SECTION: Final = 9
TEXT: Final = 10
THUMBNAIL: Final = 11

PRIMARY: Final = 1
SECONDARY: Final = 2
SUCCESS: Final = 3
DANGER: Final = 4
"""Styles of buttons."""

_NOTHING: Final = "–"  # noqa: RUF001 - meant: Discord takes no empty text


def text(*lines: str) -> Component:
    """Lines of markdown of our own making; empty ones are left out."""
    return {"type": TEXT, "content": "\n".join(line for line in lines if line) or _NOTHING}


def small(line: str) -> str:
    """A line as small print; "" stays so."""
    return f"-# {line}" if line else ""


def heading(line: str) -> str:
    """A line as a heading."""
    return f"### {line}"


def beside(said: Component, accessory: Component | None) -> Component:
    """A text with a button or a picture beside it, if there is one."""
    return said if accessory is None else {"type": SECTION, "components": [said], "accessory": accessory}


def picture(url: str, of: str) -> Component | None:
    """A thumbnail; None for an address that may not be shown."""
    address = markdown.address(url, limits.PICTURE)
    if not address:
        return None
    description = shorten(clean(of), limits.LABEL) or _NOTHING
    return {"type": THUMBNAIL, "media": {"url": address}, "description": description}


def button(label: str, verb: str, argument: str = "", *, apart: str = "", style: int = SECONDARY) -> Component:
    """A button that says `argument`; `apart` tells it from others that say the same."""
    shown = shorten(clean(label), limits.BUTTON) or _NOTHING
    return {"type": BUTTON, "style": style, "label": shown, "custom_id": act(verb, argument, apart)}


def row(*buttons: Component | None) -> list[Component]:
    """A row of those buttons that there are, which are at most five; no row if there is none."""
    shown = [one for one in buttons if one is not None]
    return [{"type": ACTION_ROW, "components": shown}] if shown else []


def menu(placeholder: str, verb: str, options: Sequence[tuple[str, str]], *, apart: str) -> list[Component]:
    """A row with a menu of at most 25 (what is shown, what is said by choosing it: at most 100 characters)."""
    shown = [{"label": shorten(clean(label), limits.OPTION) or _NOTHING, "value": value} for label, value in options]
    return row({"type": MENU, "custom_id": act(verb, apart=apart), "placeholder": placeholder, "options": shown})


def every(components: Iterable[Component]) -> Iterator[Component]:
    """The components, and those within them."""
    for one in components:
        yield one
        yield from every(one.get("components", ()))
        if "accessory" in one:
            yield one["accessory"]


def number(components: Iterable[Component]) -> int:
    """How many components these are, as Discord counts them."""
    return sum(1 for _ in every(components))


def length(components: Iterable[Component]) -> int:
    """Characters of all their text displays."""
    return sum(len(one["content"]) for one in every(components) if one["type"] == TEXT)
