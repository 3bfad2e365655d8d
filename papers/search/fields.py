"""A paper's words as tantivy keeps them: the terms and tokens of `papers.query.Document`, field by field.

They are folded and stemmed already, so the index only splits at spaces; categories, which may have spaces, are whole.
A phrase never runs from one author's name, or one source's, into the next: each is a value of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import tantivy

from papers.query import Document, Field
from papers.query.tree import STEMMED

ROW = "row"
DAY = "day"

LONGEST = 16_000
"""Characters of a word that count. No QUERY is as long, and tantivy drops words of more than 65,530 bytes."""

_SPLIT = "split"
_NAMES: tuple[Field, ...] = ("author", "org", "source")


def schema() -> tantivy.Schema:
    """The index's fields."""
    builder = tantivy.SchemaBuilder()
    for field in ("title", "abstract", *_NAMES):
        builder.add_text_field(field, tokenizer_name=_SPLIT, index_option="position")
    for field in ("title", "abstract"):
        builder.add_text_field(tokens_of(field), tokenizer_name=_SPLIT, index_option="basic")
    builder.add_text_field("cat", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(ROW, indexed=True, fast=True)
    builder.add_integer_field(DAY, fast=True)
    return builder.build()


def teach(index: tantivy.Index) -> None:
    """Tell an index, each time it is opened, how to split."""
    index.register_tokenizer(_SPLIT, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def tokens_of(field: Field) -> str:
    """The index's field with a field's unstemmed words."""
    return f"{field}_tokens" if field in STEMMED else field


def spelt(word: str) -> str:
    """A word as it stands in the index: not longer than what counts, and something that UTF-8 can say."""
    word = word[:LONGEST]
    return word if word.isascii() else word.encode("utf-8", "backslashreplace").decode()


def _text(run: Sequence[str]) -> str:
    """Words, each as `spelt` has it, with spaces between them; hardly any has to be looked at by itself."""
    text = " ".join(run)
    plain = text.isascii() and max(map(len, run), default=0) <= LONGEST
    return text if plain else " ".join(map(spelt, run))


def written(row: int, day: int, document: Document) -> tantivy.Document:
    """A paper's words, as the index takes them; `day` is an ordinal."""
    paper = tantivy.Document()
    paper.add_unsigned(ROW, row)
    paper.add_integer(DAY, day)
    for field in ("title", "abstract"):
        for run in document.terms[field]:
            paper.add_text(field, _text(run))
        for run in document.tokens[field]:
            paper.add_text(tokens_of(field), _text(run))
    for name in _NAMES:
        for run in document.terms[name]:
            paper.add_text(name, _text(run))
    for run in document.terms["cat"]:
        for key in run:
            paper.add_text("cat", spelt(key))
    return paper
