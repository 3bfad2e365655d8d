"""What a message says and links to. Pure: Slack's JSON in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final

from bot.slack.mrkdwn import unescape
from papers.text import clean

MAX_TEXT: Final = 1_500
"""Characters of a message that are compared by meaning: a title and an abstract are plenty."""

MAX_LINKS: Final = 10


def words_in(message: Mapping[str, Any]) -> str:
    """The message's text, on one line, its first 1,500 characters."""
    return clean(unescape(str(message.get("text") or "")))[:MAX_TEXT]


def links_in(message: Mapping[str, Any]) -> list[str]:
    """The first ten addresses that the message links to, each once, those of its text first."""
    found = chain(
        _addresses(str(message.get("text") or "")), _urls([message.get("blocks"), message.get("attachments")])
    )
    return list(islice(dict.fromkeys(found), MAX_LINKS))


def _addresses(mrkdwn: str) -> Iterator[str]:
    return (word for word in unescape(mrkdwn).split() if "://" in word)


def _urls(part: object) -> Iterator[str]:
    """Every address in blocks and attachments: links of rich text, buttons, and within mrkdwn."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key in {"url", "from_url", "title_link", "original_url"} and isinstance(value, str):
                yield value
            elif key == "text" and isinstance(value, str):
                yield from _addresses(value)
            else:
                yield from _urls(value)
    elif isinstance(part, list):
        for one in part:
            yield from _urls(one)
