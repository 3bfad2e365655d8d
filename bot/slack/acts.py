"""What a button says when it is pressed: the vocabulary that renderers write and the app reads.

A button's `action_id` is a verb, then a colon and whatever keeps it apart from others in its block
(https://docs.slack.dev/reference/block-kit/block-elements/button-element: unique within a block). Its `value` is the
verb's argument. Wherever it can be, that is the line one could have typed: a button is a shorter way to say it.
"""

from __future__ import annotations

from typing import Final

SAY: Final = "say"
"""Answers the value, a line as typed after `/papers`, to the presser only, beside the message."""

TURN: Final = "turn"
"""Answers the value, a line, in place of the message that the button stands in: paging, un-subscribing in a list."""

POST: Final = "post"
"""Answers the value, a line, for everybody in the channel: "Post here"."""

FORM: Final = "form"
"""Opens the form: value "" to subscribe, "3" to edit #3, any other text to subscribe with that text filled in."""

UP: Final = "up"
"""👍; the value is a paper's id."""

DOWN: Final = "down"
"""👎; the value is a paper's id."""

SAVE: Final = "save"
TIGHTEN: Final = "tighten"
LOOSEN: Final = "loosen"
CANCEL: Final = "cancel"
"""What to do with a draft; the value is its token."""

REPAIR: Final = "repair"
"""`resume` in the channel whose id is the value: a button in a direct message about a channel closed to us."""

OPEN: Final = "open"
"""A link: Slack tells of its press, and nothing is to be done."""

CHANNEL_FORM: Final = "channel-form"
"""In App Home: opens the form for the channel whose id is the value ("" for the presser's personal channel)."""

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
