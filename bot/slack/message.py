"""A Slack message as a value: what every renderer makes and every sender of ours sends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
"""One Block Kit block, as JSON (https://docs.slack.dev/reference/block-kit/blocks)."""

View = dict[str, Any]
"""A modal or a Home tab, as JSON (https://docs.slack.dev/reference/views)."""


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks, and `text` for notifications and screen readers: mrkdwn, escaped, one or two lines."""

    text: str
    blocks: tuple[Block, ...]
