"""Which of a channel's matches become which messages. Pure: what is known comes in, a `Plan` comes out.

    matches that wait ──► drop what no subscription wants any more ──► one item a paper ──► order ──► messages

A post is a headline message with the first few papers as compact cards, then replies in its thread: the abstracts of
those, and the rest. Where there are no threads (`WHOLE`) it is one message with all of them. A channel's preferences
move the abstracts into the headline, the replies out of the thread, and days without papers out of sight. Each message
is one `Delivery`, whose id follows from what was decided, so that deciding it twice makes it once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from papers.model import Channel, Delivery, DeliveryKind, Heading, Item, Match, Paper, Platform, Subscription
from papers.schedule import LATE, is_missed, local_day, next_slot
from papers.wording.subscriptions import topic_of

HEADLINE = 5
"""Cards in a headline message: what fits a phone's screen or two."""

WHOLE = frozenset[Platform]({"email"})
"""Platforms where a post is one message, however many papers it brings: they have no threads, and no limit to mind."""

PER_REPLY = 5
"""Papers with abstracts in one reply: five abstracts of 1,500 characters stay within every platform's limits."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a plan is decided from.

    Attributes:
        due: when the channel was due; for daily and weekly channels, the slot.
        matches: what waits in its inbox and is still wanted.
        papers: those matches' papers, by id.
        unwanted: papers that wait, and that the subscriptions as they are now do not want any more.
        quiet: why nothing came, in words, should nothing have come.
    """

    channel: Channel
    subscriptions: Sequence[Subscription]
    due: datetime
    now: datetime
    matches: Sequence[Match]
    papers: Mapping[str, Paper]
    unwanted: Sequence[str] = ()
    quiet: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do about a channel that is due.

    Attributes:
        deliveries: messages to put into the outbox, headline first.
        taken: papers that leave the inbox, posted or not.
        next_slot: when it is due again; None for instant channels.
    """

    deliveries: tuple[Delivery, ...]
    taken: tuple[str, ...]
    next_slot: datetime | None


def plan(situation: Situation) -> Plan:
    """Decide what a due channel is posted."""
    schedule, now = situation.channel.schedule, situation.now
    following = next_slot(schedule, max(now, situation.due))
    if schedule.kind != "instant" and is_missed(situation.due, now):
        return Plan((), (), following)
    taken = tuple(sorted({*(match.paper for match in situation.matches), *situation.unwanted}))
    items = order(_items(situation), situation.papers)
    if items:
        return Plan(_messages(situation, items), taken, following)
    if schedule.kind == "instant" or not situation.subscriptions or not situation.channel.preferences.quiet:
        return Plan((), taken, following)
    return Plan((_empty(situation),), taken, following)


def _items(situation: Situation) -> list[Item]:
    """One item a paper, from the matches whose subscription still stands and whose paper still exists."""
    standing = {subscription.number for subscription in situation.subscriptions}
    by_paper: dict[str, dict[int, Match]] = {}
    for match in situation.matches:
        if match.number in standing and match.paper in situation.papers:
            by_paper.setdefault(match.paper, {})[match.number] = match
    return [
        Item(
            paper=paper,
            score=max(match.score for match in matches.values()),
            numbers=tuple(sorted(matches)),
            reasons=tuple(matches[number].reason for number in sorted(matches)),
        )
        for paper, matches in by_paper.items()
    ]


def order(items: Iterable[Item], papers: Mapping[str, Paper]) -> list[Item]:
    """Best first: by score, then upvotes; ties by id, so that the same decision has the same order."""
    return sorted(items, key=lambda item: (-item.score, -papers[item.paper].upvotes, item.paper))


def _messages(situation: Situation, items: Sequence[Item]) -> tuple[Delivery, ...]:
    whole = situation.channel.destination.platform in WHOLE
    first, rest = items[: None if whole else HEADLINE], items[len(items) if whole else HEADLINE :]
    heading = _heading(situation, items)
    slot = _slot_name(situation, items)
    preferences = situation.channel.preferences
    shown = tuple(item.paper for item in first if situation.papers[item.paper].abstract)
    full = preferences.format == "full"
    headline = _delivery(situation, "digest", slot, heading, items=tuple(first), abstracts=shown if full else ())
    replies = []
    if shown and not full and not whole:
        counted = replace(heading, total=len(shown), note=None)
        replies.append(_delivery(situation, "abstracts", slot, counted, abstracts=shown))
    for start in range(0, len(rest), PER_REPLY):
        part = tuple(rest[start : start + PER_REPLY])
        ids = tuple(item.paper for item in part)
        counted = replace(heading, total=len(part), note=None)
        replies.append(_delivery(situation, "more", f"{slot}/{start}", counted, items=part, abstracts=ids))
    flat = preferences.replies == "flat"
    return (headline, *(replace(reply, parent=headline.id, flat=flat) for reply in replies))


def _heading(situation: Situation, items: Sequence[Item]) -> Heading:
    named = {number for item in items for number in item.numbers}
    late = situation.channel.schedule.kind != "instant" and situation.now - situation.due > LATE
    return Heading(
        day=local_day(situation.channel.schedule, situation.due),
        total=len(items),
        subscriptions=tuple(topic_of(s.want) for s in situation.subscriptions if s.number in named),
        note="late: Paperboy was down at the time" if late else None,
        language=situation.channel.preferences.language,
    )


def if_late(delivery: Delivery, now: datetime) -> Delivery:
    """The delivery as it is posted now: a headline that waited for long, planned in time, says that it is late.

    It goes out however old it is, under the day that it stands for: its papers count as seen, and a part of its thread
    may be posted. These posts are few, as a channel that is closed to us is not planned.
    """
    heading = delivery.heading
    if delivery.kind != "digest" or heading.note or now - delivery.due <= LATE:
        return delivery
    return replace(delivery, heading=replace(heading, note="late: it could not be posted at the time"))


def _empty(situation: Situation) -> Delivery:
    day = local_day(situation.channel.schedule, situation.due)
    note = situation.quiet or "nothing new passed the bar"
    heading = Heading(day=day, total=0, note=note, language=situation.channel.preferences.language)
    return _delivery(situation, "empty", _slot_name(situation, ()), heading)


def _slot_name(situation: Situation, items: Sequence[Item]) -> str:
    """What makes this post this post: its slot, or for an instant channel the papers it brings."""
    if situation.channel.schedule.kind == "instant":
        return ",".join(sorted(item.paper for item in items))
    return situation.due.isoformat()


def _delivery(
    situation: Situation,
    kind: DeliveryKind,
    slot: str,
    heading: Heading,
    *,
    items: tuple[Item, ...] = (),
    abstracts: tuple[str, ...] = (),
) -> Delivery:
    destination = situation.channel.destination
    return Delivery(
        id=hashlib.sha256(f"{destination}|{kind}|{slot}".encode()).hexdigest()[:24],
        destination=destination,
        kind=kind,
        heading=heading,
        due=situation.now,
        items=items,
        abstracts=abstracts,
    )
