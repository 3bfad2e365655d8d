"""Slack renderings as a reader sees them, and what of them is alive; what is rendered: `tests.unit.bot.samples`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from bot.slack.message import Block, Message
from papers.model import Destination

CHANNEL = Destination("slack", "T1", "C024BE91L")


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
