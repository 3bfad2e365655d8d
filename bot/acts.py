"""What a button says when it is pressed: the verbs that every platform's renderers write and its app reads.

Each has one argument. Wherever it can be, that is the line one could have typed: a button is a shorter way to say it.
"""

from __future__ import annotations

from typing import Final

SAY: Final = "say"
"""Answers a line, as typed after `/papers`, to the presser only, beside the message."""

TURN: Final = "turn"
"""Answers a line in place of the message that the button stands in: paging, un-subscribing in a list."""

POST: Final = "post"
"""Answers a line for everybody in the channel: "Post here"."""

FORM: Final = "form"
"""Opens the form: "" to subscribe, "#3" to edit #3, any other text to subscribe with that text filled in."""

UP: Final = "up"
"""👍; the argument is a paper's id."""

DOWN: Final = "down"
"""👎; the argument is a paper's id."""

SAVE: Final = "save"
ANYWAY: Final = "anyway"
TIGHTEN: Final = "tighten"
LOOSEN: Final = "loosen"
CANCEL: Final = "cancel"
"""What to do with a draft; the argument is its token. ANYWAY is to save one that floods."""

REPAIR: Final = "repair"
"""`resume` in the channel whose id is the argument: a button in a direct message about a channel closed to us."""

OPEN: Final = "open"
"""A link: nothing is to be done."""

CHOICES: Final = frozenset({SAVE, ANYWAY, TIGHTEN, LOOSEN, CANCEL})
"""Verbs about a draft."""
