"""What is said above a search's hits: how many are of which kind, what was put right, and what would find more.

Each hint is counted, not guessed: the search is asked again without what may have been too much.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from papers.query import And, Expr, Not, Phrase, Prefix, Word, label, leaves
from papers.query.tree import joined
from papers.services.library import Asked, Found, Reader, Ruler
from papers.services.respelling import Respelt

TRIED: Final = 8
"""Parts of a QUERY that are left out in turn."""


def told(found: Found, hint: str) -> str:
    """How many papers of which kind; where there are none with the words, the hint."""
    if found.exact:
        return f"{found.exact:,} with the words, {found.near:,} close in meaning" if found.near else ""
    if found.near:
        return "; ".join(filter(None, ("no paper has all of these words; these are close in meaning", hint)))
    return f"nothing found: {hint or 'try another word for it'}"


def put_right(respelt: Respelt) -> str:
    """Which words were not looked for as they were typed, and how they would be."""
    lacking = ", ".join(f"“{typed}”" for typed in respelt.words)
    instead = ", ".join(f"“{near}”" for near in respelt.words.values())
    quoted = " ".join(f'"{typed}"' for typed in respelt.words)
    return f"no paper has {lacking}; shown for {instead}; {quoted} in quotes is looked for as it is"


def more(reader: Reader, asked: Asked, ruler: Ruler) -> str:
    """What would find papers where a search found none with the words: "12 without since:2026-10-01"; "" if nothing."""
    wider = [f"{count:,} without {name}" for name, count in _counted(reader, _wider(asked), ruler)]
    if wider:
        return ", ".join(wider)
    fewer = max(_counted(reader, _fewer(asked), ruler), key=lambda pair: pair[1], default=None)
    if fewer:
        return f"{fewer[1]:,} without {fewer[0]}"
    return "" if reader.search(Asked(None, None, None), ruler).exact else "no paper was polled yet"


def _counted(reader: Reader, ways: Iterator[tuple[str, Asked]], ruler: Ruler) -> list[tuple[str, int]]:
    """What each way of asking is called, and how many papers fulfil it; those that any does."""
    counts = [(name, reader.search(replace(asked, topic=None, sort=None), ruler).exact) for name, asked in ways]
    return [(name, count) for name, count in counts if count]


def _wider(asked: Asked) -> Iterator[tuple[str, Asked]]:
    """The same without one of what narrows it; without all, if there are several."""
    if asked.since:
        yield f"since:{asked.since}", replace(asked, since=None)
    if asked.before:
        yield f"before:{asked.before}", replace(asked, before=None)
    if asked.code:
        yield "has:code", replace(asked, code=False)
    if sum(map(bool, (asked.since, asked.before, asked.code))) > 1:
        yield "all of these", replace(asked, since=None, before=None, code=False)


def _fewer(asked: Asked) -> Iterator[tuple[str, Asked]]:
    """The same without one of the parts that all have to hold, if something is wanted still."""
    parts = asked.expr.operands if isinstance(asked.expr, And) else ()
    for place, part in enumerate(parts[:TRIED]):
        rest = joined(And, [*parts[:place], *parts[place + 1 :]])
        if (name := _name(part)) and any(wanted for _, wanted in leaves(rest)):
            yield name, replace(asked, expr=rest)


def _name(part: Expr) -> str:
    """A part of a QUERY as it was typed; "" for one that is not a word, a phrase or what excludes one."""
    match part:
        case Word() | Phrase() | Prefix():
            return f"“{label(part)}”"
        case Not(Word() | Phrase() | Prefix() as excluded):
            return f"“-{label(excluded)}”"
        case _:
            return ""
