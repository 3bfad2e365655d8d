"""Discord renderings as a reader sees them, and what of them is alive; what is rendered: `tests.unit.bot.samples`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from bot.discord import acts
from bot.discord.message import Component, Message
from bot.discord.render import render
from papers.answers import Answer
from tests.fakes.discord.payloads import violations
from tests.unit.bot.discord.reader import every, read
from tests.unit.bot.samples import NOW, TOKEN

OURS = {"text", "strong", "heading", "small", "time", "code", "block"}
"""What our own markdown is made of."""

MENU, BUTTON, TEXT, THUMBNAIL = 3, 2, 10, 11


def rendered(answer: Answer, line: str = "search mamba since:30d") -> Message:
    return render(answer, NOW, "UTC", token=TOKEN, line=line)


def told(answer: Answer) -> str:
    return seen(rendered(answer).components)


def inside(components: Iterable[Component]) -> Iterator[Component]:
    """The components, and those within them, from top to bottom."""
    for one in components:
        yield one
        yield from inside(one.get("components", ()))
        yield from inside([one["accessory"]] if "accessory" in one else ())


def seen(components: Iterable[Component]) -> str:
    """What stands in Discord: texts as they are written, buttons in brackets, menus and pictures in braces."""
    return "\n".join(_seen(one) for one in components)


def _seen(one: Component) -> str:
    within = " ".join(_seen(inner) for inner in (*one.get("components", ()), *filter(None, [one.get("accessory")])))
    shown = {BUTTON: "[{label}]", TEXT: "{content}", THUMBNAIL: "{{{description}}}", MENU: "{{{placeholder}}}"}
    return shown[one["type"]].format_map(one) if one["type"] in shown else within


def texts(message: Message) -> list[str]:
    return [str(one["content"]) for one in inside(message.components) if one["type"] == TEXT]


def buttons(message: Message) -> dict[str, Component]:
    """Every button by what is written on it, the last of those that are alike."""
    return {one["label"]: one for one in inside(message.components) if one["type"] == BUTTON}


def says(message: Message) -> dict[str, tuple[str, str]]:
    """What each button says: (verb, argument)."""
    return {label: said(one["custom_id"]) for label, one in buttons(message).items()}


def said(custom_id: str) -> tuple[str, str]:
    return acts.verb(custom_id), custom_id.partition(":")[2]


def menus(message: Message) -> dict[str, Component]:
    """Every menu by its placeholder."""
    return {one["placeholder"]: one for one in inside(message.components) if one["type"] == MENU}


def sent(message: Message) -> dict[str, Any]:
    """The payload as it goes out."""
    return acts.shortened(message.payload(ephemeral=True), lambda argument: f"{abs(hash(argument)):x}"[:20])


def faults(message: Message) -> list[str]:
    """What Discord would not take."""
    return violations(sent(message), "reply")


def alive(message: Message, links: Iterable[str] = ()) -> list[str]:
    """Everything in a message that Discord would obey, and that nobody of ours meant: mentions, markup, links.

    `links` are the addresses that may be linked to or shown as pictures.
    """
    known = frozenset(map(unquote, links))
    found = [f"picture: {url}" for url in _pictures(message) if unquote(url) not in known]
    for text in texts(message):
        for piece in every(read(text)):
            if piece.kind == "link" and unquote(piece.target) in known:
                continue
            if piece.kind not in OURS:
                found.append(f"{piece.kind}: {piece.text or piece.target!r} in {text!r}")
    return found


def _pictures(message: Message) -> Iterator[str]:
    yield from (one["media"]["url"] for one in inside(message.components) if one["type"] == THUMBNAIL)
