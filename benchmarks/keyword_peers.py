"""What else could hold stored QUERYs against papers: each engine asked at its best, and what it says must agree.

Every peer gets text that is folded and stemmed already, and its queries ready in its own language, both for free. What
is timed is that it takes in a batch of papers and answers every query on it, in memory and on one processor.

- tantivy and SQLite's FTS5: an index of the batch, asked one query after the other.
- PostgreSQL: stored tsquery joined with the batch through a GIN index on the batch. Without that index the same join
  takes over a hundred times as long.
- loops over substrings and over regular expressions, as one would begin.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing

import tantivy

from benchmarks.postgres import is_installed, private_postgres
from papers.query import And, Document, Expr, Field, Leaf, Not, Or, Phrase, Prefix, Word

TERMS: tuple[Field, ...] = ("text", "title", "author", "cat")
"""Fields whose terms the benchmark's QUERYs look at; prefixes look at the tokens of the first."""

COLUMNS = (*TERMS, "tokens")

BARRIER = "|"
"""Stands between two runs, so that no phrase goes on from one into the next."""

Texts = Mapping[str, str]
"""A document's columns, each a text that splits at spaces into our terms."""


def best(work: Callable[[], object], runs: int = 2) -> float:
    """Seconds of the fastest of `runs`."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def _texts(document: Document) -> Texts:
    runs: dict[str, Sequence[Sequence[str]]] = {name: document.terms[name] for name in TERMS}
    runs["tokens"] = document.tokens["text"]
    return {name: f" {BARRIER} {BARRIER} ".join(map(" ".join, own)) for name, own in runs.items()}


def by_tantivy(exprs: Sequence[Expr], documents: Sequence[Document]) -> tuple[float, int]:
    """Seconds to index the batch and ask every query, and the pairs found."""
    builder = tantivy.SchemaBuilder()
    for column in COLUMNS:
        builder.add_text_field(column, tokenizer_name="whitespace", index_option="position")
    schema = builder.build()
    queries = [_tantivy_query(schema, expr) for expr in exprs]
    rows = [_texts(document) for document in documents]
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

    return best(work), found


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


def by_sqlite(exprs: Sequence[Expr], documents: Sequence[Document]) -> tuple[float, int]:
    """Seconds to index the batch and ask every query, and the pairs found."""
    queries = [(_fts5_query(expr),) for expr in exprs]
    rows = [tuple(_texts(document)[column] for column in COLUMNS) for document in documents]
    found = 0

    def work() -> None:
        nonlocal found
        with closing(sqlite3.connect(":memory:")) as base:
            base.execute(
                f"CREATE VIRTUAL TABLE batch USING fts5({', '.join(COLUMNS)}, content='',"
                f" tokenize=\"unicode61 remove_diacritics 0 tokenchars '.{BARRIER}'\")"
            )
            marks = ", ".join("?" * len(COLUMNS))
            base.executemany(f"INSERT INTO batch({', '.join(COLUMNS)}) VALUES ({marks})", rows)  # noqa: S608 - ours
            ask = "SELECT rowid FROM batch WHERE batch MATCH ?"
            found = sum(len(base.execute(ask, query).fetchall()) for query in queries)

    return best(work), found


def _fts5_query(expr: Expr) -> str:
    """https://www.sqlite.org/fts5.html#full_text_query_syntax; its NOT takes away from something."""
    match expr:
        case Word(field, term):
            return f'{field} : "{term}"'
        case Phrase(field, terms):
            return f'{field} : "{" ".join(terms)}"'
        case Prefix(_, start):
            return f'tokens : "{start}" *'
        case Or(operands):
            return f"({' OR '.join(map(_fts5_query, operands))})"
        case And(operands):
            wanted = [_fts5_query(one) for one in operands if not isinstance(one, Not)]
            unwanted = [f" NOT ({_fts5_query(one.operand)})" for one in operands if isinstance(one, Not)]
            return f"(({' AND '.join(wanted)}){''.join(unwanted)})"
        case Not():
            raise ValueError("FTS5 has no NOT by itself, and the corpus no such QUERY")


