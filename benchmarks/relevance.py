"""How well topics find what people judged relevant: fused and calibrated scores against raw ones, in one run.

    python -m benchmarks.relevance FILE.json.gz [FILE.json.gz …] [--model wordllama]

A file holds {"docs": [{"id", "title", "abstract"}], "queries": [{"id", "text"}], "qrels": {query: {doc: grade}}}. Two
questions are asked of every score:

- nDCG@10 (Järvelin & Kekäläinen 2002): does it order a query's papers well?
- macro-F1 at one bar for every query, the bar being the best one of the *other* files: does a score mean the same for
  every topic? "Silent" are queries that nothing passes the bar for.

The fused scores have the model's own weight, and half and twice that. "Closeness" is what the product decides by: they
with the floor below which a paper is no match; first at a carried-over bar, then at the product's own, which no file
has a part in.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from papers.embedding import load_embedder
from papers.matching.bm25 import BM25
from papers.matching.topics import UNRELATED, Background, Topic, text_of, usual_bar
from papers.model import Paper
from papers.ports import Embedder, Vectors
from papers.text import fold, stem

Scores = npt.NDArray[np.float32]

SHARES = np.geomspace(0.5, 0.0001, 100)
"""Bars are tried that let these parts of all scores pass."""

USUAL = "closeness, the product's own bar"
"""Scores that have their bar taken off already: theirs is 0."""

GOALS = {"wordllama-256": (0.421, 0.25)}
BETTER = 0.457, 0.263
"""Mean nDCG@10 and macro-F1 wanted of what the product decides by: with the default model, and with any other."""


@dataclass(frozen=True)
class Collection:
    """A judged collection, analysed: documents, queries as topics, and each query's relevant rows."""

    name: str
    documents: list[list[str]]
    vectors: Vectors
    topics: list[Topic]
    relevant: list[dict[int, float]]


def load(path: Path, embedder: Embedder) -> Collection:
    """Read and analyse a collection; queries without a relevant document are left out."""
    data = json.loads(gzip.decompress(path.read_bytes()))
    papers = [Paper(str(doc["id"]), doc["title"] or "", doc.get("abstract") or "") for doc in data["docs"]]
    row = {paper.id: number for number, paper in enumerate(papers)}
    judged = {str(q): {row[d]: float(g) for d, g in docs.items() if d in row} for q, docs in data["qrels"].items()}
    queries = [query for query in data["queries"] if judged.get(str(query["id"]))]
    vectors = embedder.embed([query["text"] for query in queries])
    return Collection(
        path.name.partition(".")[0],
        [stem(fold(f"{paper.title} {paper.abstract}")) for paper in papers],
        embedder.embed([text_of(paper) for paper in papers]),
        [Topic.of(q["text"], vector) for q, vector in zip(queries, vectors, strict=True)],
        [judged[str(query["id"])] for query in queries],
    )


def scorers(collection: Collection, weight: float) -> dict[str, Callable[[Topic], Scores]]:
    """Every way to score a topic against all documents of the collection; `weight` is the model's own."""
    words, background = BM25(collection.documents), Background(collection.documents, collection.vectors)

    def closeness(topic: Topic) -> Scores:
        return background.closeness(topic, weight=weight)

    def above_bar(topic: Topic) -> Scores:
        close = closeness(topic)
        return close - np.float32(usual_bar(close))

    return {
        "BM25": lambda topic: words.scores(topic.terms),
        "cosine": lambda topic: collection.vectors @ topic.vector,
        f"fused z, w = {weight / 2:g}": lambda topic: background.z(topic, weight=weight / 2),
        f"fused z, w = {weight:g} (the model's)": lambda topic: background.z(topic, weight=weight),
        f"fused z, w = {2 * weight:g}": lambda topic: background.z(topic, weight=2 * weight),
        "closeness": closeness,
        USUAL: above_bar,
    }


