"""The form to subscribe and to edit. Pure: `form` makes it, `read` takes it as Discord sends it back.

What was entered becomes the line that one could have typed, so that words and forms mean the same. A form of Discord's
cannot change while it is open, so its preview comes when it is sent: as the draft that such a line is answered with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.discord import acts, parts
from bot.discord.message import Component
from bot.phrases import DEFAULT_VOLUME, entered, volumes
from papers.text import shorten

QUERY_LENGTH: Final = 3_000
"""Characters of a feed's address and a QUERY: no saved one is longer."""
TOPIC_LENGTH: Final = 2_000

QUERY: Final = "query"
_TOPIC, _VOLUME = "topic", "volume"

_INPUT: Final = 4
_LABEL: Final = 18
_SHORT, _LONG = 1, 2

_GRAMMAR: Final = 'All must occur. Also: "a phrase", OR, -without, prefix*, title:word, author:name, cat:cs.LG'
_ABOUT: Final = "In your own words; papers are compared by meaning. A whole abstract will do."


def form(*, number: int | None = None, text: str = "", topic: str = "", per_day: float | None = None) -> dict[str, Any]:
    """The form as JSON, for a new subscription or for `number` of the channel that it is opened in.

    `text` is what stands before `about:`, `topic` what follows it, `per_day` the volume that it has.
    """
    return {
        "custom_id": acts.act(acts.SUBSCRIBE_FORM, "" if number is None else str(number)),
        "title": "Subscribe" if number is None else f"Edit #{number}",
        "components": [
            _field("Words that papers must have", _GRAMMAR, _input(QUERY, _SHORT, text, QUERY_LENGTH)),
            _field("And what they are about", _ABOUT, _input(_TOPIC, _LONG, topic, TOPIC_LENGTH)),
            _field("How many, of those about it", "", _volumes(per_day)),
        ],
    }


def read(data: Mapping[str, Any]) -> str:
    """The line that a form which was sent says: `subscribe …` or `edit N …`. `data` as Discord sends it."""
    fields = [one.get("component", {}) for one in data["components"]]
    said = {one["custom_id"]: one.get("value") or next(iter(one.get("values", ())), "") for one in fields if one}
    number = data["custom_id"].partition(":")[2]
    wanted = entered(str(said.get(QUERY, "")), str(said.get(_TOPIC, "")), str(said.get(_VOLUME) or DEFAULT_VOLUME))
    return " ".join(part for part in (f"edit {number}" if number else "subscribe", wanted) if part)


def _field(label: str, hint: str, component: Component) -> Component:
    made = {"type": _LABEL, "label": label, "component": component}
    return made | ({"description": hint} if hint else {})


def _input(name: str, style: int, text: str, limit: int) -> Component:
    made = {"type": _INPUT, "custom_id": name, "style": style, "required": False, "max_length": limit}
    example = {"placeholder": "diffusion -survey"} if name == QUERY else {}
    return made | example | ({"value": shorten(text, limit)} if text else {})


def _volumes(per_day: float | None) -> Component:
    """The volumes, and the one that the subscription has if it is another."""
    names, now = volumes(per_day)
    options = [
        {"label": told, "value": value, **({"default": True} if value == now else {})} for value, told in names.items()
    ]
    return {"type": parts.MENU, "custom_id": _VOLUME, "options": options, "required": False}
