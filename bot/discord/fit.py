"""What fits into one message; the rest is told by number, never dropped in silence. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from bot.discord import limits, parts
from bot.discord.message import Component
from papers.wording.numbers import count

Group = Sequence[Component]
"""Components that are shown together or not at all: one paper, one subscription."""

COMPONENTS = limits.COMPONENTS - 2
"""One is the container, one is left for "Shared by"."""

CHARACTERS = limits.TEXT - limits.SIGNATURE


def fit(
    head: Group,
    groups: Iterable[Group],
    tail: Group = (),
    *,
    of: str = "paper",
    components: int = COMPONENTS,
    characters: int = CHARACTERS,
) -> tuple[Component, ...]:
    """`head`, as many of `groups` as fit, "… and 12 more papers", `tail`. Head and tail themselves must fit."""
    waiting = list(groups)
    left = components - parts.number(head) - parts.number(tail)
    room = characters - parts.length(head) - parts.length(tail)
    fitting = _first(waiting, left, room)
    if fitting < len(waiting):  # that is told, which takes room too
        fitting = _first(waiting, left - 1, room - limits.REST)
    rest = count(len(waiting) - fitting, f"more {of}")
    more = [parts.text(parts.small(f"… and {rest}"))] if fitting < len(waiting) else []
    return (*head, *(one for group in waiting[:fitting] for one in group), *more, *tail)


def _first(groups: Sequence[Group], components: int, characters: int) -> int:
    """How many of the groups, from the first on, fit."""
    sizes = zip(accumulate(map(parts.number, groups)), accumulate(map(parts.length, groups)), strict=True)
    return sum(number <= components and length <= characters for number, length in sizes)


def shares(wanted: Sequence[int], room: int) -> list[int]:
    """What each gets of `room`: those who want little all of it, the others as much as one another."""
    given, left = [0] * len(wanted), max(room, 0)
    for done, place in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        given[place] = min(wanted[place], left // (len(wanted) - done))
        left -= given[place]
    return given
