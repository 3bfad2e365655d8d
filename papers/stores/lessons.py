"""What channels' votes teach their topics, one lesson a paper: the newest `KEPT` of each channel.

A lesson comes with a vote (see `papers.stores.votes`) and goes when the votes for its paper are even. Its field holds,
apart by tabs, what scripts change: 👍, 👎, when (ms), and the topics that it is for, apart by commas; then the rest as
JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from papers.lesson import Lesson, Word
from papers.model import Destination
from papers.stores import codec, keys
from papers.stores.channels import CHANGES_KEPT
from papers.stores.clock import from_ms, to_ms
from papers.stores.server import Server

KEPT = 100
"""Lessons a channel: what people liked hundreds of votes ago is not what they look for now."""

BATCH = 1000
"""Channels a round trip."""


@dataclass(frozen=True, slots=True)
class _Body:
    vector: str
    words: Mapping[str, Word]


class LessonStore:
    """Every channel's lessons."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def of(self, destinations: Sequence[Destination]) -> dict[Destination, tuple[Lesson, ...]]:
        """The lessons of those channels that have any, each channel's oldest first."""
        found: dict[Destination, tuple[Lesson, ...]] = {}
        for start in range(0, len(destinations), BATCH):
            part = destinations[start : start + BATCH]
            hashes = self._server.together([["HGETALL", keys.lessons(one)] for one in part])
            for destination, fields in zip(part, hashes, strict=True):
                if fields:
                    lessons = (unpacked(paper, value) for paper, value in fields.items())
                    found[destination] = tuple(sorted(lessons, key=lambda one: (one.at, one.paper)))
        return found

    def forget(self, destination: Destination, number: int) -> int:
        """Let a subscription forget all that it learned; from how many papers that was. Votes stay."""
        touched = [keys.lessons(destination), keys.CHANGES]
        return int(self._server.run("forget", touched, [str(destination), f"{number}:", CHANGES_KEPT]))


def packed(lesson: Lesson) -> str:
    """A lesson as it lies in its paper's field."""
    return "\t".join([f"{lesson.up}", f"{lesson.down}", f"{to_ms(lesson.at)}", ",".join(lesson.topics), body(lesson)])


def body(lesson: Lesson) -> str:
    """What no script changes of it."""
    return codec.dump(_Body(lesson.vector, lesson.words))


def unpacked(paper: str, value: str) -> Lesson:
    """The inverse of `packed`."""
    up, down, at, topics, rest = value.split("\t", 4)
    held = codec.load(_Body, rest)
    return Lesson(paper, held.vector, held.words, tuple(topics.split(",")), from_ms(at), int(up), int(down))
