"""A QUERY as tantivy understands it: the same papers that `papers.query.matches` would pick one by one.

The index has no field "text": a word of it stands in the title or in the abstract. A prefix becomes the set of words
that begin so; nothing that a user typed is ever a regular expression.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import tantivy

from papers.query import And, Expr, Field, Leaf, Not, Or, Phrase, Prefix, Word
from papers.search.fields import DAY, spelt, tokens_of

Clause = tuple[tantivy.Occur, tantivy.Query]


class Asker:
    """Makes queries for one state of an index, whose words a prefix is spelt out with."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema = schema
        self._searcher = searcher

    def query(self, expr: Expr) -> tantivy.Query:
        """What `expr` asks for."""
        match expr:
            case Not():
                return self._all([expr])
            case And(operands):
                return self._all(operands)
            case Or(operands):
                return _any(map(self.query, operands))
            case _:
                return _any(self._leaf(expr, field) for field in _looked_at(expr.field))

    def _all(self, operands: Sequence[Expr]) -> tantivy.Query:
        clauses = [self._clause(operand) for operand in operands]
        if all(occur == tantivy.Occur.MustNot for occur, _ in clauses):  # which alone would match nothing
            clauses.append((tantivy.Occur.Must, tantivy.Query.all_query()))
        return tantivy.Query.boolean_query(clauses)

    def _clause(self, operand: Expr) -> Clause:
        if isinstance(operand, Not):
            return tantivy.Occur.MustNot, self.query(operand.operand)
        return tantivy.Occur.Must, self.query(operand)

    def _leaf(self, leaf: Leaf, field: Field) -> tantivy.Query:
        match leaf:
            case Word(_, term):
                return tantivy.Query.term_query(self._schema, field, spelt(term))
            case Phrase(_, terms):
                return tantivy.Query.phrase_query(self._schema, field, list(map(spelt, terms)))
            case Prefix(_, start):
                unstemmed = tokens_of(field)
                words = [word for word, _ in self._searcher.terms_with_prefix(unstemmed, spelt(start))]
                return tantivy.Query.term_set_query(self._schema, unstemmed, words)

    def any_word(self, terms: Iterable[str]) -> tantivy.Query:
        """At least one of these stems, in the title or in the abstract."""
        return _any(
            tantivy.Query.term_query(self._schema, field, spelt(term)) for term in terms for field in _looked_at("text")
        )

    def days(self, since: int, before: int) -> tantivy.Query:
        """Of these days, which are ordinals: `since` is the first, `before` is none of them."""
        return tantivy.Query.range_query(
            self._schema, DAY, tantivy.FieldType.Integer, since, before, include_upper=False
        )


def _looked_at(field: Field) -> tuple[Field, ...]:
    return ("title", "abstract") if field == "text" else (field,)


def _any(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])
