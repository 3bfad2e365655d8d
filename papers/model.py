"""The values that travel through Paperboy: frozen, slotted, compared by what they hold.

They know nothing of Redis, HTTP or a chat platform, and everything that has a rule has it elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

Platform = Literal["terminal", "slack", "discord", "email"]


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, however many sources told of it.

    Attributes:
        id: the arXiv id without version (`2607.21557`, `cs/0112017`), else `x` and 15 hex digits: `papers.identity`.
        title, abstract: plain text; the title is one line, and never empty.
        authors, organization: display names, in the paper's order; the lab's.
        url: http(s) page of the paper.
        sources: names of the sources that told of it, first teller first.
        day: the day of the digest that it first stood in.
        published: publication instant with a zone, if the source knew one.
        categories: arXiv or feed categories, as spelt there.
        upvotes, code_stars: 0 where the source has none; stars are GitHub's.
        ai_summary: the source's own generated summary.
        generated: a summary that SUMMARY_MODEL made of the abstract, and that model's name.
        first_seen: when a source first brought it as news; None until then, and for what only a backfill brought.
    """

    id: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    sources: tuple[str, ...] = ()
    day: date | None = None
    published: datetime | None = None
    categories: tuple[str, ...] = ()
    organization: str | None = None
    upvotes: int = 0
    code_url: str | None = None
    code_stars: int = 0
    thumbnail: str | None = None
    ai_summary: str | None = None
    generated: tuple[str, str] | None = None
    first_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry of a digest that could not become a `Paper`, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What one fetch of one source brought.

    Attributes:
        source, day: the source's name (`huggingface`, a feed's canonical URL); the newest day in it.
        papers: no two with the same id.
        cursor: opaque to everyone but the source; handed back at the next fetch.
        skipped, revisions: entries left out, never silently; ids of papers that were announced before.
        moved, title: the feed's new canonical URL, if it moved for good; what it calls itself, "" if not known.
    """

    source: str
    day: date | None
    papers: tuple[Paper, ...]
    cursor: str
    skipped: tuple[Skipped, ...] = ()
    revisions: frozenset[str] = frozenset()
    moved: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """A channel of a platform. `str()` is its one spelling in keys and logs: `platform:workspace:channel`."""

    platform: Platform
    workspace: str
    channel: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.workspace}:{self.channel}"

    @classmethod
    def parse(cls, text: str) -> Destination:
        """The inverse of `str()`; raises ValueError for anything else."""
        platform, workspace, channel = text.split(":", 2)
        if platform not in get_args(Platform):
            raise ValueError(f"no such platform: {platform}")
        return cls(platform, workspace, channel)  # type: ignore[arg-type] # checked above


@dataclass(frozen=True, slots=True)
class Want:
    """What is asked of a subscription. At least one of query, topic, trending and feed is set; all that are must hold.

    Attributes:
        query: QUERY as typed, known to parse (see `papers.query`).
        topic: free text whose meaning papers are compared with.
        per_day: the volume asked for, papers a day; the topic's bar follows from it. None: the default bar.
        trending: only the day's `trending` most upvoted papers.
        feed: only papers of this feed (canonical URL).
    """

    query: str | None = None
    topic: str | None = None
    per_day: float | None = None
    trending: int | None = None
    feed: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A `Want` of a channel, kept.

    Attributes:
        id: unique everywhere: `{destination}#{number}`.
        number: the short number that `list` shows, never reused within its channel.
        bar: fused z-score that a paper must reach for the topic; None where there is no topic.
        created_by: the user's id on the channel's platform.
    """

    id: str
    number: int
    destination: Destination
    want: Want
    bar: float | None = None
    created_by: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Who speaks, and in which channel: taken from the platform's verified payload, never from a command's text."""

    destination: Destination
    user: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a channel is posted to. `at` is local wall-clock time HH:MM in the IANA zone `zone`.

    `weekday` (0 Monday … 6 Sunday) is for weekly ones; `weekdays` leaves Saturday and Sunday out of daily ones.
    """

    kind: Literal["instant", "daily", "weekly"] = "instant"
    at: str = "09:00"
    zone: str = "UTC"
    weekday: int = 0
    weekdays: bool = False


@dataclass(frozen=True, slots=True)
class Preferences:
    """What `settings` shows and changes.

    Attributes:
        format: `full` shows abstracts in the post, `compact` keeps them for the thread.
        replies: what follows a headline: in its `thread`, or `flat` in the channel.
        language: locale of dates, as CLDR spells it (`en`, `de`, `pt_BR`).
        changes: who may change the channel's subscriptions and settings.
        quiet: whether a day without papers posts its one line.
        cards: whether a paper's link that somebody shares here is answered by its card.
    """

    format: Literal["compact", "full"] = "compact"
    replies: Literal["thread", "flat"] = "thread"
    language: str = "en"
    changes: Literal["members", "admins"] = "members"
    quiet: bool = True
    cards: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel's own settings."""

    destination: Destination
    schedule: Schedule = field(default_factory=Schedule)
    paused: bool = False
    preferences: Preferences = field(default_factory=Preferences)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a paper came, in parts that a platform can set in its own type.

    Attributes:
        words: words and phrases of the QUERY that hit, as typed.
        without: words that the QUERY excludes, which the paper indeed lacks.
        topic: the topic's text.
        share: rank within the stream as a share, 0 < share ≤ 1: 0.01 reads "top 1%".
        trending: 1-based rank among the day's most upvoted.
        feed: the feed it was subscribed by.
    """

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    topic: str | None = None
    share: float | None = None
    trending: int | None = None
    feed: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A paper that a subscription wants. `score` orders papers within a post: higher is better."""

    paper: str
    subscription: str
    number: int
    score: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Item:
    """A paper's place in a post: every subscription of the channel that wanted it, and why."""

    paper: str
    score: float
    numbers: tuple[int, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What a post's first line says: the day (in `language`, a locale), how many papers, for which subscriptions.

    `about` is the channel that a notice speaks of, `repair` the number of the subscription whose feed it speaks of.
    """

    day: date
    total: int
    subscriptions: tuple[str, ...] = ()
    note: str | None = None
    language: str = "en"
    about: str | None = None
    repair: int | None = None


DeliveryKind = Literal["digest", "more", "abstracts", "empty", "notice", "edit"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one channel, or an edit: its parent's message shown anew. An edit brings nothing itself.

    Attributes:
        id: 24 hex digits of sha256(destination, kind, slot or paper ids): the same decision makes the same id.
        items: papers that this message brings to the channel for the first time.
        abstracts: papers whose abstract this message shows; their cards came before.
        parent: the delivery whose thread this one answers in; it waits for that one's receipt.
        due: not to be posted before.
        flat: it follows its parent in the channel, not in a thread.
    """

    id: str
    destination: Destination
    kind: DeliveryKind
    heading: Heading
    due: datetime
    items: tuple[Item, ...] = ()
    abstracts: tuple[str, ...] = ()
    parent: str | None = None
    flat: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's word that it took a message."""

    message_id: str
    at: datetime


DeliveryState = Literal["pending", "sending", "sent", "dead", "unknown", "parked"]


@dataclass(frozen=True, slots=True)
class Record:
    """A delivery and what became of it; `at` is when it came into its state, `edited` when its message was last."""

    delivery: Delivery
    state: DeliveryState
    at: datetime
    message: str | None = None
    detail: str = ""
    edited: datetime | None = None
