"""Words out of text: folding, stemming, cleaning, sentences, shortening.

One analysis serves subscriptions, search and summaries, so that a word means the same in all of them. There are no
stop words (a phrase needs every word) and no language detection (other languages than English are folded, and pass
through a stemmer that seldom touches them). Nothing here uses `re`, and all of it is linear in the text: papers and
queries are strangers' input.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable, Iterator

import Stemmer

_MAX_CODE_POINTS = 1 << 14
_MAX_STEMS = 1 << 17
_MAX_STEMMED_LENGTH = 64

# Scripts written without spaces: each character is a token of its own, so a word becomes a phrase. Dictionaries
# that would find the words (https://www.unicode.org/reports/tr29/#Word_Boundaries) are not carried.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1100, 0x11FF),  # Hangul jamo that form no syllable
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # iteration and closing marks, zero
    (0x3041, 0x31FF),  # kana, bopomofo
    (0x3400, 0x9FFF),  # Han
    (0xAC00, 0xD7FF),  # Hangul syllables
    (0xF900, 0xFAFF),  # Han, compatibility
    (0x20000, 0x3FFFF),  # Han, extensions
)
_VOICING = "\u3099\u309a"  # part of a kana (か + U+3099 is が), not an accent on it
_FIRST_MARK = "\u0300"
_JOINED = frozenset(map(chr, (*range(0x1160, 0x1200), 0xFF9E, 0xFF9F)))  # Hangul's later jamo, halfwidth voicing
_ZERO_WIDTH_SPACE = "\u200b"
_JOINERS = "\u200c\u200d"  # Persian and emoji need them


class _Marks(dict[int, str | None]):
    """A `str.translate` table that deletes accents: nonspacing marks, but for kana's voicing marks."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        kept = None if unicodedata.category(char) == "Mn" and char not in _VOICING else char
        if len(self) < _MAX_CODE_POINTS:
            self[code] = kept
        return kept


class _Folding(dict[int, str]):
    """A `str.translate` table from a code point to its folded letters, or to a space where a token ends."""

    def __missing__(self, code: int) -> str:
        folded = _fold_char(chr(code))
        if len(self) < _MAX_CODE_POINTS:
            self[code] = folded
        return folded


class _Stems(dict[str, str]):
    """Stems by word. Looked up without a lock; only the stemmer itself, which is not thread-safe, has one."""

    def __init__(self) -> None:
        super().__init__()
        self._stemmer = Stemmer.Stemmer("english")
        self._lock = threading.Lock()

    def __missing__(self, word: str) -> str:
        if len(word) > _MAX_STEMMED_LENGTH:
            return word
        with self._lock:
            stemmed: str = self._stemmer.stemWord(word)
            if len(self) >= _MAX_STEMS:
                self.clear()
            self[word] = stemmed
        return stemmed


def _fold_char(char: str) -> str:
    if _is_unspaced(char):
        return f" {char} "
    base = "".join(c for c in unicodedata.normalize("NFKD", char) if unicodedata.category(c) != "Mn")
    decomposed = unicodedata.normalize("NFKD", base.casefold())
    return "".join(map(_fold_part, decomposed))


def _fold_part(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] in "LN" or category == "Mc":  # Mc: the vowel signs that Indic words are spelt with
        return char
    invisible = category == "Mn" or (category == "Cf" and char != _ZERO_WIDTH_SPACE)
    return "" if invisible else " "


def _is_unspaced(char: str) -> bool:
    code = ord(char)
    if code < _UNSPACED[0][0] or unicodedata.category(char)[0] not in "LN":
        return False
    return any(first <= code <= last for first, last in _UNSPACED)


_MARKS = _Marks()
_FOLDING = _Folding()
_STEMS = _Stems()


def fold(text: str) -> list[str]:
    """The tokens of `text`: compatibility forms resolved, case folded, accents dropped, in order.

    A token is a run of letters and digits; a character of a script without spaces is one by itself. Invisible
    format characters (soft hyphens, joiners) do not split. Folding a token gives that token again.
    """
    return _folded(text, composes=_composes(text)).split()


def _composes(text: str) -> bool:
    return not text.isascii() and not unicodedata.is_normalized("NFKC", text)


