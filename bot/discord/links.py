"""What a message says, and which papers it may speak of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, Final

import discord

from bot.discord import acts
from papers.text import clean

MAX_TEXT: Final = 1_500
"""Characters of a message that are compared by meaning: a title and an abstract are plenty."""

MAX_NAMED: Final = 10

_AROUND: Final = ".,;:!?()[]{}<>|\"'*_~`"


def words_in(message: discord.Message, data: Any) -> str:
    """The message's text, on one line, its first 1,500 characters; `data` as below."""
    embeds = (part for embed in message.embeds for part in (embed.title, embed.description) if part)
    return clean(" ".join([message.content, *embeds, *_texts(_components(message, data))]))[:MAX_TEXT]


def named_in(message: discord.Message, data: Any) -> list[str]:
    """The first ten papers that the message may speak of, each once: ids on our own buttons, else addresses.

    `data` is the interaction's: it has the message as Discord sent it, with all of its components.
    """
    components = _components(message, data)
    embeds = (part for embed in message.embeds for part in (embed.url, embed.description) if part)
    texts = chain((message.content,), embeds, _texts(components))
    return list(islice(dict.fromkeys(chain(_ids(components), *map(_addresses, texts))), MAX_NAMED))


def _components(message: discord.Message, data: Any) -> Any:
    raw = ((data or {}).get("resolved") or {}).get("messages", {}).get(str(message.id), {})
    return raw.get("components") or []


def _ids(part: Any) -> Iterator[str]:
    """Papers that one can vote for, or ask more about."""
    for custom_id in _all(part, "custom_id"):
        verb, argument = acts.verb(custom_id), custom_id.partition(":")[2]
        if verb == acts.UP:
            yield argument
        elif verb == acts.SAY and argument.startswith(("similar ", "why ")):
            yield argument.partition(" ")[2]


def _texts(part: Any) -> Iterator[str]:
    """What components say."""
    return _all(part, "content")


def _all(part: Any, key: str) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _all(one, key)
    elif isinstance(part, dict):
        if isinstance(part.get(key), str):
            yield part[key]
        yield from _all(part.get("components"), key)


def _addresses(text: str) -> Iterator[str]:
    """Addresses, bare, in `<…>` or in `[a paper](…)`."""
    for word in text.replace("](", " ").split():
        at = word.find("http")
        if "://" in word and at >= 0:
            yield word[at:].strip(_AROUND)
