"""The tree of a parsed QUERY: frozen values. What a leaf compares is settled here, once, at parsing.

Two leaves are equal when they ask the same thing, however they were typed: `text`, what was typed, is for display.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from papers.text import fold, stem

Field = Literal["text", "title", "abstract", "author", "org", "cat", "source"]
"""Where a leaf looks. "text", the field of unfielded words, is the title and the abstract."""

FIELDS: tuple[Field, ...] = get_args(Field)
STEMMED: frozenset[Field] = frozenset({"text", "title", "abstract"})


@dataclass(frozen=True, slots=True)
class Word:
    """One token somewhere in the field; for `cat`, a category or its archive."""

    field: Field
    term: str
    text: str = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two or more tokens in a row, within the title or within the abstract, within one author's name, and so on."""

    field: Field
    terms: tuple[str, ...]
    text: str = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """A token, unstemmed, that begins with `start`."""

    field: Field
    start: str
    text: str = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`operand` does not hold."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more operands hold; none of them is an `And`."""

    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of two or more operands holds; none of them is an `Or`."""

    operands: tuple[Expr, ...]


Leaf = Word | Phrase | Prefix
Expr = Leaf | Not | And | Or


def category_key(text: str) -> str:
    """A category as it is compared: case and spacing do not matter, dots and hyphens do."""
    return " ".join(text.casefold().split())


def _said(text: str) -> str:
    """`text` without the signs around it that are not looked for: a reason must not say that `C++` was found."""
    first = next((i for i, char in enumerate(text) if fold(char)), len(text))
    last = next((i for i, char in enumerate(reversed(text)) if fold(char)), 0)
    return text[first : len(text) - last]


def exact(field: Field, text: str) -> Word | Phrase | None:
    """The leaf that looks for `text` as a whole: a word, or a phrase if it has several tokens; None if it has none."""
    if field == "cat":
        key = category_key(text)
        return Word(field, key, text) if fold(key) else None
    tokens = fold(text)
    terms = stem(tokens) if field in STEMMED else tokens
    text = _said(text)
    if len(terms) > 1:
        return Phrase(field, tuple(terms), text)
    return Word(field, terms[0], text) if terms else None


def spelling(leaf: Leaf) -> str:
    """The leaf's text folded: equal for texts that differ only in case, accents, spacing and punctuation."""
    if isinstance(leaf, Prefix):
        return leaf.start
    return leaf.term if leaf.field == "cat" and isinstance(leaf, Word) else " ".join(fold(leaf.text))


def label(leaf: Leaf) -> str:
    """The leaf as people see it: what was typed, with its field if it has one, without quotes."""
    return leaf.text if leaf.field == "text" else f"{leaf.field}:{leaf.text}"


def joined(kind: type[And | Or], operands: list[Expr]) -> Expr:
    """`operands` under one node of `kind`, nested nodes of the same kind flattened; a single operand is itself."""
    flat: list[Expr] = []
    for operand in operands:
        if isinstance(operand, (And, Or)) and isinstance(operand, kind):
            flat.extend(operand.operands)
        else:
            flat.append(operand)
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def leaves(expr: Expr, *, positive: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """Each leaf in the order of typing, with whether it is wanted (True) or excluded."""
    match expr:
        case Not(operand):
            yield from leaves(operand, positive=not positive)
        case And(operands) | Or(operands):
            for operand in operands:
                yield from leaves(operand, positive=positive)
        case _:
            yield expr, positive
