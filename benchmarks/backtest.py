"""How soon a preview answers, and whether it tells the truth: the index against the plain loop, in one run.

    python -m benchmarks.backtest [--papers 100000]

All papers are of the last 30 days. What is timed is the service (`test`, which `subscribe` asks too), with the newest
three papers' reasons. The plain loop analyses every paper and asks `papers.matching.decide.hit`, which is what matching
means: its counts must be the index's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import structlog
from rich.console import Console
from rich.table import Table

from benchmarks.corpus import Corpus
from benchmarks.search import fill, texts, until_complete
from cli.embedded import EmbeddedValkey
from papers.matching.bm25 import BM25
from papers.matching.decide import Closeness, Compiled, floor_of, hit, stems
from papers.model import Asker, Destination, Paper, Subscription, Want
from papers.query import Document, analyse
from papers.services.backtest import with_bar
from papers.services.corpus import Stream
from papers.services.remembering import paper_key
from papers.settings import Settings
from papers.stores.server import Server
from papers.wiring import Core

GOAL = 1.0
"""Seconds."""

DAYS = 30
RUNS = 5
PART = 2000
ASKER = Asker(Destination("terminal", "local", "general"), "benchmark")


def main() -> int:
    """Print the table; 1 if a count is wrong or the goal is missed."""
    parser = argparse.ArgumentParser(description="Previews against the plain loop.")
    parser.add_argument("--papers", type=int, default=100_000)
    count = parser.parse_args().papers
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory() as folder:
        valkey = EmbeddedValkey(Path(folder))
        valkey.start()
        server = Server(valkey.url)
        core = Core(Settings.model_construct(paperboy_data=Path(folder)), server)
        try:
            return run(core, count)
        finally:
            core.library.close()
            server.close()
            valkey.stop()


def run(core: Core, count: int) -> int:
    """Measure every kind of subscription."""
    corpus = Corpus()
    papers = [replace(paper, upvotes=place * 7 % 50) for place, paper in enumerate(corpus.papers(count))]
    word, phrase, *_ = (query for query in corpus.queries(200) if query.isalpha() or query.startswith('"'))
    topic = texts(papers, 1)[0]
    wants = {
        "a word": Want(word),
        "a word or a phrase": Want(f"{word} OR {phrase}"),
        "all but a word": Want(f"-{word}"),
        "a topic": Want(topic=topic),
        "a topic ~5/day": Want(topic=topic, per_day=5.0),
        "a topic ~300/day": Want(topic=topic, per_day=300.0),
        "a QUERY and a topic": Want("cat:cs", topic=topic, per_day=5.0),
        "trending": Want(trending=5),
    }
    fill(core, papers, -(-count // DAYS))
    until_complete(core)
    core.desk.test(ASKER, Want(word))
    loop, expected = counted(core, papers, [want for want in wants.values() if want.trending is None])
    table, right, worst = Table(title=f"previews of 30 days, {count:,} papers"), True, 0.0
    for heading in ("", "papers", "as the loop", "median, s", "worst, s", "worst / goal"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, want in wants.items():
        taken, total = timed(core, want)
        agrees = expected.get(want, total) == total
        right, worst = right and agrees, max(worst, *taken)
        told = "" if want not in expected else "yes" if agrees else f"NO: {expected[want]:,}"
        table.add_row(name, f"{total:,}", told, f"{median(taken):.3f}", f"{max(taken):.3f}", f"{max(taken) / GOAL:.2f}")
    Console().print(table)
    Console().print(f"the plain loop: {loop:.0f} s for {len(expected)} subscriptions")
    return 0 if right and worst <= GOAL else 1


def timed(core: Core, want: Want) -> tuple[list[float], int]:
    """Seconds of each run, and how many papers are wanted."""
    taken, total = [], 0
    for _ in range(RUNS):
        began = time.perf_counter()
        total = core.desk.test(ASKER, want).total
        taken.append(time.perf_counter() - began)
    return taken, total


def counted(core: Core, papers: Sequence[Paper], wants: Sequence[Want]) -> tuple[float, dict[Want, int]]:
    """Seconds that the plain loop takes, and how many papers it finds for each want."""
    stream = core.corpus.stream()
    blank = Subscription("", 0, ASKER.destination, Want())
    asked = [core.compiler.one(with_bar(replace(blank, want=want), stream, core.compiler)) for want in wants]
    found = dict.fromkeys(wants, 0)
    began = time.perf_counter()
    for start in range(0, len(papers), PART):
        part = list(core.stores.papers.get([paper.id for paper in papers[start : start + PART]]).values())
        documents = [analyse(paper) for paper in part]
        for one in asked:
            near = closeness(core, one, stream, part, documents)
            for paper, document, close in zip(part, documents, near, strict=True):
                found[one.subscription.want] += hit(one, paper.id, document, close) is not None
    return time.perf_counter() - began, found


def closeness(
    core: Core, one: Compiled, stream: Stream, papers: Sequence[Paper], documents: Sequence[Document]
) -> list[Closeness | None]:
    """How close papers are to the topic; None where there is none."""
    if one.topic is None:
        return [None] * len(papers)
    background, weight, want = stream.background, core.embedder.weight, one.subscription.want
    floor, scale = floor_of(want, stream.per_day), background.scale(one.topic)
    of_stream = background.closeness(one.topic, floor=floor, weight=weight)
    lexical = BM25([stems(document) for document in documents], like=background.words.like).scores(one.topic.terms)
    kept = core.vectors.get([paper_key(paper) for paper in papers])
    cosine = np.stack([kept[paper_key(paper)] for paper in papers]) @ one.topic.vector
    bar = one.subscription.bar if one.subscription.bar is not None else 0.0
    return [Closeness(float(z), of_stream, bar) for z in scale.closeness(lexical, cosine, floor=floor, weight=weight)]


if __name__ == "__main__":
    sys.exit(main())
