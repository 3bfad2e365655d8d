"""What a QUERY means: whether a paper matches, and why or why not.

`matches` is the reference. The keyword index and the archive's search are faster ways to the same answer, and are
tested against it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from papers.query.document import Document, Runs
from papers.query.tree import STEMMED, And, Expr, Leaf, Not, Or, Phrase, Prefix, Word, label, leaves


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a paper matches or does not, in leaves as typed, each once.

    Attributes:
        matched: what `matches` says.
        hit: wanted leaves that the paper has. Of an OR that holds, only those of the branches that hold.
        missed: wanted leaves that it lacks, and that a match would need: none for an OR that holds without them.
        blocked: excluded leaves that it has, and that keep it from matching.
    """

    matched: bool
    hit: tuple[str, ...]
    missed: tuple[str, ...]
    blocked: tuple[str, ...]


def matches(expr: Expr, document: Document) -> bool:
    """Whether `document` is what `expr` asks for."""
    match expr:
        case Not(operand):
            return not matches(operand, document)
        case And(operands):
            return all(matches(operand, document) for operand in operands)
        case Or(operands):
            return any(matches(operand, document) for operand in operands)
        case Word(where, term):
            return any(term in run for run in document.terms[where])
        case Phrase(where, terms):
            return _has_phrase(document.terms[where], terms)
        case Prefix(where, start):
            return any(token.startswith(start) for run in document.tokens[where] for token in run)


def _has_phrase(runs: Runs, terms: tuple[str, ...]) -> bool:
    return any(
        run[i] == terms[0] and tuple(run[i : i + len(terms)]) == terms
        for run in runs
        for i in range(len(run) - len(terms) + 1)
    )


def explain(expr: Expr, document: Document) -> Explanation:
    """`matches`, with the leaves that decided it."""
    verdict = _Verdict(document)
    verdict.judge(expr, wanted=True)
    return Explanation(matches(expr, document), tuple(verdict.hit), tuple(verdict.missed), tuple(verdict.blocked))


@dataclass(slots=True)
class _Verdict:
    """The leaves that decided, as the keys of dicts: in order of typing, each once."""

    document: Document
    hit: dict[str, None] = field(default_factory=dict)
    missed: dict[str, None] = field(default_factory=dict)
    blocked: dict[str, None] = field(default_factory=dict)

    def judge(self, expr: Expr, *, wanted: bool) -> None:
        """Collect the leaves that make `expr` hold (if `wanted`) or not hold, or that keep it from doing so."""
        match expr:
            case Not(operand):
                self.judge(operand, wanted=not wanted)
            case And(operands) | Or(operands):
                # By De Morgan an excluded AND is an OR of exclusions: one branch is enough.
                one_is_enough = isinstance(expr, Or) == wanted
                settled = one_is_enough and matches(expr, self.document) == wanted
                for operand in operands:
                    if not settled or matches(operand, self.document) == wanted:
                        self.judge(operand, wanted=wanted)
            case _:
                self._note(expr, wanted=wanted)

    def _note(self, leaf: Leaf, *, wanted: bool) -> None:
        present = matches(leaf, self.document)
        if present:
            (self.hit if wanted else self.blocked)[label(leaf)] = None
        elif wanted:
            self.missed[label(leaf)] = None


def excluded(expr: Expr) -> tuple[str, ...]:
    """The leaves that `expr` excludes, as typed, each once: what "matches diffusion, -survey" shows after the minus."""
    return tuple(dict.fromkeys(label(leaf) for leaf, positive in leaves(expr) if not positive))


def positive_terms(expr: Expr) -> list[str]:
    """Stems of the wanted words and phrases of title and abstract, each once: what a search is ranked by."""
    terms: dict[str, None] = {}
    for leaf, positive in leaves(expr):
        if positive and leaf.field in STEMMED and not isinstance(leaf, Prefix):
            terms.update(dict.fromkeys([leaf.term] if isinstance(leaf, Word) else leaf.terms))
    return list(terms)
