"""Slack's limits, as numbers: each beside the page that states it, or where it was measured. Figures are characters.

Renderers trim to these where somebody reads on, and leave a button away rather than shorten what it says.
"""

from __future__ import annotations

from typing import Final

# https://docs.slack.dev/reference/block-kit/blocks
MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100

# https://docs.slack.dev/reference/block-kit/blocks/header-block, section-block, context-block, actions-block
HEADER: Final = 150
SECTION: Final = 3_000
ACTIONS: Final = 25

# https://docs.slack.dev/reference/block-kit/block-elements/button-element
BUTTON: Final = 75
ACTION_ID: Final = 255
BUTTON_VALUE: Final = 2_000
SPOKEN_LABEL: Final = 75

# https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object, option-object
CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_BUTTON: Final = 30
OPTION: Final = 75

# https://docs.slack.dev/reference/views/modal-views
MODAL_TITLE: Final = 24

MESSAGE_CHARACTERS: Final = 12_000
"""Of all strings of a message's blocks, addresses and ids among them.

Not documented: msg_blocks_too_long comes at about 13,200 characters of text and "a buffer for block containers", in
the words of https://github.com/slackapi/bolt-js/issues/2509; so everything is counted, and some is left.
"""

# Ours: what keeps five cards, whatever is in them, within one message, and each of them within a phone's screen.
TITLE: Final = 200
SUMMARY: Final = 240
FACTS: Final = 250
REASONS: Final = 250
LABEL: Final = 150
SENTENCE: Final = 500
LINK: Final = 400
"""A longer address is not linked to."""
PICTURE: Final = 250
"""The address of a thumbnail; one that is longer is not shown."""
FALLBACK: Final = 300
"""What a notification shows, and then some."""
