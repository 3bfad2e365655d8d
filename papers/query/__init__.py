"""The QUERY grammar: one for search and for subscriptions, on every platform.

From text to tree: `lexer`, `parser`; the tree itself: `tree`; back to text: `spelling`. A paper as QUERYs see it:
`document`; whether and why it matches: `meaning`. Errors for people: `caret`.
"""

from papers.query.caret import explain_error
from papers.query.document import Document, analyse
from papers.query.meaning import Explanation, excluded, explain, matches, positive_terms
from papers.query.parser import parse
from papers.query.spelling import canonical
from papers.query.tree import And, Expr, Field, Leaf, Not, Or, Phrase, Prefix, Word, label, leaves

__all__ = [
    "And",
    "Document",
    "Explanation",
    "Expr",
    "Field",
    "Leaf",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "Word",
    "analyse",
    "canonical",
    "excluded",
    "explain",
    "explain_error",
    "label",
    "leaves",
    "matches",
    "parse",
    "positive_terms",
]
