"""Slack's buttons: the verbs of `bot.acts`, those that only Slack's views have, and how both are written.

A button's `action_id` is a verb, then a colon and whatever keeps it apart from others in its block
(https://docs.slack.dev/reference/block-kit/block-elements/button-element: unique within a block). Its `value` is the
verb's argument.
"""

from __future__ import annotations

from typing import Final

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

__all__ = [
    "ANYWAY",
    "CANCEL",
    "CHANNEL_FORM",
    "CHANNEL_LIST",
    "CHOICES",
    "DOWN",
    "FORM",
    "LOOSEN",
    "OPEN",
    "POST",
    "PREVIEW",
    "REPAIR",
    "SAVE",
    "SAY",
    "SILENT",
    "SUBSCRIBE_FORM",
    "TIGHTEN",
    "TURN",
    "UP",
    "act",
    "verb",
]

CHANNEL_FORM: Final = "channel-form"
"""In App Home: opens the form for the channel whose id is the value; without one, the channel is chosen in the form."""

CHANNEL_LIST: Final = "channel-list"
"""In App Home: opens a modal with the listing of the channel whose id is the value."""

PREVIEW: Final = "preview"
"""In the form: something was typed, and the preview is to be made anew."""

SUBSCRIBE_FORM: Final = "subscribe"
"""The form's callback id."""

SILENT: Final = frozenset({OPEN, PREVIEW})
"""Verbs that have no answer."""


def act(verb: str, apart: str = "") -> str:
    """An `action_id`."""
    return f"{verb}:{apart}" if apart else verb


def verb(action_id: str) -> str:
    """The verb of an `action_id`."""
    return action_id.partition(":")[0]
