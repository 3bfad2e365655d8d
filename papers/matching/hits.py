"""What matching finds, before anybody asks why."""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32


class Hit(NamedTuple):
    """That a subscription wants a paper, as matching finds it, millions of times a day: hence a tuple.

    What it takes to say why is looked at when the paper is posted, and makes a `Match` of it.

    Attributes:
        paper: its id.
        number: the subscription's, in its channel.
        z: closeness to the topic, if there is one.
        share: part of the stream that is as close, rounded up to one that is told; None where that is too large.
        trending: 1-based rank among the day's most upvoted, for those subscriptions.
        topic: mark of the topic that z is of, since the subscription may be given another one before the post.
    """

    paper: str
    number: int
    z: float | None = None
    share: float | None = None
    trending: int | None = None
    topic: int | None = None


def topic_mark(topic: str | None) -> int | None:
    """A topic's text as a number below 2**32; None for none."""
    return None if topic is None else crc32(topic.encode())
