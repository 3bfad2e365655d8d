"""Slack's rig: its poster against the strict Slack, and what of a message would do more there than be read."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any, ClassVar, Self

from bot.slack.poster import SlackPoster
from bot.slack.tokens import OneWorkspace
from papers.model import Destination
from papers.ports import Poster
from papers.wiring import Stores
from tests.conftest import NOW
from tests.fakes.slack import Message, StrictSlack

LIVE = {"user", "usergroup", "broadcast", "channel", "team", "emoji"}
"""Elements of rich text that are more than words."""

LOOKS_LIKE = str.maketrans("∗ˍ∼ˋ∶", "*_~`:")  # noqa: RUF001 - the point of them
"""What a reader takes for the sign that mrkdwn has no escape for."""

OUR_MARKS = "\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}"
"""Before a quote's sign, and where bold ends: not shown, and never a paper's own."""

OURS = ("arxiv.org", "huggingface.co")
"""Hosts that a post may link to without having been told by a paper."""


@dataclass(frozen=True)
class Slack:
    """A channel of the strict Slack."""

    slack: StrictSlack
    token: str
    knows_deliveries: ClassVar = False
    looks: ClassVar = True
    destination = Destination("slack", "T1", "C1")
    elsewhere = Destination("slack", "T1", "C2")

    @classmethod
    @contextmanager
    def open(cls, stores: Stores) -> Iterator[Self]:
        """A workspace with two channels."""
        del stores
        with StrictSlack() as slack:
            slack.channel("C1")
            slack.channel("C2")
            yield cls(slack, slack.install())
            assert slack.violations == [], slack.violations

    @asynccontextmanager
    async def poster(self) -> AsyncIterator[Poster]:
        """Paperboy's."""
        async with slack_poster(self.slack, self.token) as poster:
            yield poster

    def shown(self) -> list[str]:
        """As people read it: escapes undone."""
        return [reading(message) for message in self.slack.messages("C1")]

    def alive(self) -> list[str]:
        """Mentions, links to hosts that are not ours, and characters that are not for reading."""
        return [found for message in self.slack.messages("C1") for found in living(message)]


@asynccontextmanager
async def slack_poster(slack: StrictSlack, token: str) -> AsyncIterator[SlackPoster]:
    """Paperboy's poster, with one workspace's token."""
    clients = OneWorkspace(token, slack.api_url)
    try:
        yield SlackPoster(clients, lambda: NOW)
    finally:
        await clients.close()


def reading(message: Message) -> str:
    """A message's words: those of its blocks, of its text only where it has none. Buttons are not words."""
    if not message.blocks:
        return unescape(message.text)
    return "\n".join("".join(_words(block)) for block in message.blocks if block["type"] not in {"actions", "divider"})


def _words(part: Any) -> Iterator[str]:
    match part:
        case {"type": "mrkdwn", "text": str(text)}:
            yield unescape(re.sub(r"<[^|>]*\|([^>]*)>", r"\1", text)).translate(LOOKS_LIKE)
        case {"type": "image"}:
            return
        case {"text": str(text)}:
            yield text
        case Mapping():
            for inner in part.values():
                yield from _words(inner)
        case list():
            for inner in part:
                yield from _words(inner)


def living(message: Message) -> list[str]:
    """See `Slack.alive`."""
    found = [address for address in _addresses(message.blocks) if not _is_ours(address)]
    for text in _mrkdwn({"type": "mrkdwn", "text": message.text}, message.blocks):
        tokens = [token.partition("|")[0] for token in re.findall(r"<([^>]*)>", text)]
        found += [token for token in tokens if not (token.startswith("!date^") or _is_ours(token))]
    found += [str(part) for part in _parts(message.blocks) if part.get("type") in LIVE]
    said = json.dumps([message.text, message.blocks], ensure_ascii=False)
    return found + [one for one in said if one not in OUR_MARKS and _is_unreadable(one)]


def _is_ours(address: str) -> bool:
    host = re.match(r"https://([a-z.]+)/", address)
    return host is not None and host[1] in OURS


def _is_unreadable(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _parts(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _parts(inner)


def _addresses(value: Any) -> list[str]:
    return [part[key] for part in _parts(value) for key in ("url", "image_url") if key in part]


def _mrkdwn(*values: Any) -> list[str]:
    return [part["text"] for part in _parts(values) if part.get("type") == "mrkdwn"]