def by_postgres(exprs: Sequence[Expr], documents: Sequence[Document]) -> tuple[float, int] | None:
    """Seconds to index the batch and join it with every query, and the pairs found; None if it is not installed."""
    if not is_installed():
        return None
    with private_postgres() as server:
        server.run("CREATE TABLE batch (said tsvector); CREATE TABLE standing (asked tsquery);")
        server.copy("standing", [_tsquery(expr) for expr in exprs])
        server.copy("batch", [_tsvector(document) for document in documents])
        server.run("ANALYZE standing;")
        taken, found = [], 0
        for _ in range(2):
            said = server.run(
                "SET enable_seqscan = off;\n\\timing on\n"  # of the batch: it underrates what @@ costs
                "CREATE INDEX by_word ON batch USING gin (said); ANALYZE batch;"
                "SELECT count(*) FROM standing, batch WHERE said @@ asked; DROP INDEX by_word;"
            ).split("\n")
            taken.append(sum(float(line.split()[1]) for line in said if line.startswith("Time:")) / 1000)
            found = next(int(line) for line in said if line.isdecimal())
    return min(taken), found


def _lexeme(field: str, term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{field}.{escaped}'"


def _tsvector(document: Document) -> str:
    words, place = [_lexeme("tokens", token) for run in document.tokens["text"] for token in run], 0
    for field in TERMS:
        for run in document.terms[field]:
            place += 1  # so that no phrase goes on from one run into the next
            for term in run:
                place += 1
                words.append(f"{_lexeme(field, term)}:{place}")
    return " ".join(words)


def _tsquery(expr: Expr) -> str:
    match expr:
        case Word(field, term):
            return _lexeme(field, term)
        case Phrase(field, terms):
            return f"({' <-> '.join(_lexeme(field, term) for term in terms)})"
        case Prefix(_, start):
            return f"{_lexeme('tokens', start)}:*"
        case Or(operands):
            return f"({' | '.join(map(_tsquery, operands))})"
        case And(operands):
            return f"({' & '.join(map(_tsquery, operands))})"
        case Not(operand):
            return f"!{_tsquery(operand)}"


Asker = Callable[[Texts], bool]


def by_substrings(exprs: Sequence[Expr], documents: Sequence[Document]) -> tuple[float, int]:
    """Seconds to look for every word in every text, and the pairs found."""
    return _looped([_asker(expr, _substring) for expr in exprs], documents)


def by_regexes(exprs: Sequence[Expr], documents: Sequence[Document]) -> tuple[float, int]:
    """The same with compiled regular expressions."""
    return _looped([_asker(expr, _regex) for expr in exprs], documents)


def _looped(askers: Sequence[Asker], documents: Sequence[Document]) -> tuple[float, int]:
    rows = [{name: f" {text} " for name, text in _texts(document).items()} for document in documents]
    found = 0

    def work() -> None:
        nonlocal found
        found = sum(asker(row) for row in rows for asker in askers)

    return best(work), found


def _asker(expr: Expr, leaf: Callable[[Leaf], Asker]) -> Asker:
    match expr:
        case Not(operand):
            inner = _asker(operand, leaf)
            return lambda texts: not inner(texts)
        case And(operands):
            every = [_asker(operand, leaf) for operand in operands]
            return lambda texts: all(asker(texts) for asker in every)
        case Or(operands):
            some = [_asker(operand, leaf) for operand in operands]
            return lambda texts: any(asker(texts) for asker in some)
        case _:
            return leaf(expr)


def _needle(leaf: Leaf) -> tuple[str, str]:
    """The column, and the words as they stand in it."""
    match leaf:
        case Word(field, term):
            return field, f" {term} "
        case Phrase(field, terms):
            return field, f" {' '.join(terms)} "
        case Prefix(_, start):
            return "tokens", f" {start}"


def _substring(leaf: Leaf) -> Asker:
    column, needle = _needle(leaf)
    return lambda texts: needle in texts[column]


def _regex(leaf: Leaf) -> Asker:
    column, needle = _needle(leaf)
    end = r"\b" if needle.endswith(" ") else ""
    pattern = re.compile(rf"\b{re.escape(needle.strip())}{end}")
    return lambda texts: pattern.search(texts[column]) is not None
