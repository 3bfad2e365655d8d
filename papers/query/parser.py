"""The QUERY grammar, by recursive descent:

    any      = all { "OR" all }
    all      = not { ["AND"] not }
    not      = ("-" | "NOT") not | operand
    operand  = "(" any ")" | field ":" (word | phrase | "(" any ")") | word | phrase

AND binds more tightly than OR. Keywords are keywords only in capitals. A word with punctuation inside is a phrase; a
word ending in `*` is a prefix. The caps keep recursion shallow and the cost of a stored query small.
"""  # noqa: D415 - the grammar is the summary

from __future__ import annotations

from papers.errors import QueryError
from papers.query.lexer import Fault, Token, tokens
from papers.query.tree import And, Expr, Field, Leaf, Not, Or, Prefix, category_key, exact, joined
from papers.text import fold

MAX_LENGTH = 500
MAX_TERMS = 32
MAX_DEPTH = 16
MIN_PREFIX = 2

_MAX_REPAIRS = 8
_OPERATORS = {
    "AND": 'AND stands between words: `diffusion AND protein`; in quotes it is a word, `"AND"`',
    "OR": 'OR stands between words: `mamba OR transformer`; in quotes it is a word, `"OR"`',
    "NOT": 'NOT stands before what papers must not have: `diffusion NOT survey`; in quotes it is a word, `"NOT"`',
    "-": "a - stands directly before what papers must not have: `diffusion -survey`",
}
"""Each with where it stands, for those who put it elsewhere."""
_OTHER_SPELLINGS = {"&&": "AND", "&": "AND", "||": "OR", "|": "OR", "!": "NOT"}


def parse(query: str, *, limit: int = MAX_LENGTH) -> Expr:
    """The meaning of `query`, at most `limit` characters long.

    Raises QueryError with the place of the first fault, and the nearest query that parses or, where there is none,
    what to change.
    """
    try:
        return _parse(query, limit)
    except Fault as fault:
        near = _suggestion(fault, limit)
        advice = "" if near else fault.advice
        raise QueryError(fault.message, query=query, position=fault.position, advice=advice, suggestion=near) from None


def _parse(query: str, limit: int) -> Expr:
    if len(query) > limit:
        raise Fault(f"a query has at most {limit} characters, this one has {len(query)}", limit)
    return _Parser(query).whole()


def _suggestion(fault: Fault, limit: int) -> str | None:
    """The query after mending fault upon fault until it parses; None if that does not come about."""
    for _ in range(_MAX_REPAIRS):
        if fault.mended is None or not fault.mended.strip():
            return None
        mended = " ".join(fault.mended.split())
        try:
            _parse(mended, limit)
        except Fault as another:
            fault = another
        else:
            return mended
    return None


