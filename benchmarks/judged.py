"""How well search orders what people judged, beside SQLite FTS5. The files are those of `benchmarks.relevance`."""

from __future__ import annotations

import gzip
import json
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from rich.table import Table

from papers.embedding import load_embedder
from papers.matching.decide import stems
from papers.matching.topics import BACKGROUND, Background, text_of
from papers.model import Paper
from papers.ports import Embedder
from papers.query import analyse
from papers.search.about import Maker
from papers.search.index import Index, Line
from papers.search.reader import IndexReader
from papers.services.library import Ruler
from papers.services.search import Shop, Wish, search
from papers.services.similar import similar
from papers.text import fold

DEPTH = 10
MOST_WORDS = 32
"""Words of a QUERY."""

Find = Callable[[str], list[str]]


def order_table(files: Sequence[Path]) -> Table:
    """nDCG@10 of search, of similar and of the peer."""
    embedder = load_embedder("wordllama")
    table = Table(title=f"nDCG@10; {embedder.name}")
    for heading in ("", *(path.name.partition(".")[0] for path in files), "mean"):
        table.add_column(heading, justify="left" if not heading else "right")
    figures = [_of_file(path, embedder) for path in files]
    for name in figures[0]:
        own = [one[name] for one in figures]
        table.add_row(name, *(f"{figure:.3f}" for figure in (*own, mean(own))))
    return table


def _of_file(path: Path, embedder: Embedder) -> dict[str, float]:
    data = json.loads(gzip.decompress(path.read_bytes()))
    papers = [
        Paper(str(doc["id"]), doc["title"] or "untitled", doc.get("abstract") or "", day=date(2020, 1, 1))
        for doc in data["docs"]
    ]
    with tempfile.TemporaryDirectory() as folder:
        shop = _opened(papers, embedder, Path(folder))
        ways: dict[str, Find] = {
            "search": lambda text: _searched(shop, text),
            "similar": lambda text: _similar(shop, text),
            "FTS5, any word": _fts5(papers),
        }
        return {name: _ndcg(find, data) for name, find in ways.items()}


def _opened(papers: Sequence[Paper], embedder: Embedder, folder: Path) -> Shop:
    documents, vectors = [analyse(paper) for paper in papers], embedder.embed([text_of(paper) for paper in papers])
    index = Index(folder, Maker.of(embedder.name, embedder.dim))
    index.put([Line(*line) for line in zip(papers, documents, vectors, strict=True)], [], 1.0)
    known = {paper.id: paper for paper in papers}
    reader = IndexReader(index.view, lambda ids: {one: known[one] for one in ids})
    chosen = np.random.default_rng(1).permutation(len(papers))[:BACKGROUND]
    background = Background([stems(documents[row]) for row in chosen], vectors[chosen])
    return Shop(reader, Ruler(background, embedder.weight), embedder)


def _searched(shop: Shop, text: str) -> list[str]:
    query = " ".join(fold(text)[:MOST_WORDS]) + "?"
    answers = [search(shop, Wish(query))]
    if answers[0].pages > 1:
        answers.append(search(shop, Wish(query, page=2)))
    return [card.paper.id for answer in answers for card in answer.cards]


def _similar(shop: Shop, text: str) -> list[str]:
    first = similar(shop, text, page=1)
    answers = [first, *([similar(shop, text, page=2)] if first.pages > 1 else [])]
    return [card.paper.id for answer in answers for card in answer.cards]


def _fts5(papers: Sequence[Paper]) -> Find:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE papers USING fts5(id UNINDEXED, title, abstract, tokenize = 'porter')")
    connection.executemany("INSERT INTO papers VALUES (?, ?, ?)", ((one.id, one.title, one.abstract) for one in papers))
    sql = f"SELECT id FROM papers WHERE papers MATCH ? ORDER BY rank LIMIT {DEPTH}"  # noqa: S608 - a number of ours

    def find(text: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in fold(text))
        return [name for (name,) in connection.execute(sql, (words,))]

    return find


def _ndcg(find: Find, data: dict[str, Any]) -> float:
    """Normalised DCG at ten (Järvelin & Kekäläinen 2002), the mean of the queries that have a relevant document."""
    judged = data["qrels"]
    gains: list[float] = []
    for query in data["queries"]:
        grades = {str(doc): float(grade) for doc, grade in judged.get(str(query["id"]), {}).items()}
        if grades:
            got = sum(grades.get(one, 0.0) / np.log2(rank + 2) for rank, one in enumerate(find(query["text"])[:DEPTH]))
            best = sorted(grades.values(), reverse=True)[:DEPTH]
            gains.append(float(got / sum(grade / np.log2(rank + 2) for rank, grade in enumerate(best))))
    return mean(gains)
