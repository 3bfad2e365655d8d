"""What a command answers, as values: a dataclass each, a function of every renderer; `say --json` is their fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from papers.lesson import Learned
from papers.mailbox import Invited
from papers.model import Destination, Paper, Preferences, Reason, Schedule, Subscription
from papers.outlet import FeedAnswer
from papers.trends import Gained, Order, Period
from papers.trouble import Repaired, Trouble


@dataclass(frozen=True, slots=True)
class Card:
    """A paper as a reader sees it: with its one or two lines, and why it is here.

    `gained` lately, where a trend is looked at. `by`: whose language model wrote the lines, "" for the authors' own.
    """

    paper: Paper
    summary: str
    reasons: tuple[Reason, ...] = ()
    score: float | None = None
    gained: Gained | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """The answer of `help`: (words to type, what they do), examples first."""

    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """A page of `search`, counted from 1. `total` is of all pages, `query` put right, `narrowed` "since 2026-10-01"."""

    query: str
    cards: tuple[Card, ...]
    total: int
    page: int
    pages: int
    note: str | None = None
    narrowed: str = ""


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
    """

    label: str
    days: int
    total: int
    archive: int
    latest: tuple[Card, ...]
    warning: str | None = None


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
class ScheduleAnswer:
    """The channel's schedule was set. `next_post`: its next slot, None for instant."""

    schedule: Schedule
    next_post: datetime | None
    paused: bool


@dataclass(frozen=True, slots=True)
class PauseAnswer:
    """`pause` or `resume`: the state now, and how many matched papers wait."""

    paused: bool
    waiting: int
    next_post: datetime | None


@dataclass(frozen=True, slots=True)
class DigestAnswer:
    """The answer of `digest` (one day, most upvoted first) and of `trending` (`first` … `last`, ordered `by`).

    One page: `page` counts from 1; `total` is the number of papers on all; `rank` is that of the page's first card.
    By growth, `first` … `last` are the days on which papers gained what they are ranked by; else the papers' own days.
    `note` is what is missing from the answer, if anything.
    """

    title: Literal["digest", "trending"]
    first: date
    last: date
    cards: tuple[Card, ...]
    total: int
    page: int = 1
    pages: int = 1
    rank: int = 1
    period: Period = "day"
    by: Order = "upvotes"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class WhyRow:
    """How one subscription judged a paper.

    Attributes:
        wanted: it would post (or has posted) the paper.
        hit, missed: the QUERY's words that stand in the paper, that do not but had to.
        blocked: excluded words that stand in it.
        z, bar: the topic's fused score and the bar it had to reach; None where there is no topic.
        share: the paper's rank in the stream for this topic, as a share (0.01 is top 1%).
        note: anything else that decided (another feed, not among the top 5).
        learned: what votes taught the topic; z is that of the topic so moved.
    """

    number: int
    label: str
    wanted: bool
    hit: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    z: float | None = None
    bar: float | None = None
    share: float | None = None
    note: str | None = None
    learned: Learned | None = None


@dataclass(frozen=True, slots=True)
class WhyAnswer:
    """The answer of `why ID`. `outcome` is one sentence: posted when, waiting, or not wanted."""

    paper: Paper
    outcome: str
    rows: tuple[WhyRow, ...]


@dataclass(frozen=True, slots=True)
class LogRow:
    """A line of `log`: what became of one delivery. `state`: a `papers.model.DeliveryState`, or `edited`."""

    at: datetime
    delivery: str
    kind: str
    state: str
    papers: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LogAnswer:
    """The answer of `log`, newest first."""

    rows: tuple[LogRow, ...]


@dataclass(frozen=True, slots=True)
class SettingsAnswer:
    """The answer of `settings`, after its changes if it made any."""

    preferences: Preferences
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Voted:
    """A 👍 (1) or 👎 (-1) was counted, or taken back (0).

    `up` and `down` are the paper's votes in this channel now. `taught` are the numbers of the subscriptions whose
    topics learn from them; none where they are even.
    """

    paper: Paper
    vote: Literal[1, 0, -1]
    up: int
    down: int
    taught: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A subscription's topic is again as it was typed. `learned` is what it had learned, None if that was nothing."""

    subscription: Subscription
    label: str
    learned: Learned | None


@dataclass(frozen=True, slots=True)
class Resent:
    """A delivery that was possibly sent goes out again, because the channel chose so."""

    delivery: str


@dataclass(frozen=True, slots=True)
class Overview:
    """A channel as App Home shows it: what `list` would answer there."""

    destination: Destination
    listing: Listing


Answer = (
    Help
    | SearchAnswer
    | Preview
    | Draft
    | Saved
    | Removed
    | Listing
    | ScheduleAnswer
    | PauseAnswer
    | DigestAnswer
    | WhyAnswer
    | LogAnswer
    | SettingsAnswer
    | Voted
    | Forgotten
    | Repaired
    | Resent
    | FeedAnswer
    | Invited
)
