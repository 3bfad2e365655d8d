"""Renderers over papers made of fuzzed text: nothing in it comes alive, nothing gets too large, nothing breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from email import message_from_bytes
from typing import Any, Final
from uuid import UUID
from xml.etree.ElementTree import fromstring

from benchmarks.fuzz.targets import NOW, hold, text
from bot.discord.post import render_post as discord_post
from bot.email.letter import Envelope, Ways, digest_letter
from bot.slack.post import render_post as slack_post
from bot.terminal.post import render_post as terminal_post
from bot.terminal.render import plain
from bot.web.atom import atom
from bot.web.rss import rss
from papers.answers.card import Card
from papers.model import Delivery, DeliveryKind, Heading, Item, Paper, Reason
from papers.services.bulletin import Bulletin, Entry
from tests.unit.bot.discord.hostile import found_in
from tests.unit.bot.email.test_letter import ADA, HEAD
from tests.unit.bot.samples import CHANNEL
from tests.unit.bot.slack.hostile import faults

KINDS: Final[tuple[DeliveryKind, ...]] = ("digest", "more", "abstracts", "empty", "notice")
ID: Final = "2603.00001"


def made(data: bytes) -> tuple[Delivery, Paper, Reason]:
    """A paper, why it came, and a message that brings it: fields are parted by U+001F."""
    parts = [*text(data[1:]).split("\x1f"), *[""] * 9]
    title, abstract, author, url, organization, summary, word, topic, note = parts[:9]
    paper = Paper(
        ID,
        title,
        abstract=abstract,
        authors=(author,),
        url=url,
        sources=(url,),
        organization=organization,
        upvotes=7,
        code_url=url,
        code_stars=7,
        thumbnail=url or None,
        ai_summary=summary or None,
    )
    reason = Reason((word,), (word,), topic or None, 0.01, 2, url or None)
    kind = KINDS[data[0] % len(KINDS)] if data else "digest"
    items = () if kind in {"abstracts", "empty", "notice"} else (Item(ID, 1.0, (1,), (reason,)),)
    heading = Heading(NOW.date(), 1, (word, topic), note)
    return Delivery("a" * 24, CHANNEL, kind, heading, NOW, items, (ID,) if kind == "abstracts" else ()), paper, reason


def slack(data: bytes) -> None:
    """Slack's posts."""
    delivery, paper, _ = made(data)
    found = faults(slack_post(delivery, {ID: paper}), [paper], whole=False)
    hold(not found, str(found))


def discord(data: bytes) -> None:
    """Discord's posts."""
    delivery, paper, _ = made(data)
    found = found_in(discord_post(delivery, {ID: paper}), [paper], delivery.id)
    hold(not found, str(found))


def terminal_and_mail(data: bytes) -> None:
    """The terminal's posts, and mails."""
    delivery, paper, _ = made(data)
    shown = plain(terminal_post(delivery, {ID: paper}))
    hold(not any(ord(char) < 32 and char != "\n" for char in shown), "a control character on the screen")
    if delivery.items:
        letter = digest_letter(Envelope(delivery, ADA, HEAD, NOW), {ID: paper}, WAYS, ())
        message = message_from_bytes(letter)
        names = {name.lower() for name in message.keys()}  # noqa: SIM118 - a Message is no dict
        hold(names <= HEADERS, f"headers of somebody else's: {names - HEADERS}")


HEADERS: Final = frozenset(
    {
        "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding",
        "list-id", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "in-reply-to", "references",
    }
)  # fmt: skip
HOME: Final = "https://papers.example.org"
WAYS: Final = Ways(f"{HOME}/email/unsubscribe/{'a' * 46}", f"{HOME}/email/manage/{'a' * 46}")


def xml(data: bytes) -> None:
    """Atom and RSS: an XML parser that forgives nothing reads both."""
    _, paper, reason = made(data)
    bulletin = Bulletin(UUID(int=99), paper.title, NOW, (Entry(UUID(int=1), Card(paper, "", (reason,)), NOW),))
    for write in (atom, rss):
        fromstring(write(bulletin, f"{HOME}/feeds/x.atom"))  # noqa: S314 - our own, whatever was written into it
    fromstring(atom(replace(bulletin, entries=()), HOME))  # noqa: S314 - as above


TARGETS: Final[Mapping[str, Any]] = {"slack": slack, "discord": discord, "plain": terminal_and_mail, "xml": xml}
