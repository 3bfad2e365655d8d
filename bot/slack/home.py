"""App Home: the channels that a person can see, what each is subscribed to, and its buttons; first steps before that.

Pure. Which channels somebody may see is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.repair import PERSONAL
from bot.slack import acts, limits, parts
from bot.slack.fit import fit
from bot.slack.message import Block, View
from bot.slack.parts import Element
from bot.slack.when import next_line
from papers.answers.subscriptions import Overview, Row
from papers.wording.numbers import count

SHOWN: Final = 5
"""Subscriptions of a channel that Home names."""

ROOM: Final = 60_000
"""Characters, of up to four bytes: a view may have 250 kB (https://docs.slack.dev/reference/views)."""


def home(overviews: Sequence[Overview], *, now: datetime, user: str) -> View:
    """The Home tab of `user` (an id)."""
    mine = PERSONAL + user
    if not overviews:
        return {"type": "home", "blocks": _first_steps(mine)}
    has_mine = any(one.destination.channel == mine for one in overviews)
    buttons = (None if has_mine else _for_me(mine), _for_channel(), _help(), _trending())
    head = [parts.header("Your papers"), *parts.actions(*buttons)]
    groups = [[parts.DIVIDER, *_channel(one, now, mine)] for one in overviews]
    blocks = fit(head, groups, of="channel", blocks=limits.VIEW_BLOCKS, characters=ROOM)
    return {"type": "home", "blocks": blocks}


def _channel(overview: Overview, now: datetime, mine: str) -> list[Block]:
    listing, channel = overview.listing, overview.destination.channel
    name = parts.words("Papers for you", "bold") if channel == mine else parts.channel(channel, "bold")
    blocks = [
        parts.rich(name, *(part for row in listing.rows[:SHOWN] for part in _row(row)), _rest(len(listing.rows))),
        parts.small_print(next_line(listing.schedule, listing.next_post, now, paused=listing.paused)),
    ]
    repair = None
    if listing.suspended:
        why = parts.quoted(listing.suspended, limits.SENTENCE)
        blocks.append(parts.rich(parts.words("⚠ Nothing can be posted here: "), why))
        repair = parts.button("Repair", acts.REPAIR, channel, style="primary")
    elif listing.paused:
        repair = parts.button("Resume", acts.REPAIR, channel)
    add = parts.button("Subscribe", acts.CHANNEL_FORM, channel)
    return [*blocks, *parts.actions(repair, add, parts.button("Show all", acts.CHANNEL_LIST, channel))]


def _row(row: Row) -> tuple[Element, Element]:
    return parts.words(f"\n#{row.subscription.number} "), parts.quoted(row.label, limits.LABEL)


def _rest(rows: int) -> Element:
    return parts.words(f"\n… and {count(rows - SHOWN, 'more subscription')}" if rows > SHOWN else "")


def _for_me(mine: str) -> Element | None:
    return parts.button("Papers for me", acts.CHANNEL_FORM, mine, style="primary")


def _for_channel() -> Element | None:
    return parts.button("Papers for a channel", acts.CHANNEL_FORM, apart="choose")


def _help() -> Element | None:
    return parts.button("How it works", acts.SAY, "help", apart="help")


def _trending() -> Element | None:
    return parts.button("Trending papers", acts.SAY, "trending", apart="trending")


def _first_steps(mine: str) -> list[Block]:
    return [
        parts.header("The papers that matter to you, in Slack"),
        _step("1. For yourself", "\nSay what you work on; matching papers come as direct messages."),
        *parts.actions(_for_me(mine)),
        _step(
            "2. For a channel", "\nType ", "/invite @Paperboy", " there, then ", "/papers subscribe diffusion -survey"
        ),
        *parts.actions(_for_channel()),
        _step("3. Look around", "\nFind anything with ", "/papers search state space models", ", or begin with these:"),
        *parts.actions(_trending(), _help()),
    ]


def _step(name: str, *told: str) -> Block:
    """A step's name, and how it is done: what is to be typed stands at every second place."""
    shown = (parts.words(text, *(("code",) if place % 2 else ())) for place, text in enumerate(told))
    return parts.rich(parts.words(name, "bold"), *shown)
