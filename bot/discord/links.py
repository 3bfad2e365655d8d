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


def words_in(message: discord.Message) -> str:
    """The message's text, on one line, its first 1,500 characters."""
    said = [message.content, *(part for embed in message.embeds for part in (embed.title, embed.description) if part)]
    return clean(" ".join(said))[:MAX_TEXT]


def named_in(message: discord.Message, data: Any) -> list[str]:
    """The first ten papers that the message may speak of, each once: ids on our own buttons, else addresses.

    `data` is the interaction's: it has the message as Discord sent it, with components that discord.py may not know.
    """
    raw = ((data or {}).get("resolved") or {}).get("messages", {}).get(str(message.id), {})
    embeds = (part for embed in message.embeds for part in (embed.url, embed.description) if part)
    found = chain(_ids(raw.get("components")), _addresses(message.content), *map(_addresses, embeds))
    return list(islice(dict.fromkeys(found), MAX_NAMED))


def _ids(part: Any) -> Iterator[str]:
    """Papers that one can vote for."""
    if isinstance(part, list):
        for one in part:
            yield from _ids(one)
    elif isinstance(part, dict):
        custom_id = str(part.get("custom_id") or "")
        if acts.verb(custom_id) == acts.UP:
            yield custom_id.partition(":")[2]
        yield from _ids(part.get("components"))


def _addresses(text: str) -> Iterator[str]:
    """Addresses, bare, in `<…>` or in `[a paper](…)`."""
    for word in text.replace("](", " ").split():
        at = word.find("http")
        if "://" in word and at >= 0:
            yield word[at:].strip(_AROUND)
