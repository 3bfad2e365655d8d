"""What is counted for Prometheus: every metric that a stage adds to, its labels, and nothing that reads them.

These objects are a process's own, as its loggers are: a stage calls a function here when it has done something. Labels
have closed sets, spelt as Literals; no channel, user, paper or address is ever one. How shared state is told (queues,
feeds, what waits) stands in `papers.stores.census` and `cli.exposition`. docs/operating.md has the whole table.

Counters are added to once a poll, a batch, a post or a command, never once a subscription or a pair.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from time import perf_counter
from typing import Any, Final, Literal, TypeVar, get_args

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

from papers.model import Delivery, DeliveryKind, DeliveryState, Platform

SourceKind = Literal["huggingface", "feed"]
PollOutcome = Literal["news", "unchanged", "failed"]
Novelty = Literal["new", "known", "skipped"]
CommandOutcome = Literal["answered", "refused", "failed"]
SummaryOutcome = Literal["told", "known", "useless", "failed", "spent", "resting"]
Vote = Literal["up", "down", "taken_back"]

disable_created_metrics()  # type: ignore[no-untyped-call] # a second series beside each, with the time of our start

Made = TypeVar("Made", Counter, Histogram)

FETCHING: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0)
ANSWERING: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0)
MATCHING: Final = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0)
LATENCY: Final = (1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 21600.0, 86400.0)
"""Bounds of histograms, seconds. A chat platform waits 3 s for an acknowledgement."""


def _closed(made: Made, *sets: Any) -> Made:
    """The metric, with every series that it can have there from the beginning: so a rate is 0, not unknown."""
    for values in product(*(get_args(one) for one in sets)):
        made.labels(*values)
    return made


_POLLS = _closed(Counter("paperboy_polls", "Polls of sources.", ["kind", "outcome"]), SourceKind, PollOutcome)
_POLL_SECONDS = _closed(
    Histogram("paperboy_poll_seconds", "Seconds of a poll, storing included.", ["kind"], buckets=FETCHING), SourceKind
)
_PAPERS = _closed(
    Counter("paperboy_papers", "Papers that polls brought; skipped ones could not be read.", ["kind", "novelty"]),
    SourceKind,
    Novelty,
)
_MATCHED = Counter("paperboy_matched_arrivals", "Arrivals that were held against every subscription.")
_HITS = Counter("paperboy_hits", "Papers that were put into channels' inboxes.")
_MATCH_SECONDS = Histogram("paperboy_match_seconds", "Seconds of a run of matching with arrivals.", buckets=MATCHING)
_SUBSCRIPTIONS = Gauge("paperboy_subscriptions", "Subscriptions that a match worker holds of its shard.", ["shard"])
_PLANNED = _closed(Counter("paperboy_planned", "Messages and edits put into the outbox.", ["kind"]), DeliveryKind)
_DELIVERIES = _closed(
    Counter("paperboy_deliveries", "What became of attempts to post; edits are apart.", ["platform", "state"]),
    Platform,
    DeliveryState,
)
_EDITS = _closed(
    Counter("paperboy_edits", "What became of attempts to edit a message.", ["platform", "state"]),
    Platform,
    DeliveryState,
)
_DELIVERY_SECONDS = _closed(
    Histogram("paperboy_delivery_seconds", "Seconds from due to sent.", ["platform"], buckets=LATENCY), Platform
)
_POST_SECONDS = _closed(
    Histogram("paperboy_post_seconds", "Seconds of one request to post.", ["platform"], buckets=FETCHING), Platform
)
_RATE_LIMITED = _closed(
    Counter("paperboy_rate_limited", "Answers that asked us to wait (429).", ["platform"]), Platform
)
_WAIT_SECONDS = _closed(
    Counter("paperboy_rate_limit_wait_seconds", "Seconds that those answers asked for.", ["platform"]), Platform
)
_SUSPENSIONS = _closed(Counter("paperboy_suspensions", "Channels that closed to us.", ["platform"]), Platform)
_COMMANDS = Counter("paperboy_commands", "Commands, presses and views.", ["platform", "command", "outcome"])
_ANSWER_SECONDS = _closed(
    Histogram("paperboy_answer_seconds", "Seconds until a command's answer was made.", ["platform"], buckets=ANSWERING),
    Platform,
)
_SEARCH_SECONDS = Histogram("paperboy_search_seconds", "Seconds of a search of the archive.", buckets=ANSWERING)
_VOTES = _closed(Counter("paperboy_votes", "Votes on papers.", ["platform", "vote"]), Platform, Vote)
_SUMMARIES = _closed(Counter("paperboy_summaries", "Summaries that were wanted.", ["outcome"]), SummaryOutcome)
_INDEX = Gauge("paperboy_index_papers", "Papers in this process's index of the archive.")


def polled(kind: SourceKind, outcome: PollOutcome, seconds: float) -> None:
    """A source was polled."""
    _POLLS.labels(kind, outcome).inc()
    _POLL_SECONDS.labels(kind).observe(seconds)


def came(kind: SourceKind, *, new: int, known: int, skipped: int) -> None:
    """A poll brought papers."""
    figures: tuple[tuple[Novelty, int], ...] = (("new", new), ("known", known), ("skipped", skipped))
    for novelty, figure in figures:
        _PAPERS.labels(kind, novelty).inc(figure)


def matched(arrivals: int, put: int, seconds: float) -> None:
    """Arrivals were matched, and so many papers put into inboxes."""
    _HITS.inc(put)
    if arrivals:
        _MATCHED.inc(arrivals)
        _MATCH_SECONDS.observe(seconds)


def holds(subscriptions: int, shard: int) -> None:
    """A match worker holds so many subscriptions of a shard, 1 … 64."""
    _SUBSCRIPTIONS.labels(str(shard)).set(subscriptions)


def planned(deliveries: Iterable[Delivery]) -> None:
    """These were put into the outbox."""
    for kind, figure in Tally(one.kind for one in deliveries).items():
        _PLANNED.labels(kind).inc(figure)


def edits_planned(figure: int) -> None:
    """So many edits were put into the outbox."""
    _PLANNED.labels("edit").inc(figure)


def settled(delivery: Delivery, state: DeliveryState, late: float) -> None:
    """An attempt came to a state, `late` seconds after the delivery was due."""
    platform = delivery.destination.platform
    if delivery.kind == "edit":
        _EDITS.labels(platform, state).inc()
        return
    _DELIVERIES.labels(platform, state).inc()
    if state == "sent":
        _DELIVERY_SECONDS.labels(platform).observe(max(late, 0.0))


@contextmanager
def posting(platform: Platform) -> Iterator[None]:
    """Around one request to post, however it ends."""
    with _POST_SECONDS.labels(platform).time():
        yield


def rate_limited(platform: Platform, seconds: float) -> None:
    """A platform answered 429, and asked for so much patience."""
    _RATE_LIMITED.labels(platform).inc()
    _WAIT_SECONDS.labels(platform).inc(seconds)


def suspended(platform: Platform) -> None:
    """A channel closed to us."""
    _SUSPENSIONS.labels(platform).inc()


def answered(platform: Platform, command: str, outcome: CommandOutcome, seconds: float) -> None:
    """A command was answered. `command` is one of `bot.tally.NAMES`."""
    _COMMANDS.labels(platform, command, outcome).inc()
    _ANSWER_SECONDS.labels(platform).observe(seconds)


@contextmanager
def searching() -> Iterator[None]:
    """Around one search of the archive that finds its words."""
    began = perf_counter()
    yield
    _SEARCH_SECONDS.observe(perf_counter() - began)


def voted(platform: Platform, vote: Literal[1, 0, -1]) -> None:
    """Somebody voted for a paper (1), against it (-1), or took that back."""
    way: Vote = "taken_back" if vote == 0 else "up" if vote == 1 else "down"
    _VOTES.labels(platform, way).inc()


def summarised(outcome: SummaryOutcome) -> None:
    """What became of a summary that was wanted."""
    _SUMMARIES.labels(outcome).inc()


def indexed(papers: int) -> None:
    """This process's index has so many papers."""
    _INDEX.set(papers)