def ndcg(scores: Scores, relevant: dict[int, float], depth: int = 10) -> float:
    """Normalised DCG at `depth`, 0 … 1."""
    top = np.argsort(-scores, kind="stable")[:depth]
    gain = sum(relevant.get(int(row), 0.0) / np.log2(rank + 2) for rank, row in enumerate(top))
    ideal = sum(g / np.log2(rank + 2) for rank, g in enumerate(sorted(relevant.values(), reverse=True)[:depth]))
    return float(gain / ideal)


def f1(scores: Scores, relevant: dict[int, float], bar: float) -> float:
    """F1 of the documents at or above the bar."""
    passed = np.flatnonzero(scores >= bar)
    hits = sum(int(row) in relevant for row in passed)
    return 2 * hits / (len(passed) + len(relevant))


def macro_f1(scored: Sequence[Scores], relevant: Sequence[dict[int, float]], bar: float) -> float:
    """Mean F1 over queries."""
    return mean(f1(scores, wanted, bar) for scores, wanted in zip(scored, relevant, strict=True))


def best_bar(scored: Sequence[Scores], relevant: Sequence[dict[int, float]]) -> float:
    """The bar with the highest macro-F1."""
    everything = np.concatenate(scored)
    bars = np.unique(np.quantile(everything[everything > UNRELATED], 1 - SHARES))
    return float(max(bars, key=lambda bar: macro_f1(scored, relevant, float(bar))))


@dataclass(frozen=True)
class Judged:
    """What a way to score is worth: nDCG@10 by collection, macro-F1 at a bar, part of the queries without a paper."""

    orders: list[float]
    f1: float
    silent: float

    @classmethod
    def of(cls, collections: Sequence[Collection], scored: Sequence[Sequence[Scores]], bar: float | None) -> Judged:
        """Judge every collection's scores at `bar`; None: at the mean of the other collections' best ones."""
        pairs = list(zip(collections, scored, strict=True))
        best = [best_bar(one, collection.relevant) for collection, one in pairs] if bar is None else []
        found, silent = [], []
        for number, (collection, one) in enumerate(pairs):
            others = best[:number] + best[number + 1 :] or best
            carried = mean(others) if bar is None else bar
            found.append(macro_f1(one, collection.relevant, carried))
            silent.append(mean(not (scores >= carried).any() for scores in one))
        orders = [mean(map(ndcg, one, collection.relevant)) for collection, one in pairs]
        return cls(orders, mean(found), mean(silent))


def main() -> int:
    """Print the table; 1 if the product decides worse than it must."""
    parser = argparse.ArgumentParser(description="Relevance on judged collections.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--model", default="wordllama")
    options = parser.parse_args()
    embedder = load_embedder(options.model)
    collections = [load(path, embedder) for path in options.files]
    ways = [scorers(collection, embedder.weight) for collection in collections]
    table = Table(title=f"{', '.join(c.name for c in collections)}; {embedder.name}")
    for heading in ("score", *(f"nDCG@10 {c.name}" for c in collections), "mean", "F1, one bar", "silent"):
        table.add_column(heading, justify="left" if heading == "score" else "right", no_wrap=heading == "score")
    judged = {}
    for name in ways[0]:
        scored = [[way[name](topic) for topic in c.topics] for way, c in zip(ways, collections, strict=True)]
        one = judged[name] = Judged.of(collections, scored, 0.0 if name == USUAL else None)
        orders = (f"{order:.3f}" for order in (*one.orders, mean(one.orders)))
        table.add_row(name, *orders, f"{one.f1:.3f}", f"{one.silent:.0%}")
    console = Console(width=100)
    console.print(table)
    order, f1_wanted = GOALS.get(embedder.name, BETTER)
    order_reached, f1_reached = mean(judged[USUAL].orders), judged[USUAL].f1
    console.print(
        f"the product: nDCG@10 {order_reached:.3f} (goal ≥ {order:g}), F1 {f1_reached:.3f} (goal ≥ {f1_wanted:g})"
    )
    return int(order_reached < order or f1_reached < f1_wanted)


if __name__ == "__main__":
    sys.exit(main())
