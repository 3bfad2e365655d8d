"""What of a language model's answer may stand in a card: one or two plain sentences about the paper, or nothing. Pure.

The model read a stranger's abstract, which may have told it what to say. So its answer is taken for hostile: sentences
that hold an address, a mention or a tag are left out whole, and an answer that is long, bare of words or about
something else is not used at all. Escaping what is left is the renderers' affair, as with any text of a paper. Nothing
here uses `re`; everything is linear in the text.

It cannot tell whether a sentence is true: cards say that it was generated.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from papers.model import Paper
from papers.text import clean, fold, sentences, stem

LIMIT: Final = 240
"""Characters that are shown: as many as of any summary (`papers.summary`)."""

LONGEST: Final = 4_000
"""Characters of an answer that is looked at: one sentence was asked for."""

_THOUGHT: Final = "</think>"
"""Ends what some models reason aloud before they answer."""

_MARKUP: Final = ("**", "__", "~~", "`")
_LEADING: Final = "#>-•* \t\"“'"
_TRAILING: Final = "\"”'"
_LABELS: Final = frozenset({"summary", "tldr", "in summary", "here is the summary", "here is a summary"})
_REFUSALS: Final = ("i cannot", "i can t", "i m sorry", "i am sorry", "sorry", "as an ai", "i am unable")
_LETTERS: Final = 15
"""What has fewer letters is no sentence about a paper."""

_IN_COMMON: Final = 1 / 3
"""The part of an answer's telling stems that the paper has too: a summary in other words shares about half."""

_TELLING: Final = 4
"""Letters of a stem that tells something, in English: shorter ones are articles, prepositions and pronouns."""

_BREAKING: Final = "([{<\"'“‘«,;|"  # noqa: RUF001 - what may stand before a mention
_JOINERS: Final = str.maketrans(dict.fromkeys("\u200c\u200d"))
_TOP_LEVEL: Final = range(2, 25)
"""Letters of a domain's last part."""


def presentable(answer: str, paper: Paper) -> str | None:
    """The answer as at most `LIMIT` characters on one line, or None if nothing of it is of use."""
    said = answer.rpartition(_THOUGHT)[2]
    if len(said) > LONGEST:
        return None
    for mark in _MARKUP:
        said = said.replace(mark, "")
    told = sentences(_unlabelled(clean(said).lstrip(_LEADING)).rstrip(_TRAILING))
    shown = _fitting([one for one in told if not _is_hostile(one)])
    return shown if _is_about(shown, paper) else None


def _unlabelled(said: str) -> str:
    label, colon, rest = said.partition(":")
    spelt = " ".join(fold(label.replace(";", "")))
    return rest.strip() if colon and spelt.replace("tl dr", "tldr") in _LABELS else said


def _fitting(told: list[str]) -> str:
    """The first sentence, and the second if both fit; "" if not even the first does."""
    shown = " ".join(told[:2])
    if len(shown) > LIMIT:
        shown = told[0]
    return shown if len(shown) <= LIMIT else ""


def _is_hostile(sentence: str) -> bool:
    plain = unicodedata.normalize("NFKC", sentence.translate(_JOINERS))
    return "](" in plain or any(_is_tag(word) or _is_address(word) or _is_mention(word) for word in plain.split())


def _is_tag(word: str) -> bool:
    """`<b>`, `</list:1>`, `<!channel>`; not `<5%`, `p<0.05`, `a<b`."""
    _, opened, inside = word.partition("<")
    return bool(opened) and (">" in inside or inside[:1] in {"!", "@", "#", "/", ":"})


def _is_address(word: str) -> bool:
    """Whether a word is one, or would be made a link somewhere: `https:…`, `evil.example/x`, `fast.ai`."""
    if "://" in word or word.lower().startswith(("www.", "mailto:", "javascript:", "data:")):
        return True
    host = word.strip("()[]{}\"'“”‘’,;:!?").partition("/")[0].partition(":")[0].strip(".")  # noqa: RUF001 - meant
    *names, top = host.split(".")
    return bool(names) and all(names) and top.isalpha() and top.islower() and len(top) in _TOP_LEVEL


def _is_mention(word: str) -> bool:
    """`@everyone`, `a@evil.example`; not `recall@10`."""
    before, at, after = word.partition("@")
    return bool(at) and (not before or before[-1] in _BREAKING or not after[:1].isdigit())


def _is_about(shown: str, paper: Paper) -> bool:
    tokens = fold(shown)
    if sum(char.isalpha() for char in shown) < _LETTERS or " ".join(tokens).startswith(_REFUSALS):
        return False
    stems = {one for one in stem(tokens) if len(one) >= _TELLING or not one.isascii()}
    known = stems.intersection(stem(fold(f"{paper.title} {paper.abstract}")))
    return len(known) >= _IN_COMMON * len(stems)
