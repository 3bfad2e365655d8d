"""What is answered about subscriptions: tried, drafted, saved, removed, and listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from papers.answers.card import Card
from papers.lesson import Learned
from papers.model import Destination, Schedule, Subscription
from papers.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Preview:
    """What a subscription would have posted: the answer of `test`, and of `subscribe` before it is saved.

    Attributes:
        label: the subscription in words (`diffusion -survey`, `about: efficient LLM inference ~3/day`).
        days: length of the window looked at, in days.
        total: papers that would have been posted in it.
        archive: papers looked at.
        latest: the newest up to three.
        warning: what to think of before saving, if anything.
        until: the window's last day, where that is too long ago to call them the last days.
    """

    label: str
    days: int
    total: int
    archive: int
    latest: tuple[Card, ...]
    warning: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A subscription not saved yet, with its preview: Save, Tighten, Loosen or Cancel.

    `replaces` is the number of the subscription that saving would change (`edit`), or None; `before` is that
    subscription as it was when the draft was made. `per_day` is what it brings on a day that has papers.
    `can_tighten` tells whether there is a volume to move (topics have one, bare QUERYs have none). One that `floods`
    brings so much that it is only saved if that is confirmed: Save anyway.
    """

    subscription: Subscription
    preview: Preview
    replaces: int | None
    can_tighten: bool
    per_day: float = 0.0
    before: Subscription | None = None
    floods: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """A subscription was saved: what it is, what it would have posted, when the channel's next post comes."""

    subscription: Subscription
    preview: Preview
    schedule: Schedule
    next_post: datetime | None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """A subscription was removed."""

    subscription: Subscription
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of `list`: the subscription, its words, what votes taught its topic, and what is wrong with its feed."""

    subscription: Subscription
    label: str
    learned: Learned | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The answer of `list`. `next_post` is None for instant and for paused channels.

    `suspended` is why the platform lets nothing be posted here any more, None if it does. `up` and `down` are the 👍
    and 👎 that the channel gave so far, to all papers.
    """

    rows: tuple[Row, ...]
    schedule: Schedule
    next_post: datetime | None
    paused: bool
    suspended: str | None = None
    up: int = 0
    down: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """A channel as App Home shows it: what `list` would answer there."""

    destination: Destination
    listing: Listing
