"""The words after `search`: a QUERY, and what narrows or orders its answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from bot import words
from bot.asks import Command, Search
from bot.readers import Typed
from bot.wants import read_query
from papers.errors import UsageError

OPTIONS: Final = ("since:", "before:", "has:", "sort:", "page:")
"""They stand anywhere outside quotes; of two of a kind, the last one counts."""

SORTS: Final[dict[str, Literal["new", "top"]]] = {"new": "new", "top": "top"}


def search(typed: Typed) -> Command:
    """`QUERY [since:30d] [before:2026-11-01] [has:code] [sort:new] [page:2]`."""
    asked: dict[bool, list[str]] = {False: [], True: []}
    for word in words.split(typed.rest):
        asked[word.casefold().startswith(OPTIONS)].append(word)
    query, options = " ".join(asked[False]), asked[True]
    if not query:
        raise typed.misused("search wants a QUERY")
    found = Search("")
    for option in options:
        found = _narrowed(found, option, typed)
    return replace(found, query=read_query(query, lambda near: typed.line(" ".join((near, *options)))))


def _narrowed(search: Search, option: str, typed: Typed) -> Search:
    """The search with one option more. Raises UsageError."""
    name, _, value = option.partition(":")
    mend = typed.mender(option, f"{name.casefold()}:")
    match name.casefold():
        case "since":
            return replace(search, since_days=words.since(value, mend))
        case "before":
            return replace(search, before=words.day(value, typed.today, mend))
        case "has":
            if value.casefold() != "code":
                raise UsageError(f"has:{value} is not known", advice="write has:code", suggestion=mend("code"))
            return replace(search, code=True)
        case "sort":
            return replace(search, sort=SORTS[words.choice(value, tuple(SORTS), "an order of papers", mend)])
        case _:
            return replace(search, page=words.number(value, "a page", "pages count from page:1"))
