"""The words after `subscribe`, as a `Want`.

    QUERY                               diffusion -survey
    [QUERY] about: FREE TEXT [~3/day]   about: efficient LLM inference ~3/day
    trending [top:5]                    trending top:3
    URL [either of the first two]       https://lab.org/feed.xml title:agents

`papers.wording.subscriptions.label` is the inverse. Whether a feed can be fetched, and whether the channel has room
for one more subscription, is not decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from bot.bare import completed
from bot.volumes import ending_volume, looks_like_volume, volume
from bot.words import Mend, quote, split, unbracket, whole
from papers.errors import QueryError, UsageError
from papers.model import Want
from papers.query import excluded
from papers.query import parse as parse_query

MAX_TOPIC: Final = 2_000
MAX_URL: Final = 2_048
MAX_TOP: Final = 50
DEFAULT_TOP: Final = 5

PROSE: Final = 32
"""Words beyond which text that is no QUERY may have been meant as a topic: no QUERY has as many."""

SEARCH_ONLY: Final = {
    "since:": "narrows a search",
    "before:": "narrows a search",
    "has:": "narrows a search",
    "sort:": "orders a search",
    "page:": "turns the pages of a search",
}
"""What goes with `search` and with nothing else, and what it does there."""

_ABOUT: Final = "about:"
_TOP: Final = "top:"


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was typed, apart. `topic` is None without `about:`; `volumes` are the words like `~3/day`, in order."""

    feed: str | None
    query: str
    topic: str | None
    volumes: tuple[str, ...]

    @property
    def text(self) -> str:
        """The parts as one would type them."""
        topic = None if self.topic is None else f"{_ABOUT} {self.topic}"
        return " ".join(part for part in (self.feed, self.query, topic, *self.volumes) if part)


def read_want(text: str, mend: Mend) -> Want:
    """The want that tidied, non-empty `text` asks for. Raises UsageError; `mend` makes a line of a better text."""
    words = split(text)
    if words[0].casefold() == "trending" and all(word.casefold().startswith(_TOP) for word in words[1:2]):
        return Want(trending=_top(words[1:], mend))
    parts = _apart(words, mend)
    _check(parts, mend)
    query = volumes = None
    if parts.query:
        query = _query(parts, mend)
    if parts.volumes:
        volumes = volume(parts.volumes[0], lambda right: mend(replace(parts, volumes=(right,)).text))
    return Want(query=query, topic=parts.topic, per_day=volumes, feed=parts.feed)


def _query(parts: _Parts, mend: Mend) -> str:
    """The QUERY; for prose that is none, the error suggests a topic."""
    try:
        return read_query(parts.query, lambda near: mend(replace(parts, query=near).text))
    except QueryError as error:
        if error.suggestion is None and parts.topic is None and len(parts.query.split()) > PROSE:
            error.suggestion = mend(replace(parts, query="", topic=parts.query).text)
        raise


def spelt(query: str) -> str:
    """A QUERY as `subscribe` takes it for one: in quotes, where it would be read as something else (`trending`)."""
    meant = None
    try:
        meant = read_want(query, str) if query.strip() else Want(query=query)
    except QueryError:
        return query
    except UsageError:  # it looks like an address
        pass
    return query if meant == Want(query=query) or '"' in query else f'"{query}"'


def read_query(text: str, mend: Mend) -> str:
    """`text`, a QUERY that parses. Raises QueryError, whose suggestion is the whole line that `mend` makes."""
    try:
        parse_query(text)
    except QueryError as error:
        near = None if error.suggestion is None else mend(error.suggestion)
        raise QueryError(
            str(error), query=error.query, position=error.position, advice=error.advice, suggestion=near
        ) from error
    return text


def _top(options: Sequence[str], mend: Mend) -> int:
    """How many of the day's most upvoted: of no words, or of the one word `top:N`."""
    if not options:
        return DEFAULT_TOP
    top = whole(options[0][len(_TOP) :])
    if len(options) > 1:
        raise UsageError(
            "trending takes top: and nothing else",
            advice="a second subscription can hold a QUERY",
            suggestion=mend(f"trending {options[0]}"),
        )
    if not top or top > MAX_TOP:
        raise UsageError(
            f"{quote(options[0])} is not a number of papers",
            advice=f"choose from top:1 to top:{MAX_TOP}",
            suggestion=mend(f"trending {_TOP}{MAX_TOP if top else DEFAULT_TOP}"),
        )
    return top


