"""Free questions: "how do people quantise KV caches?" asks for papers with quantise, KV and caches, not with "how".

Only what is nothing but plain words can be a question; whoever types an operator, a quote or a field means each word.
What has no other words than a question's own is looked for as it is, and told to say nothing of a subject.
"""

from __future__ import annotations

from papers.query import And, Expr, Prefix, Word, leaves
from papers.query.tree import STEMMED, joined
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

NO_SUBJECT = "that says nothing of a subject: add a word that does"
"""What is said of a QUERY, and of a text, that has no other words: it is answered all the same, as it may be a name."""

SHORTEST = 3
"""Words of a question that does not end with a question mark."""


def subject(expr: Expr, query: str) -> Expr:
    """What a question is about, in place of all its words; anything else as it is."""
    words = expr.operands if isinstance(expr, And) else (expr,)
    if not _is_question(query) or not all(isinstance(word, Word) and word.field == "text" for word in words):
        return expr
    telling = [word for word in words if isinstance(word, Word) and not SAYING_NOTHING.issuperset(fold(word.text))]
    return joined(And, [*telling]) if telling else expr


def has_no_subject(expr: Expr) -> bool:
    """Whether all that a QUERY wants are such words; never of one that only excludes, or wants an author."""
    wanted = [leaf for leaf, positive in leaves(expr) if positive]
    return bool(wanted) and all(
        leaf.field in STEMMED and not isinstance(leaf, Prefix) and tells_no_subject(leaf.text) for leaf in wanted
    )


def tells_no_subject(text: str) -> bool:
    """Whether a text, of at least one word, has only such words."""
    return SAYING_NOTHING.issuperset(fold(text))


def _is_question(query: str) -> bool:
    words = fold(query)
    marked = query.rstrip().endswith(("?", "\N{FULLWIDTH QUESTION MARK}"))
    return marked or (len(words) >= SHORTEST and words[0] in ASKING)
