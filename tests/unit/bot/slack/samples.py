"""Slack renderings as a reader sees them, what of them is alive, and values to render."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote

from bot.slack.message import Block, Message
from papers import answers
from papers.answers import Answer, Card
from papers.model import (
    Delivery,
    DeliveryKind,
    Destination,
    Heading,
    Item,
    Paper,
    Preferences,
    Reason,
    Schedule,
    Subscription,
    Want,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NEXT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
BERLIN = Schedule("daily", "09:00", "Europe/Berlin", weekdays=True)
TOKEN = "t0k3n"  # noqa: S105 - a draft's, and no secret
CHANNEL = Destination("slack", "T1", "C024BE91L")
DRAFTS = Paper(
    "2607.21557",
    "Drafts That Verifiers Accept",
    abstract="Serving is slow. We train a draft model on what its verifier rejects. It halves the latency.",
    authors=("Mira Okonkwo", "Jean-Luc Bernard", "Wei Zhang"),
    url="https://huggingface.co/papers/2607.21557",
    sources=("huggingface",),
    organization="Example Lab",
    upvotes=120,
    code_url="https://github.com/x/y",
    code_stars=3_412,
    ai_summary="A draft model trained on rejections halves the latency.",
    thumbnail="https://cdn.example.org/2607.21557.png",
)
POLICIES = Paper("2607.20001", "Policies That Stop", "They stop.", ("Ana Silva",), "https://arxiv.org/abs/2607.20001")
PAPERS = {paper.id: paper for paper in (DRAFTS, POLICIES)}
TOPIC = Reason(topic="efficient LLM inference", share=0.01)
WORDS = Reason(words=("policies",), without=("survey",))
CARDS = (Card(DRAFTS, "It halves the latency.", (TOPIC,)), Card(POLICIES, "They stop.", (WORDS, WORDS, TOPIC)))
THIRD = Subscription(f"{CHANNEL}#3", 3, CHANNEL, Want(query="diffusion -survey"))
PREVIEW = answers.Preview("diffusion -survey", 30, 14, 1_204, CARDS, "mostly from one feed")
WHY = (
    answers.WhyRow(1, "mamba -survey", wanted=False, missed=("mamba",), blocked=("survey",)),
    answers.WhyRow(2, "about: inference", wanted=True, z=2.311, bar=2.0, share=0.01),
    answers.WhyRow(3, "trending top:5", wanted=False, note="not among the top 5"),
)
LOG = (
    answers.LogRow(NOW, "b" * 24, "digest", "parked", 5, "history is closed to us"),
    answers.LogRow(NOW, "a" * 24, "digest", "dead", 5, "the channel is archived"),
)
ANSWERS: dict[type, Answer] = {
    type(answer): answer
    for answer in (
        answers.Help((("/papers list", "show what is subscribed to"),)),
        answers.SearchAnswer("mamba", CARDS, 12, 2, 3, "words only"),
        PREVIEW,
        answers.Draft(THIRD, PREVIEW, 3, can_tighten=True, before=THIRD),
        answers.Saved(THIRD, PREVIEW, BERLIN, NEXT),
        answers.Removed(THIRD, "diffusion -survey"),
        answers.Listing((answers.Row(THIRD, "diffusion -survey"),), BERLIN, NEXT, paused=False),
        answers.ScheduleAnswer(BERLIN, NEXT, paused=False),
        answers.PauseAnswer(paused=True, waiting=3, next_post=None),
        answers.DigestAnswer("trending", date(2026, 11, 17), date(2026, 11, 23), CARDS, 42),
        answers.WhyAnswer(DRAFTS, "Posted on Mon 23 Nov.", WHY),
        answers.LogAnswer(LOG),
        answers.SettingsAnswer(Preferences()),
        answers.Voted(DRAFTS, 1, 3, 1),
        answers.Resent("a" * 24),
    )
}


def delivery(kind: DeliveryKind, **changes: Any) -> Delivery:
    heading = Heading(date(2026, 11, 23), 7, ("diffusion -survey", "trending", "robots"))
    items = (Item(DRAFTS.id, 2.0, (1,), (TOPIC,)), Item(POLICIES.id, 1.0, (2, 3), (WORDS, Reason(trending=2))))
    return replace(Delivery("a" * 24, CHANNEL, kind, heading, NOW, items), **changes)


def listing(rows: int, **changes: Any) -> answers.Listing:
    made = (replace(THIRD, number=number) for number in range(1, rows + 1))
    plain = answers.Listing(tuple(answers.Row(one, f"topic {one.number}") for one in made), BERLIN, NEXT, paused=False)
    return replace(plain, **changes)


def seen(blocks: Iterable[Block]) -> str:
    """What stands in Slack, a line for each line: buttons in brackets, a picture as its description in braces."""
    return "\n".join(_seen(block) for block in blocks)


def _seen(block: Block) -> str:
    kind = block["type"]
    if kind == "divider":
        return "---"
    if kind == "rich_text":
        return "".join(_rich(part) for inner in block["elements"] for part in inner["elements"])
    parts = [block.get("text"), *block.get("elements", ()), block.get("accessory"), block.get("label")]
    return " ".join(_element(one) for one in parts if one)


def _rich(part: Mapping[str, Any]) -> str:
    shown = {"channel": f"#{part.get('channel_id')}", "date": part.get("fallback")}
    return str(shown.get(part["type"]) or part.get("text", ""))


def _element(element: Mapping[str, Any]) -> str:
    if element["type"] == "button":
        return f"[{element['text']['text']}]"
    return f"{{{element['alt_text']}}}" if element["type"] == "image" else str(element["text"])


def buttons(blocks: Iterable[Block]) -> dict[str, Mapping[str, Any]]:
    """Every button by what is written on it, the last of those that are alike."""
    inner = (one for block in blocks for one in (*block.get("elements", ()), block.get("accessory") or {}))
    return {one["text"]["text"]: one for one in inner if one.get("type") == "button"}


def says(blocks: Iterable[Block]) -> dict[str, tuple[str, str | None]]:
    """What each button says: (verb, value)."""
    return {label: (one["action_id"].partition(":")[0], one.get("value")) for label, one in buttons(blocks).items()}


def alive(message: Message, links: Iterable[str] = ()) -> list[str]:
    """Everything in a message that Slack would obey, and that nobody of ours meant: mentions, markup, links.

    `links` are the addresses that may be linked to.
    """
    found = [f"notification: {message.text}"] if "<" in message.text else []
    return found + list(_alive(list(message.blocks), frozenset(map(unquote, links))))


def _alive(value: Any, links: frozenset[str]) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from _alive(one, links)
    elif isinstance(value, Mapping):
        match value.get("type"):
            case "mrkdwn":
                yield from _alive_in_mrkdwn(value, links)
            case "plain_text" if value["emoji"] and not _is_ours(value["text"]):
                yield f"emoji: {value['text']}"
            case "link" if unquote(value["url"]) not in links:
                yield f"link: {value['url']}"
            case "image" if unquote(value["image_url"]) not in links:
                yield f"picture: {value['image_url']}"
            case "user" | "usergroup" | "broadcast" | "emoji" | "team" | "channel":
                yield f"mention: {value}"
        yield from _alive(list(value.values()), links)


def _is_ours(label: str) -> bool:
    return label.startswith("/papers ") or ":" not in label


def _alive_in_mrkdwn(text: Mapping[str, Any], links: frozenset[str]) -> Iterator[str]:
    if text.get("verbatim") is not True:
        yield f"addresses become links: {text}"
    first, *tokens = text["text"].split("<")
    rest = first
    for token in tokens:
        inside, closed, after = token.partition(">")
        target, _, label = inside.partition("|")
        if not closed or not (unquote(target.replace("&amp;", "&")) in links or target.startswith("!date^")):
            yield f"token: <{token}"
        rest += f" {label} {after}"
    for entity in rest.split("&")[1:]:
        if entity.partition(";")[0] not in {"amp", "lt", "gt"}:
            yield f"ampersand: {entity}"
    if set(rest) & set("_~`>") or rest.count("*") % 2:
        yield f"markup: {rest}"
    if any(line.startswith("&gt;") for line in rest.split("\n")):
        yield f"quote: {rest}"
