"""Keyword matching against its peers, its floor and its meaning, in one run.

    python -m benchmarks.keywords [--subscriptions 10000] [--papers 100] [--growth]

The peers are in benchmarks/keyword_peers.py. The floor is folding and stemming titles and abstracts. The meaning is the
plain loop over `papers.query.matches`. Loops run on a sample of the subscriptions, and are extrapolated. Every count of
pairs must agree.
With --growth, the same from 1,000 to 1,000,000 subscriptions, each in a process of its own.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.corpus import Corpus
from benchmarks.keyword_peers import best, by_postgres, by_regexes, by_sqlite, by_substrings, by_tantivy
from papers.matching.keywords import KeywordIndex
from papers.query import Document, Expr, analyse, matches, parse
from papers.text import fold, stem

_SAMPLE = 300
_RUNS = 5
_SIZES = (1_000, 10_000, 100_000, 1_000_000)
_GOAL_TANTIVY = {10_000: 3.0, 100_000: 12.0}
_GOAL_FLOOR = {10_000: 10.0, 100_000: 10.0}
_GOAL_GROWTH = 2.5
"""Times the cost at 100,000 subscriptions that a million may cost."""

_WHOLE = "Paperboy, analysis and matching"
_ANALYSIS = "  analysis of papers"
_MATCHING = "  matching"
_FLOOR = "floor: fold and stem only"
_TANTIVY = "tantivy, one query a subscription"
_OURS = (_WHOLE, _ANALYSIS, _MATCHING, _FLOOR)


@dataclass(frozen=True)
class Measured:
    """One size's figures: seconds for all papers by engine, and whether all engines found the same pairs."""

    subscriptions: int
    papers: int
    seconds: dict[str, float]
    pairs: int
    built: float
    bytes_each: float
    agrees: bool

    def micros(self, engine: str) -> float:
        """Microseconds a paper."""
        return self.seconds[engine] / self.papers * 1e6


def main() -> int:
    """Print the table; 1 if a count disagrees or a goal is missed."""
    parser = argparse.ArgumentParser(description="Keyword matching against its peers, its floor and its meaning.")
    parser.add_argument("--subscriptions", type=int, default=10_000)
    parser.add_argument("--papers", type=int, default=100)
    parser.add_argument("--growth", action="store_true", help="from 1,000 to 1,000,000 subscriptions")
    options = parser.parse_args()
    if not options.growth:
        return report(measure(options.subscriptions, options.papers))
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        return report_growth([pool.submit(measure, size, options.papers).result() for size in _SIZES])


