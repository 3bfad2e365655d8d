"""Block Kit, a small piece at a time: every block and element that Paperboy uses is made here, and is valid.

Other people's text stands in rich_text and plain_text wherever it can. Slack parses neither
(https://docs.slack.dev/reference/block-kit/blocks/rich-text-block): `*x*`, `<!channel>`, :smile: and bare addresses are
shown as they are, which mrkdwn cannot promise (see `bot.slack.mrkdwn`). mrkdwn is set `verbatim`, so that Slack makes
no links of its own in it.

Whatever is too long is cut with an ellipsis. A button is left away instead, for a value cut short says something else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from bot.slack import limits, mrkdwn
from bot.slack.acts import act
from bot.slack.message import Block
from papers.text import clean, shorten

Element = dict[str, Any]

DIVIDER: Final[Block] = {"type": "divider"}
_NOTHING: Final = "–"  # noqa: RUF001 - meant: Slack takes no empty text


def plain(text: str, limit: int = limits.SECTION) -> Element:
    """A text object that is shown as it is."""
    return {"type": "plain_text", "text": shorten(clean(text), limit) or _NOTHING, "emoji": False}


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain(text, limits.HEADER)}


def paragraph(text: str, accessory: Element | None = None) -> Block:
    """Text as it is, with a button or a picture beside it."""
    block: Block = {"type": "section", "text": plain(text)}
    return block if accessory is None else {**block, "accessory": accessory}


def small(text: str) -> Block:
    """Small print, as it is."""
    return {"type": "context", "elements": [plain(text)]}


def small_print(text: str) -> Block:
    """Small print in mrkdwn of our own making, not empty."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def line(text: str, accessory: Element | None = None) -> Block:
    """A line in mrkdwn of our own making, not empty, with a button beside it."""
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
    return block if accessory is None else {**block, "accessory": accessory}


def rich(*elements: Element) -> Block:
    """Rich text: the elements one after the other, those without text left away."""
    shown = [one for one in elements if one.get("text") != ""] or [words(_NOTHING)]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": shown}]}


def code(text: str) -> Block:
    """Lines in a fixed-width font, each as it is. Not for text that was not made printable."""
    element = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": shorten(text, limits.SECTION)}]}
    return {"type": "rich_text", "elements": [element]}


def words(text: str, *styles: str) -> Element:
    """Text of our own within rich text: spaces and line breaks are kept. `styles`: bold, italic, strike, code."""
    styled = {"style": dict.fromkeys(styles, True)} if styles else {}
    return {"type": "text", "text": text, **styled}


def quoted(text: str, limit: int, *styles: str) -> Element:
    """Other people's text within rich text, on one line."""
    return words(shorten(clean(text), limit), *styles)


def linked(url: str, text: str, limit: int) -> Element:
    """Other people's text in bold, a link if its address may be shown to people."""
    address, shown = mrkdwn.address(url, limits.LINK), shorten(clean(text), limit)
    if not address:
        return words(shown, "bold")
    return {"type": "link", "url": address, "text": shown, "style": {"bold": True}}


def channel(identity: str, *styles: str) -> Element:
    """A channel by its name; text that is no channel's id is shown as it is."""
    if mrkdwn.channel(identity) is None:
        return quoted(identity, limits.LABEL, *styles)
    styled = {"style": dict.fromkeys(styles, True)} if styles else {}
    return {"type": "channel", "channel_id": identity, **styled}


def moment(at: datetime, fallback: str) -> Element:
    """An instant within rich text, told in each reader's own zone."""
    shown = "{date_short_pretty} at {time}"
    return {"type": "date", "timestamp": int(at.timestamp()), "format": shown, "fallback": fallback}


def picture(url: str, of: str) -> Element | None:
    """A thumbnail; None for an address that may not be shown."""
    address = mrkdwn.address(url, limits.PICTURE)
    if not address:
        return None
    return {"type": "image", "image_url": address, "alt_text": shorten(clean(of), limits.BUTTON) or _NOTHING}


def button(
    label: str, verb: str, value: str = "", *, apart: str = "", style: str = "", spoken: str = ""
) -> Element | None:
    """A button that says `value`; None if that is too long to be said whole.

    `apart` tells it from others of the same verb in its block; `spoken` is what a screen reader says.
    """
    identity = act(verb, apart)
    if len(value) > limits.BUTTON_VALUE or len(identity) > limits.ACTION_ID:
        return None
    made: Element = {"type": "button", "text": {**plain(label, limits.BUTTON), "emoji": True}, "action_id": identity}
    made |= {"value": value} if value else {}  # Slack takes no empty value
    made |= {"style": style} if style else {}
    return made | ({"accessibility_label": shorten(spoken, limits.SPOKEN_LABEL)} if spoken else {})


def asking(made: Element | None, title: str, text: str, *, yes: str, no: str) -> Element | None:
    """The button, which asks back before it does something that cannot be undone."""
    if made is None:
        return None
    confirm = {
        "title": plain(title, limits.CONFIRM_TITLE),
        "text": plain(text, limits.CONFIRM_TEXT),
        "confirm": plain(yes, limits.CONFIRM_BUTTON),
        "deny": plain(no, limits.CONFIRM_BUTTON),
        "style": "danger",
    }
    return {**made, "confirm": confirm}


def actions(*buttons: Element | None) -> list[Block]:
    """A row of those buttons that there are; no row if there is none."""
    shown = [one for one in buttons if one is not None]
    return [{"type": "actions", "elements": shown[: limits.ACTIONS]}] if shown else []
