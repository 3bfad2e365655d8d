"""From the characters of a QUERY to its tokens. Says nothing of grammar; fails only on what no grammar could mend.

Typographic quotes, dashes and full-width punctuation, which phones and East Asian keyboards put in place of the
plain signs, are read as the plain signs. Each is one character for one, so positions stay true.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from papers.query.tree import FIELDS

Kind = Literal["(", ")", "-", "AND", "OR", "NOT", "field", "word", "phrase", "end"]

_PLAIN = str.maketrans("“”„‟＂«»「」（）：＊－", '"' * 9 + "():*-")  # noqa: RUF001 - these are meant
_DASHES = "-–—−"  # noqa: RUF001 - as above
_STOPS = '()"'
_KEYWORDS: dict[str, Kind] = {"AND": "AND", "OR": "OR", "NOT": "NOT"}
_NAMES = {name: name for name in FIELDS if name != "text"}
# What people bring from elsewhere, https://info.arxiv.org/help/api/user-manual.html#query_details among it.
_NICKNAMES = _NAMES | {
    "ti": "title",
    "abs": "abstract",
    "au": "author",
    "by": "author",
    "category": "cat",
    "tag": "cat",
    "organization": "org",
    "organisation": "org",
    "lab": "org",
    "from": "source",
}


class Fault(Exception):  # noqa: N818 - becomes a QueryError, with a suggestion, at the parser's door
    """What is wrong, where, the whole query mended at that place (None if there is no telling), and what to change."""

    def __init__(self, message: str, position: int, mended: str | None = None, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.mended = mended
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is a word, a phrase's inside or a field's name; `start` and `end` are its place in the query."""

    kind: Kind
    text: str
    start: int
    end: int


def tokens(query: str) -> Iterator[Token]:
    """The tokens of `query`, an "end" last; raises Fault for an unclosed quote or an unknown field."""
    plain = query.translate(_PLAIN)
    token = Token("word", "", 0, 0)
    while token.kind != "end":
        place = token.end
        while place < len(plain) and plain[place].isspace():
            place += 1
        token = _token(plain, place, is_value=token.kind == "field" and token.end == place)
        yield token


def _token(plain: str, start: int, *, is_value: bool) -> Token:
    if start == len(plain):
        return Token("end", "", start, start)
    char = plain[start]
    if char == "(":
        return Token("(", char, start, start + 1)
    if char == ")":
        return Token(")", char, start, start + 1)
    if char == '"':
        return _phrase(plain, start)
    if char in _DASHES:
        return Token("-", "-", start, start + 1)
    return _word(plain, start, is_value=is_value)


def _phrase(plain: str, start: int) -> Token:
    end = plain.find('"', start + 1)
    if end < 0:
        mended = plain + '"' if plain[start + 1 :].strip() else plain[:start]
        raise Fault("this quote is never closed", start, mended)
    return Token("phrase", plain[start + 1 : end], start, end + 1)


def _word(plain: str, start: int, *, is_value: bool) -> Token:
    end = start
    while end < len(plain) and not plain[end].isspace() and plain[end] not in _STOPS:
        end += 1
    word = plain[start:end]
    if is_value:  # a value may hold colons, and AND is a word there
        return Token("word", word, start, end)
    if word in _KEYWORDS:
        return Token(_KEYWORDS[word], word, start, end)
    name, colon, _ = word.partition(":")
    if not colon or not name:  # `:smile:` is a word
        return Token("word", word, start, end)
    if name.lower() not in _NAMES:
        raise Fault(f"there is no field {name}:", start, _mend_field(plain, start, end, name))
    return Token("field", name.lower(), start, start + len(name) + 1)


def _mend_field(plain: str, start: int, end: int, name: str) -> str:
    near = _NICKNAMES.get(name.lower())
    if near is None:
        close = difflib.get_close_matches(name.lower(), _NAMES, n=1)
        near = close[0] if close else None
    if near is None:
        return f'{plain[:start]}"{plain[start:end]}"{plain[end:]}'
    return plain[:start] + near + plain[start + len(name) :]