class _Parser:
    """One pass over one query's tokens."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._tokens = list(tokens(query))
        self._next = 0
        self._terms = 0

    def whole(self) -> Expr:
        if len(self._tokens) == 1:
            raise Fault("the query is empty", 0)
        expr = self._any("text", 0)
        if self._peek().kind != "end":  # only a ")" stops `_any` early
            raise self._fault("this ) closes nothing", self._peek())
        return expr

    def _any(self, field: Field, depth: int) -> Expr:
        operands = [self._all(field, depth)]
        while self._peek().kind == "OR":
            self._take()
            operands.append(self._all(field, depth))
        return joined(Or, operands)

    def _all(self, field: Field, depth: int) -> Expr:
        operands = [self._not(field, depth)]
        while self._peek().kind not in {"OR", ")", "end"}:
            if self._peek().kind == "AND":
                self._take()
            operands.append(self._not(field, depth))
        return joined(And, operands)

    def _not(self, field: Field, depth: int) -> Expr:
        token = self._peek()
        if token.kind not in {"-", "NOT"}:
            return self._operand(field, depth)
        self._take()
        following = self._peek()
        if token.kind == "-" and following.start > token.end and following.kind != "end":
            lone = "a - stands directly before what it excludes"
            raise self._fault(lone, token, until=following.start, instead="-")
        return Not(self._not(field, self._deeper(depth, token)))

    def _operand(self, field: Field, depth: int) -> Expr:
        token = self._take()
        match token.kind:
            case "word" | "phrase":
                return self._leaf(field, token)
            case "(":
                return self._group(field, depth, token)
            case "field":
                return self._fielded(field, depth, token)
            case _:
                raise self._misplaced(token)

    def _group(self, field: Field, depth: int, opening: Token) -> Expr:
        if self._peek().kind == ")":
            raise self._fault("there is nothing in these parentheses", opening, until=self._peek().end)
        expr = self._any(field, self._deeper(depth, opening))
        if self._peek().kind != ")":
            raise Fault("this ( is never closed", opening.start, self._query + ")")
        self._take()
        return expr

    def _fielded(self, outer: Field, depth: int, name: Token) -> Expr:
        value = self._peek()
        if outer != "text":
            raise self._fault(f"{name.text}: cannot stand inside {outer}:( )", name)
        if value.kind == "-" and value.start == name.end:
            mended = f"{self._query[: name.start]}-{name.text}:{self._query[value.end :]}"
            raise Fault("the - stands before the field", value.start, mended)
        if value.kind not in {"word", "phrase", "("}:
            raise self._fault(f"{name.text}: needs a word directly after it", name)
        if value.start > name.end:
            mended = self._query[: name.end] + self._query[value.start :]
            raise Fault(f"{name.text}: needs a word directly after it", name.end, mended)
        field: Field = name.text  # type: ignore[assignment] # the lexer lets only fields through
        return self._operand(field, depth)

    def _leaf(self, field: Field, token: Token) -> Leaf:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise Fault(f"a query has at most {MAX_TERMS} words and phrases", token.start)
        if token.kind == "word" and "*" in token.text:
            return self._prefix(field, token)
        leaf = exact(field, token.text)
        if leaf is None:
            meant = _OTHER_SPELLINGS.get(token.text, "")
            advice = "emoji and punctuation are not looked for: write words, in any script"
            raise self._fault("there is nothing to look for in this", token, instead=meant, advice=advice)
        return leaf

    def _prefix(self, field: Field, token: Token) -> Leaf:
        stars = token.text.index("*")
        typed = token.text[:stars]
        starts = [category_key(typed)] if field == "cat" else fold(typed)
        if not any(map(fold, starts)):
            advice = "write the beginning of a word before it: `quanti*`"
            raise self._fault("a * ends a word", token, instead=token.text.replace("*", ""), advice=advice)
        if stars != len(token.text) - 1:
            raise self._fault("a * ends a word", token, at=token.start + stars, instead=typed + "*")
        if len(starts) > 1:
            raise self._fault("a prefix is one word without punctuation", token, instead=typed)
        if len(starts[0]) < MIN_PREFIX:
            raise self._fault(f"a prefix has at least {MIN_PREFIX} characters before its *", token, instead=typed)
        return Prefix(field, starts[0], token.text)

    def _misplaced(self, token: Token) -> Fault:
        """What to say of a token that stands where an operand should."""
        before = self._tokens[self._next - 2] if self._next > 1 else None
        if before is not None and before.kind in _OPERATORS:
            return self._fault(f"nothing follows {before.text}", before, advice=_OPERATORS[before.kind])
        if before is not None and token.kind == "end":
            return self._fault("this ( is never closed", before)
        if token.kind == ")":
            return self._fault("this ) closes nothing", token)
        return self._fault(f"nothing stands before {token.text}", token, advice=_OPERATORS.get(token.kind, ""))

    def _deeper(self, depth: int, token: Token) -> int:
        if depth == MAX_DEPTH:
            raise Fault(f"parentheses and negations go at most {MAX_DEPTH} deep", token.start)
        return depth + 1

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _fault(
        self,
        message: str,
        token: Token,
        *,
        at: int | None = None,
        until: int | None = None,
        instead: str = "",
        advice: str = "",
    ) -> Fault:
        """A fault at `token` (or `at`), mended by putting `instead` in its place (and up to `until`)."""
        rest = self._query[token.end if until is None else until :]
        mended = self._query[: token.start] + instead + rest
        return Fault(message, token.start if at is None else at, mended, advice)
