"""Keyword matching against its peer, its floor and its meaning, in one run.

    python -m benchmarks.keywords [--subscriptions 10000] [--papers 100]

The peer is tantivy, asked one query a subscription over an index of the batch in memory: its queries are built and its
text is stemmed beforehand, for free. The floor is folding and stemming titles and abstracts. The meaning is the plain
loop over `papers.query.matches`, on a sample; every count of pairs must agree with it.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Sequence

import psutil
import tantivy
from rich.console import Console
from rich.table import Table

from benchmarks.corpus import Corpus
from papers.matching.keywords import KeywordIndex
from papers.query import And, Document, Expr, Field, Not, Or, Phrase, Prefix, Word, analyse, matches, parse
from papers.text import fold, stem

_SAMPLE = 300
_RUNS = 5
_GOAL_TANTIVY = {10_000: 3.0, 100_000: 12.0}
_GOAL_FLOOR = {10_000: 10.0, 100_000: 10.0}


def main() -> int:
    """Print the table; 1 if a count disagrees or a goal is missed."""
    parser = argparse.ArgumentParser(description="Keyword matching against its peer, its floor and its meaning.")
    parser.add_argument("--subscriptions", type=int, default=10_000)
    parser.add_argument("--papers", type=int, default=100)
    options = parser.parse_args()
    return run(options.subscriptions, options.papers)


def run(subscriptions: int, count: int) -> int:
    """Measure all engines on the same subscriptions and papers."""
    corpus = Corpus()
    papers = corpus.papers(count)
    exprs = _parsed(corpus.queries(subscriptions))
    index, built, size = _build(exprs)
    documents = [analyse(paper) for paper in papers]
    pairs = len(index.match(documents))

    floor = _best(lambda: [stem(fold(paper.title)) + stem(fold(paper.abstract)) for paper in papers])
    analysis = _best(lambda: [analyse(paper) for paper in papers])
    matching = _best(lambda: index.match(documents))
    whole = analysis + matching
    peer, peer_pairs = _tantivy(exprs, documents)
    sample = exprs[:: max(1, len(exprs) // _SAMPLE)]
    loop = _best(lambda: _loop(sample, documents), runs=1) * len(exprs) / len(sample)
    agrees = len(KeywordIndex(enumerate(sample)).match(documents)) == _loop(sample, documents) and pairs == peer_pairs

    seconds = {
        "Paperboy, analysis and matching": whole,
        "  analysis of papers": analysis,
        "  matching": matching,
        "floor: fold and stem only": floor,
        "tantivy, one query a subscription": peer,
        "plain loop (extrapolated)": loop,
    }
    console = Console()
    console.print(
        f"{subscriptions:,} subscriptions, {count} papers, {pairs / subscriptions / count:.2%} of pairs match"
    )
    console.print(_table({name: taken / count for name, taken in seconds.items()}, whole / count))
    console.print(f"built in {built:.2f} s, {size / subscriptions:.0f} B a subscription; {pairs:,} pairs")
    console.print(f"pairs agree with the plain loop and with tantivy: {'yes' if agrees else 'NO'}")
    met = [
        _judged(console, "tantivy / Paperboy", peer / whole, least=_GOAL_TANTIVY.get(subscriptions)),
        _judged(console, "Paperboy / floor", whole / floor, most=_GOAL_FLOOR.get(subscriptions)),
    ]
    return 0 if agrees and all(met) else 1


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


def _best(work: Callable[[], object], runs: int = _RUNS) -> float:
    """Seconds of the fastest of `runs`, after one that does not count if there are several."""
    if runs > 1:
        work()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def _loop(exprs: Sequence[Expr], documents: Sequence[Document]) -> int:
    return sum(matches(expr, document) for expr in exprs for document in documents)


def _tantivy(exprs: Sequence[Expr], documents: Sequence[Document]) -> tuple[float, int]:
    """Seconds to index the batch and ask every query, and the pairs found."""
    builder = tantivy.SchemaBuilder()
    for field in ("text", "tokens", "title", "author", "cat"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="position")
    schema = builder.build()
    queries = [_tantivy_query(schema, expr) for expr in exprs]
    rows = [_tantivy_fields(document) for document in documents]
    found = 0

    def work() -> None:
        nonlocal found
        index = tantivy.Index(schema)
        index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        writer = index.writer(15_000_000, 1)
        for row in rows:
            writer.add_document(tantivy.Document(**row))
        writer.commit()
        index.reload()
        searcher = index.searcher()
        found = sum(len(searcher.search(query, len(rows), count=False).hits) for query in queries)

    return _best(work), found


def _tantivy_fields(document: Document) -> dict[str, list[str]]:
    """A document's fields as text that splits at spaces into our terms; no phrase runs on over the bar."""
    fields: dict[str, Sequence[Sequence[str]]] = {"tokens": document.tokens["text"]}
    names: tuple[Field, ...] = ("text", "title", "author", "cat")
    fields |= {name: document.terms[name] for name in names}
    return {name: [" | | ".join(" ".join(run) for run in runs)] for name, runs in fields.items()}


def _tantivy_query(schema: tantivy.Schema, expr: Expr) -> tantivy.Query:
    match expr:
        case Word(field, term):
            return tantivy.Query.term_query(schema, field, term)
        case Phrase(field, terms):
            return tantivy.Query.phrase_query(schema, field, list(terms))
        case Prefix(_, start):
            return tantivy.Query.regex_query(schema, "tokens", start + ".*")
        case Or(operands):
            return tantivy.Query.boolean_query([_clause(schema, operand, tantivy.Occur.Should) for operand in operands])
        case And(operands):
            return tantivy.Query.boolean_query([_clause(schema, operand, tantivy.Occur.Must) for operand in operands])
        case Not():
            everything = (tantivy.Occur.Must, tantivy.Query.all_query())
            return tantivy.Query.boolean_query([everything, _clause(schema, expr, tantivy.Occur.Must)])


def _clause(schema: tantivy.Schema, expr: Expr, occur: tantivy.Occur) -> tuple[tantivy.Occur, tantivy.Query]:
    if isinstance(expr, Not) and occur == tantivy.Occur.Must:
        return tantivy.Occur.MustNot, _tantivy_query(schema, expr.operand)
    return occur, _tantivy_query(schema, expr)


if __name__ == "__main__":
    sys.exit(main())
