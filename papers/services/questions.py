"""Free questions: "how do people quantise KV caches?" asks for papers with quantise, KV and caches, not with "how".

Only what is nothing but plain words can be a question; whoever types an operator, a quote or a field means each word.
"""

from __future__ import annotations

from papers.query import And, Expr, Word
from papers.query.tree import joined
from papers.text import fold

_ASKING = "how what which who whom whose why when where does do did is are was were can could should"
_SAYING_NOTHING = """
    a an the of in on for to from with by at as into about over between and or if then than so
    be been being am will would may might must shall has have had having it its s this that these those there here
    i me my we us our you your they them their he she one someone anyone people researchers authors
    paper papers work works article articles any some all most many much more best good recent new latest
    tell show find give know use used using get make
"""

ASKING = frozenset(_ASKING.split())
"""Words that begin a question."""

SAYING_NOTHING = ASKING | frozenset(_SAYING_NOTHING.split())
"""Words of a question that say nothing of its subject."""

SHORTEST = 3
"""Words of a question that does not end with a question mark."""


def subject(expr: Expr, query: str) -> Expr:
    """What a question is about, in place of all its words; anything else as it is."""
    words = expr.operands if isinstance(expr, And) else (expr,)
    if not _is_question(query) or not all(isinstance(word, Word) and word.field == "text" for word in words):
        return expr
    telling = [word for word in words if isinstance(word, Word) and not SAYING_NOTHING.issuperset(fold(word.text))]
    return joined(And, [*telling]) if telling else expr


def _is_question(query: str) -> bool:
    words = fold(query)
    marked = query.rstrip().endswith(("?", "\N{FULLWIDTH QUESTION MARK}"))
    return marked or (len(words) >= SHORTEST and words[0] in ASKING)
