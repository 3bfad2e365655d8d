"""What a channel is told when it changes something about itself, or asks for what is so already."""

from __future__ import annotations

from typing import Final

SO_ALREADY: Final = "It was so already: nothing changed"
"""For settings that were as they were asked to be."""


def pause_text(*, paused: bool, already: bool) -> str:
    """What `pause` or `resume` came to."""
    if already:
        return "Paused already" if paused else "Posting already"
    return "Paused" if paused else "Posting again"
