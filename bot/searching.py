"""The words after `search`: a QUERY or the name of a paper, and what narrows or orders the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from bot import words
from bot.asks import Command, Search
from bot.readers import Typed
from bot.wants import SEARCH_ONLY, read_query
from papers.errors import UsageError
from papers.query.parser import MAX_LENGTH
from papers.services.naming import is_no_query
from papers.wording.dates import day_text

OPTIONS: Final = tuple(SEARCH_ONLY)
"""They stand anywhere outside quotes; of two of a kind, the last one counts."""

SORTS: Final[dict[str, Literal["new", "top"]]] = {"new": "new", "top": "top"}


def search(typed: Typed) -> Command:
    """`[QUERY or ID] [since:30d] [before:2026-11-01] [has:code] [sort:new] [page:2]`; a page alone is of nothing."""
    asked: dict[bool, list[str]] = {False: [], True: []}
    for word in words.split(typed.rest):
        asked[word.casefold().startswith(OPTIONS)].append(word)
    query, options = " ".join(asked[False]), asked[True]
    found = Search("")
    for option in options:
        found = _narrowed(found, option, typed)
    if not query and found == Search("", page=found.page):
        raise typed.misused("search wants a QUERY, or something that narrows it")
    if found.since and found.since > typed.today:
        raise UsageError(
            f"{day_text(found.since)} {found.since.year} has not come yet",
            advice="since: is the first day that papers are of: since:30d, or a day of the past",
        )
    if found.since and found.before and found.since >= found.before:
        raise UsageError(
            f"no day is since {found.since} and before {found.before}",
            advice="since: is the first day, before: is later",
        )
    return replace(found, query=_query(query, options, typed))


def _query(query: str, options: list[str], typed: Typed) -> str:
    """What is looked for: nothing, what can only be a paper's name, or a QUERY that parses. Raises UsageError."""
    if not query or is_no_query(words.unbracket(query)):
        return words.unbracket(query)
    if len(query) > MAX_LENGTH:
        raise UsageError(
            f"a QUERY has at most {MAX_LENGTH} characters, this one has {len(query):,}",
            advice=f"for a text, {words.line('similar FREE TEXT')} finds the papers most like it",
        )
    return read_query(query, lambda near: typed.line(" ".join((near, *options))))


def _narrowed(search: Search, option: str, typed: Typed) -> Search:
    """The search with one option more. Raises UsageError."""
    name, _, value = option.partition(":")
    name = name.casefold()
    mend = typed.mender(option, f"{name}:")
    match name:
        case "since":
            return replace(search, since=words.back(name, value, typed.today, mend))
        case "before":
            return replace(search, before=words.back(name, value, typed.today, mend))
        case "has":
            if value.casefold() != "code":
                raise UsageError(f"has:{value} is not known", advice="write has:code", suggestion=mend("code"))
            return replace(search, code=True)
        case "sort":
            return replace(search, sort=SORTS[words.choice(value, tuple(SORTS), "an order of papers", mend)])
        case _:
            return replace(search, page=words.number(value, "a page", "pages count from page:1"))