def measure(subscriptions: int, count: int) -> Measured:
    """Measure all engines on the same subscriptions and papers."""
    corpus = Corpus()
    papers = corpus.papers(count)
    exprs = _parsed(corpus.queries(subscriptions))
    index, built, size = _build(exprs)
    documents = [analyse(paper) for paper in papers]
    pairs = len(index.match(documents))
    analysis = _best(lambda: [analyse(paper) for paper in papers])
    matching = _best(lambda: index.match(documents))
    seconds = {_WHOLE: analysis + matching, _ANALYSIS: analysis, _MATCHING: matching}
    seconds[_FLOOR] = _best(lambda: [stem(fold(paper.title)) + stem(fold(paper.abstract)) for paper in papers])

    found = {}
    seconds[_TANTIVY], found["tantivy"] = by_tantivy(exprs, documents)
    seconds["SQLite FTS5, one query a subscription"], found["SQLite"] = by_sqlite(exprs, documents)
    if postgres := by_postgres(exprs, documents):
        seconds["PostgreSQL, stored queries joined"], found["PostgreSQL"] = postgres

    sample = exprs[:: max(1, len(exprs) // _SAMPLE)]
    meant, looped = _loop(sample, documents), set()
    times = len(exprs) / len(sample)
    for name, loop in (("substrings", by_substrings), ("regular expressions", by_regexes)):
        taken, matched = loop(sample, documents)
        seconds[f"loop over {name}, a sample"] = taken * times
        looped.add(matched)
    seconds["loop over our own meaning, a sample"] = best(lambda: _loop(sample, documents), 1) * times
    looped.add(len(KeywordIndex(enumerate(sample)).match(documents)))
    agrees = looped == {meant} and set(found.values()) == {pairs}
    return Measured(subscriptions, count, seconds, pairs, built, size / subscriptions, agrees)


def report(one: Measured) -> int:
    """Print, and judge."""
    console = Console()
    share = one.pairs / one.subscriptions / one.papers
    console.print(f"{one.subscriptions:,} subscriptions, {one.papers} papers, {share:.2%} of pairs match")
    console.print(_table({name: taken / one.papers for name, taken in one.seconds.items()}, one.micros(_WHOLE) / 1e6))
    if not any(name.startswith("PostgreSQL") for name in one.seconds):
        console.print("PostgreSQL is not installed, and was left out")
    console.print(f"built in {one.built:.2f} s, {one.bytes_each:.0f} B a subscription; {one.pairs:,} pairs")
    console.print(f"all engines found the same pairs: {'yes' if one.agrees else 'NO'}")
    whole = one.seconds[_WHOLE]
    tantivy, floor = one.seconds[_TANTIVY] / whole, whole / one.seconds[_FLOOR]
    met = [
        _judged(console, "tantivy / Paperboy", tantivy, least=_GOAL_TANTIVY.get(one.subscriptions)),
        _judged(console, "Paperboy / floor", floor, most=_GOAL_FLOOR.get(one.subscriptions)),
    ]
    return 0 if one.agrees and all(met) else 1


def report_growth(sizes: Sequence[Measured]) -> int:
    """Print a column a size, and judge the last one."""
    console = Console(width=100)
    table = Table("", title=f"{sizes[0].papers} papers, by subscriptions")
    for one in sizes:
        table.add_column(f"{one.subscriptions:,}", justify="right")
    for name in sizes[0].seconds:
        if name in _OURS:
            table.add_row(f"{name}, µs a paper", *(f"{one.micros(name):,.0f}" for one in sizes))
    table.add_section()
    for name in sizes[0].seconds:
        if name not in _OURS:
            table.add_row(f"{name}, times", *(f"{one.seconds[name] / one.seconds[_WHOLE]:,.1f}" for one in sizes))
    table.add_section()
    table.add_row("pairs that match", *(f"{one.pairs / one.subscriptions / one.papers:.2%}" for one in sizes))
    table.add_row("built, s", *(f"{one.built:.2f}" for one in sizes))
    table.add_row("bytes a subscription", *(f"{one.bytes_each:.0f}" for one in sizes))
    console.print(table)
    agrees = all(one.agrees for one in sizes)
    console.print(f"all engines found the same pairs: {'yes' if agrees else 'NO'}")
    grown = sizes[-1].micros(_WHOLE) / sizes[-2].micros(_WHOLE)
    met = _judged(console, f"{sizes[-1].subscriptions:,} / {sizes[-2].subscriptions:,}", grown, most=_GOAL_GROWTH)
    return 0 if agrees and met else 1


def _table(seconds: dict[str, float], unit: float) -> Table:
    """Seconds a paper by name, and how many times `unit` that is."""
    table = Table("", "µs a paper", "times Paperboy")
    for name, taken in seconds.items():
        table.add_row(name, f"{taken * 1e6:,.0f}", f"{taken / unit:,.2f}")
    for numbers in table.columns[1:]:
        numbers.justify = "right"
    return table


def _judged(
    console: Console, name: str, ratio: float, *, least: float | None = None, most: float | None = None
) -> bool:
    goal = f" (goal ≥ {least:g})" if least is not None else f" (goal ≤ {most:g})" if most is not None else ""
    console.print(f"{name} {ratio:.1f}{goal}")
    return (least is None or ratio >= least) and (most is None or ratio <= most)


def _parsed(queries: Sequence[str]) -> list[Expr]:
    known: dict[str, Expr] = {}
    return [known.get(query) or known.setdefault(query, parse(query)) for query in queries]


def _build(exprs: Sequence[Expr]) -> tuple[KeywordIndex[int], float, int]:
    """The index, the seconds it took, and by how many bytes the process grew."""
    gc.collect()
    before = psutil.Process().memory_info().rss
    began = time.perf_counter()
    index = KeywordIndex(enumerate(exprs))
    took = time.perf_counter() - began
    return index, took, psutil.Process().memory_info().rss - before


def _best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of several runs, after one that does not count."""
    work()
    return best(work, _RUNS)


def _loop(exprs: Sequence[Expr], documents: Sequence[Document]) -> int:
    return sum(matches(expr, document) for expr in exprs for document in documents)


if __name__ == "__main__":
    sys.exit(main())
