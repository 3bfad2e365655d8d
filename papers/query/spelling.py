"""Trees back into QUERYs: one normal spelling for all that ask the same thing in the same way.

Not a normal form of logic: `a (b OR c)` and `a b OR a c` stay two queries.
"""

from __future__ import annotations

from papers.query.tree import And, Expr, Field, Leaf, Not, Or, Phrase, Prefix, joined, spelling


def canonical(expr: Expr) -> str:
    """The normal spelling of `expr`; it parses to a tree of equal meaning.

    Equal for queries that differ only in case, accents, spacing, the order of AND's and OR's operands, or
    duplicates. It may be longer than what a person may type (each leaf spells its own field, a word that is a phrase
    gets quotes): parse it with `limit=len(...)`.
    """
    return _spell(_normal(expr))


def _normal(expr: Expr) -> Expr:
    """`expr` with operands sorted by their spelling, each once, and no negation of a negation."""
    match expr:
        case Not(operand):
            negated = _normal(operand)
            return negated.operand if isinstance(negated, Not) else Not(negated)
        case And(operands) | Or(operands):
            flat = joined(type(expr), [_normal(operand) for operand in operands])
            if not isinstance(flat, type(expr)):
                return flat
            distinct = {_spell(operand): operand for operand in flat.operands}
            return joined(type(expr), [distinct[spelt] for spelt in sorted(distinct)])
        case _:
            return expr


def _spell(expr: Expr) -> str:
    match expr:
        case Not(operand):
            return f"-{_within(operand)}"
        case And(operands):
            return " ".join(_within(operand) if isinstance(operand, Or) else _spell(operand) for operand in operands)
        case Or(operands):
            return " OR ".join(map(_spell, operands))
        case _:
            return _spell_leaf(expr)


def _within(expr: Expr) -> str:
    return f"({_spell(expr)})" if isinstance(expr, (And, Or)) else _spell(expr)


def _spell_leaf(leaf: Leaf) -> str:
    spelt = spelling(leaf)
    if isinstance(leaf, Prefix):
        spelt += "*"
    elif isinstance(leaf, Phrase) or not _is_plain(leaf.field, spelt):
        spelt = f'"{spelt}"'
    return spelt if leaf.field == "text" else f"{leaf.field}:{spelt}"


def _is_plain(field: Field, word: str) -> bool:
    """Whether `word` can stand without quotes. Letters and digits can; categories have dots and hyphens inside."""
    if field == "cat":
        return word[0].isalnum() and word.replace(".", "").replace("-", "").isalnum()
    return word.isalnum()
