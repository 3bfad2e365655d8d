"""What a message says, and which papers it may speak of. Pure: Slack's JSON in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final

from bot.slack import acts
from bot.slack.mrkdwn import unescape
from papers.text import clean

MAX_TEXT: Final = 1_500
"""Characters of a message that are compared by meaning: a title and an abstract are plenty."""

MAX_NAMED: Final = 10

_PUNCTUATION: Final = ".,;:!?)]}\"'*_~`"


def words_in(message: Mapping[str, Any]) -> str:
    """The message's text, on one line, its first 1,500 characters."""
    return clean(unescape(str(message.get("text") or "")))[:MAX_TEXT]


def named_in(message: Mapping[str, Any]) -> list[str]:
    """The first ten papers that the message may speak of, each once: ids below its cards, else addresses.

    Paperboy's own posts have the ids on their buttons: what they link to may be no address that names a paper.
    """
    addresses = chain(
        _addresses(str(message.get("text") or "")), _urls([message.get("blocks"), message.get("attachments")])
    )
    return list(islice(dict.fromkeys(chain(_ids(message.get("blocks") or ()), addresses)), MAX_NAMED))


def _ids(blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for block in blocks:
        for element in block.get("elements") or ():
            verb, value = acts.verb(str(element.get("action_id") or "")), str(element.get("value") or "")
            if verb == acts.UP:
                yield value
            elif verb == acts.SAY and value.startswith(("similar ", "why ")):
                yield value.partition(" ")[2]


def _addresses(mrkdwn: str) -> Iterator[str]:
    """Addresses as Slack writes them, `<https://…|…>`, else words that look like one."""
    bare: list[str] = []
    for part in mrkdwn.split("<"):
        inside, closed, after = part.partition(">")
        if closed and "://" in inside:
            yield unescape(inside.partition("|")[0])
        bare.append(after if closed else part)
    yield from (word.rstrip(_PUNCTUATION) for word in " ".join(bare).split() if "://" in word)


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
