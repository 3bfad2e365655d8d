"""Values with sensible defaults, so that a test spells only what it is about; and strategies that vary them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from hypothesis import strategies as st

from papers.answers.subscriptions import Saved
from papers.lesson import Lesson, Word
from papers.matching.hits import Hit
from papers.matching.matcher import Batch, Matcher
from papers.matching.topics import text_of
from papers.model import Asker, Destination, Digest, Match, Paper, Reason, Subscription, Want
from papers.ports import Embedder, Vectors
from papers.query import analyse
from papers.services import Services
from papers.services.compiling import Compiler
from papers.services.corpus import Entry, Stream
from papers.services.explaining import Explainer
from papers.services.intake import PaperMemory, take_in
from papers.services.intake import Saved as Taken
from tests.conftest import NOW

GENERAL = Destination("terminal", "local", "general")
ELSEWHERE = Asker(Destination("slack", "T1", "C1"), "ada")
WORDS = ("diffusion", "survey", "attention", "robots", "graph", "kernel")
TODAY = NOW.date()


def paper(number: int = 1, title: str = "Attention on graphs", **changes: Any) -> Paper:
    """`2603.0000{number}`, of today."""
    plain = Paper(id=f"2603.{number:05}", title=title, sources=("huggingface",), day=TODAY)
    return replace(plain, **changes)


def subscription(number: int = 1, query: str | None = "attention", **changes: Any) -> Subscription:
    """To a QUERY in the general channel; fields of its `Want` may be given among the others."""
    wanted = {name: changes.pop(name) for name in ("topic", "per_day", "trending", "feed") if name in changes}
    where = changes.get("destination", GENERAL)
    plain = Subscription(id=f"{where}#{number}", number=number, destination=where, want=Want(query=query, **wanted))
    return replace(plain, **changes)


def match(of: str, number: int = 1, score: float = 3.0, reason: Reason | None = None) -> Match:
    """A match of a paper's id for the general channel."""
    return Match(of, f"{GENERAL}#{number}", number, score, reason or Reason(words=("attention",)))


def hit(of: str, number: int = 1, **changes: Any) -> Hit:
    """A hit of a paper's id."""
    return Hit(of, number)._replace(**changes)


def stream(papers: Iterable[Paper], embedder: Embedder) -> Stream:
    """These papers as a stream, in this order."""
    listed = list(papers)
    vectors = embedder.embed([text_of(one) for one in listed]).astype(np.float16).astype(np.float32)  # as they are kept
    return Stream([Entry(one, analyse(one), vector) for one, vector in zip(listed, vectors, strict=True)])


def batch(of: Stream, *, arrived: datetime = NOW) -> Batch:
    """All of a stream's papers as a batch."""
    papers = [entry.paper for entry in of.entries]
    documents = [entry.document for entry in of.entries]
    vectors = np.array([entry.vector for entry in of.entries])
    return Batch(papers, documents, vectors, dict.fromkeys(of.row, arrived))


def matches(
    matcher: Matcher, of: Stream, wanted: Sequence[Subscription], *, feed: str | None = None, arrived: datetime = NOW
) -> dict[Destination, list[Match]]:
    """What the matcher finds in a stream that it is calibrated on, explained; by channel, paper and number.

    `wanted` are the subscriptions that were put into it.
    """
    papers = batch(of, arrived=arrived)
    matcher.calibrate(of.background, of.per_day)
    found = matcher.match(papers) if feed is None else matcher.match_feed(papers, of.background, feed)
    by_id = {entry.paper.id: entry.paper for entry in of.entries}
    return {
        where: sorted(
            Explainer().explain(
                [hit for hits in by_paper.values() for hit in hits],
                [one for one in wanted if one.destination == where],
                by_id,
            ),
            key=lambda one: (one.paper, one.number),
        )
        for where, by_paper in found
    }


def store(
    memory: PaperMemory,
    *papers: Paper,
    now: datetime = NOW,
    scope: str = "*",
    announce: bool = True,
    revisions: Collection[str] = (),
) -> Taken:
    """Take papers in, as one digest of Hugging Face's or of the feed that is the scope."""
    source = "huggingface" if scope == "*" else scope
    digest = Digest(source, TODAY, papers, "1", revisions=frozenset(revisions))
    return take_in(memory, digest, scope=scope, announce=announce, now=now)


def subscribe(desk: Services, asker: Asker, want: Want) -> Saved:
    """Draft and save."""
    return desk.save(asker, desk.draft(asker, want))


class NoLessons:
    """The lessons of channels that never voted."""

    def of(self, destinations: Sequence[Destination]) -> dict[Destination, tuple[Lesson, ...]]:  # noqa: ARG002 - a port's
        """None."""
        return {}

    def forget(self, destination: Destination, number: int) -> int:  # noqa: ARG002 - as above
        """Nothing."""
        return 0


