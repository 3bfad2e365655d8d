"""How well topics find what people judged relevant: fused and calibrated scores against raw ones, in one run.

    python -m benchmarks.relevance FILE.json.gz [FILE.json.gz …] [--model wordllama]

A file holds {"docs": [{"id", "title", "abstract"}], "queries": [{"id", "text"}], "qrels": {query: {doc: grade}}}. Two
questions are asked of every score:

- nDCG@10 (Järvelin & Kekäläinen 2002): does it order a query's papers well?
- macro-F1 at one bar for every query, the bar being the best one of the *other* files: does a score mean the same for
  every topic? "Silent" are queries that nothing passes the bar for.
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
from papers.matching.topics import Background, Topic, text_of
from papers.model import Paper
from papers.ports import Embedder, Vectors
from papers.text import fold, stem

Scores = npt.NDArray[np.float32]
BARS = 60
"""Bars tried between a score's median and its maximum."""


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


def scorers(collection: Collection) -> dict[str, Callable[[Topic], Scores]]:
    """Every way to score a topic against all documents of the collection."""
    words, background = BM25(collection.documents), Background(collection.documents, collection.vectors)
    return {
        "BM25": lambda topic: words.scores(topic.terms),
        "cosine": lambda topic: collection.vectors @ topic.vector,
        "fused z, w = 1": lambda topic: background.z(topic, weight=1.0),
        "fused z, w = 2": lambda topic: background.z(topic, weight=2.0),
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
    bars = np.linspace(float(np.median(everything)), float(everything.max()), BARS)
    return float(max(bars, key=lambda bar: macro_f1(scored, relevant, float(bar))))


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Relevance on judged collections.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--model", default="wordllama")
    options = parser.parse_args()
    embedder = load_embedder(options.model)
    collections = [load(path, embedder) for path in options.files]
    scored = [{name: [score(t) for t in c.topics] for name, score in scorers(c).items()} for c in collections]
    table = Table(title=f"{', '.join(c.name for c in collections)}; {embedder.name}")
    for heading in ("score", *(f"nDCG@10 {c.name}" for c in collections), "mean", "F1, one bar", "silent"):
        table.add_column(heading, justify="left" if heading == "score" else "right")
    for name in scored[0]:
        table.add_row(name, *_figures(collections, [one[name] for one in scored]))
    Console().print(table)
    return 0


def _figures(collections: Sequence[Collection], scored: Sequence[Sequence[Scores]]) -> list[str]:
    orders = [
        mean(ndcg(scores, wanted) for scores, wanted in zip(one, collection.relevant, strict=True))
        for collection, one in zip(collections, scored, strict=True)
    ]
    bars = [best_bar(one, collection.relevant) for collection, one in zip(collections, scored, strict=True)]
    carried, silent = [], []
    for number, (collection, one) in enumerate(zip(collections, scored, strict=True)):
        bar = mean(bars[:number] + bars[number + 1 :]) if len(bars) > 1 else bars[0]
        carried.append(macro_f1(one, collection.relevant, bar))
        silent.append(mean(not (scores >= bar).any() for scores in one))
    return [*(f"{order:.3f}" for order in (*orders, mean(orders))), f"{mean(carried):.3f}", f"{mean(silent):.0%}"]


if __name__ == "__main__":
    sys.exit(main())
