r"""Discord's markdown, read as its clients read it: what a text shows, and what of it is obeyed.

    read("**a** <@1> \*b\*")  ->  strong a, text " ", person <@1>, text " *b*"

The rules are those of simple-markdown (https://github.com/ariabuckles/simple-markdown), which Discord's clients are
built upon, with Discord's own added; each is tried where the one before it ended, in this order. Of two ways to read a
sign, the one that obeys is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Piece:
    """`kind` names the rule; `text` is what is shown; `target` where a link leads; `inner` what stands within it."""

    kind: str
    text: str
    target: str = ""
    inner: tuple[Piece, ...] = ()


_LABEL: Final = r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]"
_TARGET: Final = r"\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['\"]([\s\S]*?)['\"])?\s*\)"

_BLOCKS: Final = {
    "quote": r"[ \t]*>(?:>>)?[ \t]",
    "heading": r"[ \t]*#{1,3}[ \t]+",
    "small": r"[ \t]*-#[ \t]+",
    "list": r"[ \t]*(?:[*+-]|[0-9]+\.)[ \t]",
}
"""What a line may begin with."""

_RULES: Final = {
    "escaped": r"\\([^0-9A-Za-z\s])",
    "block": r"```(?:[a-z0-9_+\-.#]+?\n)?\n*([^\n][\s\S]*?)\n*```",
    "code": r"(`+)([\s\S]*?[^`])\1(?!`)",
    "link": _LABEL + _TARGET,
    "bracketed": r"<(?:https?://|mailto:|tel:|sms:|discord://)[^\s>]+>",
    "url": r"(?:https?|steam|discord)://[^\s<]+",
    "person": r"<@!?[0-9]+>|@everyone|@here",
    "role": r"<@&[0-9]+>",
    "channel": r"<#[0-9]+>",
    "command": r"</[^:<>\n]+:[0-9]+>",
    "guide": r"<id:[a-z]+>",
    "time": r"<t:-?[0-9]+(?::[tTdDfFRsS])?>",
    "picture": r"<a?:\w+:[0-9]+>",
    "emoji": r":[^\s:]+?(?:::skin-tone-[0-9])?:",
    "strong": r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)",
    "underline": r"__((?:\\[\s\S]|[^\\])+?)__(?!_)",
    "em": r"_((?:__|\\[\s\S]|[^\\_])+?)_(?![0-9A-Za-z_])"
    r"|\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)",
    "strike": r"~~([\s\S]+?)~~(?!_)",
    "spoiler": r"\|\|([\s\S]+?)\|\|",
}
_COMPILED: Final = {kind: re.compile(pattern) for kind, pattern in _RULES.items()}
_BEGINNING: Final = {kind: re.compile(pattern) for kind, pattern in _BLOCKS.items()}
_NESTING: Final = {"link", "strong", "underline", "em", "strike", "spoiler"}


def read(source: str, *, begins: bool = True) -> list[Piece]:
    """The pieces of a text. `begins`: whether it stands at a line's beginning."""
    pieces: list[Piece] = []
    plain, place = "", 0
    while place < len(source):
        is_beginning = begins if place == 0 else source[place - 1] == "\n"
        found = next(_at(source, place, is_beginning=is_beginning), None)
        if found is None or found[0] == "escaped":
            plain += source[place] if found is None else found[1][1]
            place = place + 1 if found is None else found[1].end()
            continue
        kind, match = found
        pieces += [Piece("text", plain)] if plain else []
        plain, place = "", match.end()
        pieces.append(_piece(kind, match))
    return [*pieces, Piece("text", plain)] if plain else pieces


def _at(source: str, place: int, *, is_beginning: bool) -> Iterator[tuple[str, re.Match[str]]]:
    for kind, pattern in (_BEGINNING | _COMPILED if is_beginning else _COMPILED).items():
        if match := pattern.match(source, place):
            yield kind, match


def _piece(kind: str, match: re.Match[str]) -> Piece:
    if kind in _BLOCKS:
        return Piece(kind, "")
    said = next((group for group in match.groups() if group is not None), match[0])
    if kind not in _NESTING:
        return Piece(kind, match[2] if kind == "code" else said)
    target = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", match[2]) if kind == "link" else ""
    inner = tuple(read(said, begins=False))
    return Piece(kind, "".join(one.text for one in inner), target, inner)


def every(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces, and those within them."""
    for one in pieces:
        yield one
        yield from every(one.inner)


def shown(source: str) -> str:
    """What a reader sees of a text."""
    return "".join(one.text for one in read(source))


def obeyed(source: str) -> set[str]:
    """The kinds of what is obeyed in a text."""
    return {one.kind for one in every(read(source))} - {"text"}