class NoVectors:
    """A memory of vectors that keeps none."""

    def get(self, keys: Sequence[str]) -> dict[str, Vectors]:  # noqa: ARG002 - a port's
        """None."""
        return {}

    def put(self, vectors: Mapping[str, Vectors]) -> None:
        """Drop them."""


def untaught(embedder: Embedder) -> Compiler:
    """A compiler for channels that never voted."""
    return Compiler(embedder, NoVectors(), NoLessons())


def lesson(of: str = "2603.00001", *topics: str, **changes: Any) -> Lesson:
    """What a paper, by its id, teaches topics, by their marks: the word "sparse"."""
    return replace(Lesson(of, f"{of}:1", {"spars": Word(1.0, "sparse")}, topics, NOW), **changes)


class Counting:
    """An embedder that remembers what it was asked for."""

    def __init__(self, embedder: Embedder, name: str = "") -> None:
        self.name = name or embedder.name
        self.dim = embedder.dim
        self.weight = embedder.weight
        self.at_once = embedder.at_once
        self.asked: list[list[str]] = []
        self._embedder = embedder

    def embed(self, texts: Sequence[str]) -> Vectors:
        """What the real one says."""
        self.asked.append(list(texts))
        return self._embedder.embed(texts)


def crowd(count: int, *, days: int = 10, newest: date = TODAY) -> list[Paper]:
    """Papers about all sorts of things, the same at each call: a stream that topics can be calibrated on."""
    subjects = (
        ("Diffusion models for image synthesis", "We generate pictures by denoising with diffusion models."),
        ("Efficient inference of language models", "We serve large language models with a smaller cache and memory."),
        ("Grasping with robots", "A robot arm learns to grasp objects from demonstrations."),
        ("Graph networks for chemistry", "Molecules are graphs, whose energy a network predicts."),
        ("A survey of attention", "We survey attention mechanisms and transformers in vision."),
        ("Kernel methods revisited", "We bound the regret of kernel regression under noise."),
        ("Speech recognition of whispers", "Acoustic models are trained on whispered speech."),
    )
    asides = [f"{one.capitalize()} and {other} matter." for one in WORDS for other in WORDS]
    return [
        paper(
            number,
            f"{subjects[number % 7][0]}, part {number // 7}",
            abstract=f"{subjects[number % 7][1]} {asides[number % 36]}",
            day=newest - timedelta(days=number % days),
            upvotes=number * 7 % 40,
        )
        for number in range(count)
    ]


def queries() -> st.SearchStrategy[str]:
    """QUERYs over WORDS that parse: every kind of leaf, every connective."""
    words = st.sampled_from(WORDS)
    fielded = ["author:knuth", 'author:"ada lovelace"', "org:lab", "cat:cs", "cat:cs.LG", "source:huggingface"]
    leaves = st.one_of(
        words,
        st.builds('"{} {}"'.format, words, words),
        words.map(lambda word: f"{word[:3]}*"),
        st.builds("{}:{}".format, st.sampled_from(["title", "abstract"]), words),
        st.sampled_from(fielded),
    )
    return st.recursive(leaves, _connected, max_leaves=5)


def _connected(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    shapes: list[Callable[..., str]] = ["({} {})".format, "({} OR {})".format]
    return st.one_of(*(st.builds(shape, inner, inner) for shape in shapes), inner.map("-({})".format))


def wants() -> st.SearchStrategy[Want]:
    """A QUERY, a topic, or both."""
    topics = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
    return st.one_of(
        st.builds(Want, query=queries()),
        st.builds(Want, topic=topics),
        st.builds(Want, query=queries(), topic=topics),
    )


def paper_lists(*, least: int = 0, most: int = 12) -> st.SearchStrategy[list[Paper]]:
    """Papers that are made of WORDS, with different ids, of the last ten days."""
    texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
    made = st.builds(
        Paper,
        id=st.just(""),
        title=texts,
        abstract=st.one_of(st.just(""), texts),
        authors=st.sampled_from([(), ("Donald Knuth",), ("Ada Lovelace", "Donald Knuth")]),
        sources=st.sampled_from([("huggingface",), ("arxiv",)]),
        day=st.integers(0, 9).map(lambda ago: TODAY - timedelta(days=ago)),
        categories=st.sampled_from([(), ("cs.LG",), ("math.CO", "cs.DS")]),
        organization=st.sampled_from([None, "Deep Lab"]),
        upvotes=st.integers(0, 3),
    )
    return st.lists(made, min_size=least, max_size=most).map(_numbered)


def _numbered(papers: Sequence[Paper]) -> list[Paper]:
    return [replace(one, id=f"2603.{row:05}") for row, one in enumerate(papers, start=1)]
