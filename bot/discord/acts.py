"""Discord's buttons: the verbs of `bot.acts`, and how they are written.

A component's `custom_id` is `VERB:ARGUMENT`, or `VERB#APART:ARGUMENT` where something keeps it apart from others of the
same message. In a post that is the delivery's id: Discord's messages have no metadata, so this is how a post is
recognised in a channel's history. No verb holds a `#` or a `:`, so an argument may hold anything.

A `custom_id` has at most 100 characters, and a line may have thousands. Renderers write them whole; `shortened` puts a
token in the place of an argument that is too long, when the message goes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from bot.acts import (
    ANYWAY,
    CANCEL,
    CHOICES,
    DOWN,
    FORM,
    LOOSEN,
    OPEN,
    POST,
    REPAIR,
    SAVE,
    SAY,
    TIGHTEN,
    TURN,
    UP,
)
from bot.discord import limits

__all__ = [
    "ANYWAY",
    "CANCEL",
    "CHOICES",
    "DOWN",
    "FORM",
    "LOOSEN",
    "OPEN",
    "POST",
    "REPAIR",
    "SAVE",
    "SAY",
    "SUBSCRIBE_FORM",
    "TIGHTEN",
    "TURN",
    "UP",
    "act",
    "argument",
    "delivery_of",
    "shortened",
    "verb",
]

SUBSCRIBE_FORM: Final = "subscribe"
"""The form; the argument is the number of the subscription that it edits, "" for a new one."""

_KEPT: Final = "~"
"""Begins what stands in an argument's place."""

_DELIVERY: Final = 24
_HEX: Final = frozenset("0123456789abcdef")
_INSIDE: Final = ("components", "accessory", "component")


def act(verb: str, argument: str = "", apart: str = "") -> str:
    """A `custom_id`, of any length; `apart` has no colon."""
    return f"{verb}#{apart}:{argument}" if apart else f"{verb}:{argument}"


def verb(custom_id: str) -> str:
    """The verb of a `custom_id`."""
    return custom_id.partition(":")[0].partition("#")[0]


def argument(custom_id: str, find: Callable[[str], str | None]) -> str | None:
    """The argument of a `custom_id`; `find` gives the one that `shortened` kept under a token, None if it is gone."""
    written = custom_id.partition(":")[2]
    return find(written.removeprefix(_KEPT)) if written.startswith(_KEPT) else written


def shortened(payload: dict[str, Any], keep: Callable[[str], str]) -> dict[str, Any]:
    """The payload with a token in the place of each argument that is too long, or could pass for a token.

    `keep` stores an argument and gives its token, which has at most 40 characters. The payload itself is not changed.
    """

    def inside(value: Any) -> Any:
        if isinstance(value, list):
            return [inside(one) for one in value]
        return shortened(value, keep) if isinstance(value, dict) else value

    return {key: _short(inner, keep) if key == "custom_id" else inside(inner) for key, inner in payload.items()}


def _short(custom_id: str, keep: Callable[[str], str]) -> str:
    verb, _, written = custom_id.partition(":")
    fits = len(custom_id) <= limits.CUSTOM_ID and not written.startswith(_KEPT)
    return custom_id if fits else f"{verb}:{_KEPT}{keep(written)}"


def delivery_of(message: Any) -> str | None:
    """The id of the delivery that a message of ours is: from its payload, or from Discord's JSON of it.

    None if it is no post. Messages that it quotes are not looked into.
    """
    for custom_id in _custom_ids(message):
        apart = custom_id.partition(":")[0].partition("#")[2]
        if len(apart) == _DELIVERY and _HEX.issuperset(apart):
            return apart
    return None


def _custom_ids(value: Any) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from _custom_ids(one)
    elif isinstance(value, dict):
        if isinstance(custom_id := value.get("custom_id"), str):
            yield custom_id
        for key in _INSIDE:
            yield from _custom_ids(value.get(key))