def _folded(text: str, *, composes: bool) -> str:
    """The tokens of `text` with spaces between them."""
    if composes:  # accents go first: normalising sorts a run of them by insertion, which a hostile text makes quadratic
        text = unicodedata.normalize("NFKC", text.translate(_MARKS))
    return text.translate(_FOLDING)


def spans(text: str) -> list[tuple[str, int, int]]:
    """The tokens of `text` as `fold` makes them, each with where it begins in `text`, and where it has ended.

    No span begins or ends between a character and its combining marks; tokens of one character (¼) share its place.
    """
    found: list[tuple[str, int, int]] = []
    token, begin, end, composes = "", 0, 0, _composes(text)
    for first, last in _clusters(text):
        for char in _folded(text[first:last], composes=composes):
            if char != " ":
                begin = begin if token else first
                token, end = token + char, last
            elif token:
                found.append((token, begin, end))
                token = ""
    return [*found, (token, begin, end)] if token else found


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Where each character begins and ends, with the marks and the parts of a syllable that follow it."""
    begin = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _continues(text[place]):
            yield begin, place
            begin = place


def _continues(char: str) -> bool:
    return char >= _FIRST_MARK and (char in _JOINED or unicodedata.category(char)[0] == "M")


def stem(tokens: Iterable[str]) -> list[str]:
    """English Snowball stems of folded tokens, one for one; tokens of over 64 characters stay as they are.

    The algorithm is Porter's second, https://snowballstem.org/algorithms/english/stemmer.html. Thread-safe.
    """
    return list(map(_STEMS.__getitem__, tokens))


def clean(text: str) -> str:
    """`text` on one line: no control, bidirectional or otherwise invisible characters, each run of white space one
    space, none at the ends. Lone surrogates, which no encoding takes, are dropped too.
    """  # noqa: D205 - one sentence
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(c for c in text if _is_shown(c)).split())


def _is_shown(char: str) -> bool:
    return char.isspace() or char in _JOINERS or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}


_ABBREVIATIONS = frozenset(
    {"al", "approx", "cf", "dr", "e.g", "eg", "eq", "eqs", "etc", "fig", "figs", "i.e", "ie", "no", "prof", "resp"}
    | {"ref", "refs", "sec", "st", "tab", "vs", "w.r.t", "a.k.a"}
)
_ENDS = ".!?"
_WIDE_ENDS = "。！？"  # noqa: RUF001 - these are meant
_OPENERS = "\"'([{“‘«"  # noqa: RUF001 - as above
_CLOSERS = "\"')]}”’»"  # noqa: RUF001 - as above
_LAST = frozenset(_ENDS + _WIDE_ENDS + _CLOSERS)


def shorten(text: str, limit: int) -> str:
    """`text` in at most `limit` (≥ 1) characters; what is cut off ends in an ellipsis, between words if it can."""
    if len(text) <= limit:
        return text
    whole_words = text[:limit].rpartition(" ")[0].rstrip()
    return f"{whole_words or text[: limit - 1]}…"


def sentences(text: str) -> list[str]:
    """`text` split after full stops, exclamation and question marks; white space collapsed, nothing else lost.

    A stop ends a sentence unless it belongs to a common abbreviation or an initial, or a lower-case word follows.
    """
    for end in _WIDE_ENDS:
        text = text.replace(end, end + " ")
    words = text.split()
    found: list[str] = []
    start = 0
    for i, word in enumerate(words, 1):
        if i == len(words) or (word[-1] in _LAST and _ends_sentence(word, words[i])):
            found.append(" ".join(words[start:i]))
            start = i
    return found


def _ends_sentence(word: str, following: str) -> bool:
    closed = word.rstrip(_CLOSERS)
    if closed.endswith(tuple(_WIDE_ENDS)):
        return True
    if not closed.endswith(tuple(_ENDS)) or following.lstrip(_OPENERS)[:1].islower():
        return False
    bare = closed.rstrip(_ENDS).lstrip(_OPENERS)
    is_initial = len(bare) == 1 and bare.isupper() and closed.endswith(".")
    return not is_initial and bare.casefold() not in _ABBREVIATIONS
