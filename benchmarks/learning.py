"""What 👍 and 👎 are worth: topics before and after votes on their first results, in one run.

    python -m benchmarks.learning FILE.json.gz [FILE.json.gz …] [--model wordllama]

Files are as for benchmarks.relevance. A channel is shown a topic's first results and votes as the judges did: 👍 what
is relevant, 👎 the rest. Then the papers that it has not seen are ranked, and nDCG@10 is taken over them alone; topics
whose relevant papers were all seen are left out.

Wrong votes must not ruin a topic, so the same is done with votes that are wrong: all turned round; and 👍 for the first
results of a foreign topic. The first row of each table is what the product does; the others are what was tried.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.relevance import Collection, Scores, load, ndcg
from papers.embedding import load_embedder
from papers.lesson import Lesson
from papers.matching.learning import BOUNDS, Bounds, moved, telling_words
from papers.matching.topics import Background
from papers.ports import Embedder

VOTES = (1, 3, 5, 10, 20)
NEVER = datetime(2026, 1, 1, tzinfo=UTC)
WANTED = 0.05
"""nDCG@10 that ten votes must add on average."""

Votes = dict[int, int]
"""A document's row -> 1 or -1."""

VARIANTS: dict[str, Bounds] = {
    "as it is": BOUNDS,
    "words alone": replace(BOUNDS, cosine=1.0),
    "meaning alone": replace(BOUNDS, share=0.0),
    "👍 alone": replace(BOUNDS, down=0.0),
    "👎 as much as 👍": replace(BOUNDS, down=BOUNDS.up),
    "half as fast": replace(BOUNDS, up=BOUNDS.up / 2, down=BOUNDS.down / 2),
    "twice as fast": replace(BOUNDS, up=BOUNDS.up * 2, down=BOUNDS.down * 2),
    "four times as fast": replace(BOUNDS, up=BOUNDS.up * 4, down=BOUNDS.down * 4),
    "four times as fast, unbounded": Bounds(BOUNDS.up * 4, BOUNDS.down * 4, cosine=-1.0, share=1000.0),
    "bounds twice as wide": replace(BOUNDS, cosine=0.65, share=2 * BOUNDS.share),
    "bounds half as wide": replace(BOUNDS, cosine=0.975, share=BOUNDS.share / 2),
}


@dataclass(frozen=True)
class Classroom:
    """A collection whose documents can teach: each one's lesson is made once."""

    collection: Collection
    background: Background
    before: list[Scores]
    lessons: list[Lesson]

    @classmethod
    def of(cls, path: Path, embedder: Embedder) -> Classroom:
        """Rank by every topic, and find every document's telling words."""
        collection = load(path, embedder)
        papers = json.loads(gzip.decompress(path.read_bytes()))["docs"]
        background = Background(collection.documents, collection.vectors)
        stream = background.words.like
        lessons = [
            Lesson(str(one["id"]), "", telling_words(f"{one['title']} {one.get('abstract') or ''}", stream), (), NEVER)
            for one in papers
        ]
        return cls(collection, background, [background.z(topic) for topic in collection.topics], lessons)

    def first(self, topic: int, size: int) -> list[int]:
        """A topic's first results."""
        return [int(row) for row in np.argsort(-self.before[topic], kind="stable")[:size]]

    def right(self, topic: int, size: int) -> Votes:
        """Votes as the judges would give them."""
        relevant = self.collection.relevant[topic]
        return {row: 1 if row in relevant else -1 for row in self.first(topic, size)}

    def turned(self, topic: int, size: int) -> Votes:
        """The opposite votes."""
        return {row: -way for row, way in self.right(topic, size).items()}

    def foreign(self, topic: int, size: int) -> Votes:
        """👍 for what another topic is about."""
        return dict.fromkeys(self.first((topic + 1) % len(self.before), size), 1)

    def gain(self, topic: int, votes: Votes, bounds: Bounds) -> tuple[float, float] | None:
        """nDCG@10 of the unseen documents before and after the votes; None if none of them is relevant."""
        seen = votes.keys() & set(self.first(topic, len(votes)))
        unseen = {row: grade for row, grade in self.collection.relevant[topic].items() if row not in seen}
        if not unseen:
            return None
        taught = [
            (replace(self.lessons[row], up=int(way > 0), down=int(way < 0)), self.collection.vectors[row])
            for row, way in votes.items()
        ]
        after = self.background.z(moved(self.collection.topics[topic], taught, bounds))
        return _unseen_ndcg(self.before[topic], seen, unseen), _unseen_ndcg(after, seen, unseen)


def _unseen_ndcg(scores: Scores, seen: set[int], unseen: dict[int, float]) -> float:
    left = scores.copy()
    left[list(seen)] = -np.inf
    return ndcg(left, unseen)


Voter = Callable[[Classroom, int, int], Votes]


def measured(room: Classroom, voter: Voter, size: int, bounds: Bounds) -> tuple[float, float, int]:
    """Mean nDCG@10 before and after, and how many topics that is of."""
    pairs = [room.gain(topic, voter(room, topic, size), bounds) for topic in range(len(room.before))]
    found = [pair for pair in pairs if pair is not None]
    return mean(before for before, _ in found), mean(after for _, after in found), len(found)


def _added(rooms: Sequence[Classroom], voter: Voter, size: int, bounds: Bounds) -> float:
    figures = [measured(room, voter, size, bounds) for room in rooms]
    return mean(after - before for before, after, _ in figures)


def _worth(rooms: Sequence[Classroom]) -> tuple[Table, float]:
    table = Table(title="nDCG@10 of the unseen rest after votes, as the product learns")
    for heading in ("votes", *(f"{room.collection.name} (topics)" for room in rooms), "mean gain"):
        table.add_column(heading, justify="right")
    for size in VOTES:
        figures = [measured(room, Classroom.right, size, BOUNDS) for room in rooms]
        shown = [f"{before:.3f} → {after:.3f} ({n})" for before, after, n in figures]
        table.add_row(f"{size}", *shown, f"{mean(after - before for before, after, _ in figures):+.3f}")
    return table, _added(rooms, Classroom.right, 10, BOUNDS)


def _alternatives(rooms: Sequence[Classroom]) -> Table:
    table = Table(title="What ten votes add to nDCG@10, on average")
    for heading in ("", "3 right votes", "10 right votes", "10 turned round", "10 foreign 👍"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=not heading)
    for name, bounds in VARIANTS.items():
        cells = [
            _added(rooms, Classroom.right, 3, bounds),
            _added(rooms, Classroom.right, 10, bounds),
            _added(rooms, Classroom.turned, 10, bounds),
            _added(rooms, Classroom.foreign, 10, bounds),
        ]
        table.add_row(name, *(f"{cell:+.3f}" for cell in cells))
    return table


def main() -> int:
    """Print the tables; 1 if ten votes are worth less than they must be."""
    parser = argparse.ArgumentParser(description="What votes are worth, on judged collections.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--model", default="wordllama")
    options = parser.parse_args()
    embedder = load_embedder(options.model)
    rooms = [Classroom.of(path, embedder) for path in options.files]
    worth, ten = _worth(rooms)
    console = Console()
    console.print(worth)
    console.print(_alternatives(rooms))
    console.print(f"{embedder.name}: ten votes add {ten:+.3f}; at least {WANTED:+.3f} are wanted")
    return int(ten < WANTED)


if __name__ == "__main__":
    sys.exit(main())
