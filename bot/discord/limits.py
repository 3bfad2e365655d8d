"""Discord's limits, as numbers: each beside the page that states it. Figures are characters unless they say otherwise.

Renderers trim to these where somebody reads on; what a button says is never trimmed (see `bot.discord.acts`).
"""

from __future__ import annotations

from typing import Final

# https://discord.com/developers/docs/components/reference
COMPONENTS: Final = 40
"""In a message, those within others counted too."""
TEXT: Final = 4_000
"""Of all text displays of a message together."""
CUSTOM_ID: Final = 100
BUTTON: Final = 80
OPTIONS: Final = 25
"""In a select menu."""
OPTION: Final = 100
"""An option's label, its description and its value, each."""
PLACEHOLDER: Final = 150
"""In a select menu."""
DESCRIPTION: Final = 1_024
"""Of a picture, for those who do not see it."""
PICTURE: Final = 2_048
"""The address of a picture."""

# https://discord.com/developers/docs/components/reference#label, #text-input
TITLE: Final = 45
"""Of a form."""
FIELD: Final = 45
"""A field's label."""
HINT: Final = 100
"""A field's description, and what stands in it while it is empty."""
INPUT: Final = 4_000

# Ours: what keeps five papers, whatever is in them, within one message's text. See `bot.discord.card`.
HEADING: Final = 120
ABOUT: Final = 230
NAME: Final = 160
"""A paper's title."""
LINK: Final = 180
"""A longer address is not linked to."""
FACTS: Final = 180
REASONS: Final = 110
SUMMARY: Final = 240
LEAST: Final = 40
"""A summary that would have to be shorter is not shown at all."""
LABEL: Final = 150
SENTENCE: Final = 500
HELP: Final = 300
"""Characters of what is told of a command: eight of them share a message's room."""
CODE: Final = 200
SIGNATURE: Final = 80
"""Room for "Shared by"."""
REST: Final = 60
"""Room for "… and 12 more papers"."""
