"""What fits into one message or view; the rest is told by number, never dropped in silence. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.slack import limits
from bot.slack.message import Block
from bot.slack.parts import small
from papers.wording.numbers import count

Group = Sequence[Block]
"""Blocks that are shown together or not at all: one paper, one subscription."""


def weight(value: Any) -> int:
    """Characters of every string in a JSON value, its keys left out."""
    if isinstance(value, str):
        return len(value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return sum(map(weight, inner))


def fit(
    head: Group,
    groups: Iterable[Group],
    tail: Group = (),
    *,
    of: str = "paper",
    blocks: int = limits.MESSAGE_BLOCKS - 1,  # one is left for "Shared by"
    characters: int = limits.MESSAGE_CHARACTERS - limits.FALLBACK,
) -> list[Block]:
    """`head`, as many of `groups` as fit, "… and 12 more papers", `tail`. Head and tail themselves must fit."""
    waiting, shown = list(groups), list(head)
    left_blocks = blocks - len(head) - len(tail)
    left = characters - weight(head) - weight(tail)
    while waiting:
        rest = len(waiting) > 1  # if this one is not the last, there must be room to tell of the others
        if len(waiting[0]) > left_blocks - rest or weight(waiting[0]) > left - rest * limits.LABEL:
            break
        group = waiting.pop(0)
        shown += group
        left_blocks -= len(group)
        left -= weight(group)
    if waiting:
        shown.append(small(f"… and {count(len(waiting), f'more {of}')}"))
    return [*shown, *tail]