def _apart(words: Sequence[str], mend: Mend) -> _Parts:
    feed = _feed(words[0], lambda right: mend(" ".join([right, *words[1:]])))
    rest = words if feed is None else words[1:]
    about = next((i for i, word in enumerate(rest) if word.casefold().startswith(_ABOUT)), len(rest))
    query = rest[:about]
    topic = " ".join(rest[about:])[len(_ABOUT) :].split()  # quotes do not bind in free text
    query, of_query = _volumes(query)
    topic, of_topic = _volumes(topic)
    return _Parts(
        feed=feed,
        query=" ".join(query),
        topic=" ".join(topic) if about < len(rest) else None,
        volumes=(*of_query, *of_topic),
    )


def _volumes(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words without their volumes, and these."""
    rest, last = ending_volume(words)
    kept = [word for word in rest if not looks_like_volume(word)]
    return kept, [*(word for word in rest if looks_like_volume(word)), *([last] if last else [])]


def _feed(word: str, mend: Mend) -> str | None:
    """The address that `word` is, or None if it is none. Which addresses are safe to fetch is the source's affair."""
    url = unbracket(word)
    scheme, separator, rest = url.partition("://")
    if not separator or not scheme.isalpha():
        _refuse_bare(url, mend)
        return None
    if scheme.casefold() not in {"http", "https"}:
        raise UsageError(
            f"feeds are fetched by http or https, not by {quote(scheme)}",
            advice="give the feed's web address",
            suggestion=mend(f"https://{rest}"),
        )
    if len(url) > MAX_URL or not _has_host(url):
        raise UsageError(
            f"{quote(url)} is not a web address",
            advice=f"give a whole address of at most {MAX_URL:,} characters: https://rss.arxiv.org/rss/cs.LG",
        )
    return url


def _refuse_bare(word: str, mend: Mend) -> None:
    """As a QUERY an address would never match, and nobody would learn why."""
    if (whole_address := completed(word)) is not None:
        raise UsageError(
            f"{quote(word)} looks like a web address without its https://",
            advice="a feed's address begins with https://; what is meant as a word stands in quotes",
            suggestion=mend(whole_address),
        )


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:  # brackets that hold no IPv6 address
        return False


def _check(parts: _Parts, mend: Mend) -> None:
    """What the parts must be to each other."""
    _check_words(parts, mend)
    if len(parts.volumes) > 1:
        raise UsageError(
            "a subscription has one volume",
            advice=f"leave one of {', '.join(map(quote, parts.volumes[:3]))}",
            suggestion=mend(replace(parts, volumes=parts.volumes[-1:]).text),
        )
    if parts.topic is None and parts.volumes:
        volume_of_topic = replace(parts, query="", topic=parts.query) if parts.query else replace(parts, volumes=())
        raise UsageError(
            f"{quote(parts.volumes[0])} goes with about: only",
            advice="the bar of a topic can move; a QUERY either holds or does not",
            suggestion=None if _excludes(parts.query) else mend(volume_of_topic.text),
        )
    if parts.topic is not None and not any(map(str.isalnum, parts.topic)):
        raise UsageError(
            "about: wants a few words that say what papers to look for",
            advice="for example about: efficient LLM inference",
            suggestion=mend(replace(parts, topic=None, volumes=()).text),
        )
    if parts.topic is not None and len(parts.topic) > MAX_TOPIC:
        raise UsageError(
            f"the text after about: has {len(parts.topic):,} characters, {MAX_TOPIC:,} are read",
            advice="keep the sentences that say most: a title and an abstract are plenty",
        )


def _excludes(query: str) -> bool:
    """Whether a QUERY has exclusions, which free text would lose."""
    try:
        return bool(query and excluded(parse_query(query)))
    except QueryError:
        return False


def _check_words(parts: _Parts, mend: Mend) -> None:
    """That none is of a search: it would be taken for an unknown field, and quoted, where it can hardly match."""
    words = split(parts.query)
    options = [word for word in words if _bare(word).startswith(tuple(SEARCH_ONLY))]
    if not options:
        return
    name = _bare(options[0]).partition(":")[0] + ":"
    left = replace(parts, query=" ".join(word for word in words if word not in options)).text
    is_apart = any(option.endswith(":") for option in options)  # `has: code`: what belongs to it stands elsewhere
    raise UsageError(
        f"{name} {SEARCH_ONLY[name]}; a subscription does not take it",
        advice="leave it out, or search with it",
        suggestion=mend(left) if left and not is_apart else None,
    )


def _bare(word: str) -> str:
    return word.casefold().lstrip("-(")
