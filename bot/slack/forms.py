"""The form to subscribe and to edit, with its live preview; and modals that show a message. Pure.

`form` makes the view, `read` takes it as Slack sends it back: what was entered becomes the line that one could have
typed, so that words and forms mean the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.phrases import DEFAULT_VOLUME, entered, volumes
from bot.slack import acts, limits, parts, previews
from bot.slack.acts import act
from bot.slack.message import Block, Message, View
from bot.slack.parts import Element
from bot.slack.render import error_blocks
from papers.answers.subscriptions import Preview
from papers.errors import PaperboyError
from papers.text import shorten

QUERY_LENGTH: Final = 3_000
"""Characters of a feed's address and a QUERY: what Slack allows, so that what is saved is never cut."""
TOPIC_LENGTH: Final = 2_000

QUERY: Final = "query"
_CHANNEL, _TOPIC, _VOLUME = "channel", "topic", "volume"
_GRAMMAR: Final = (
    'All words must occur. Also: "a phrase", OR, -without, prefix*, title:word, author:name, org:lab, cat:cs.LG'
)
_ABOUT: Final = "In your own words; papers are compared by meaning. A title or a whole abstract will do."


def form(
    channel: str,
    *,
    number: int | None = None,
    text: str = "",
    topic: str = "",
    per_day: float | None = None,
    preview: Preview | None = None,
    error: PaperboyError | None = None,
) -> View:
    """The form for a channel by its id ("": it is chosen in the form), for a new subscription or for `number`.

    `text` is what stands before `about:`, `topic` what follows it, `per_day` the volume that it has. Below the inputs
    stands the preview of what was entered, or what is wrong with it. An input keeps what was entered when the view is
    updated, for its block_id stays the same.
    """
    return {
        "type": "modal",
        "callback_id": acts.SUBSCRIBE_FORM,
        "private_metadata": json.dumps({"channel": channel, "number": number}),
        "title": parts.plain("Subscribe" if number is None else f"Edit #{number}", limits.MODAL_TITLE),
        "submit": parts.plain("Save", limits.MODAL_TITLE),
        "close": parts.plain("Cancel", limits.MODAL_TITLE),
        "blocks": [
            *_where(channel),
            _input(
                QUERY, "Words that papers must have", _text_input(text, QUERY_LENGTH, "diffusion -survey"), _GRAMMAR
            ),
            _input(_TOPIC, "And what they are about", _text_input(topic, TOPIC_LENGTH, "", multiline=True), _ABOUT),
            _input(_VOLUME, "How many, of those about it", _volumes(per_day), ""),
            parts.DIVIDER,
            *_foot(preview, error),
        ],
    }


def read(view: Mapping[str, Any]) -> tuple[str, str, int | None]:
    """The channel, the line as `subscribe` and `edit N` take it ("" if nothing was entered), and the number to edit."""
    kept = json.loads(view.get("private_metadata") or "{}")
    found = {
        block_id: element for block_id, by_action in view["state"]["values"].items() for element in by_action.values()
    }
    query, topic = (str(found.get(name, {}).get("value") or "") for name in (QUERY, _TOPIC))
    option = found.get(_VOLUME, {}).get("selected_option") or {}
    line = entered(query, topic, str(option.get("value") or DEFAULT_VOLUME))
    chosen = found.get(_CHANNEL, {}).get("selected_conversation")
    return str(chosen or kept.get("channel") or ""), line, kept.get("number")


def notice(title: str, message: Message) -> View:
    """A modal that shows a message."""
    return {
        "type": "modal",
        "title": parts.plain(title, limits.MODAL_TITLE),
        "close": parts.plain("Close", limits.MODAL_TITLE),
        "blocks": list(message.blocks),
    }


def waiting(title: str) -> View:
    """What is shown at once, while the answer is looked for."""
    return notice(title, Message("Looking…", (parts.small("Looking…"),)))


def channel_picker() -> Block:
    """The choice of a channel, the one that the form was opened in being chosen."""
    menu = {
        "type": "conversations_select",
        "action_id": _CHANNEL,
        "default_to_current_conversation": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        "placeholder": parts.plain("Choose a channel", limits.HEADER),
    }
    return {"type": "input", "block_id": _CHANNEL, "label": parts.plain("Channel"), "element": menu}


def _where(channel: str) -> list[Block]:
    if not channel:
        return [channel_picker()]
    personal = not channel.startswith(("C", "G"))
    shown = parts.words("you, in direct messages", "bold") if personal else parts.channel(channel, "bold")
    return [parts.rich(parts.words("Papers for "), shown)]


def _input(name: str, label: str, element: Element, hint: str) -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": parts.plain(label),
        "element": {**element, "action_id": act(acts.PREVIEW, name)},
        "optional": True,
        "dispatch_action": True,
    }
    return block | ({"hint": parts.plain(hint)} if hint else {})


def _text_input(text: str, limit: int, example: str, *, multiline: bool = False) -> Element:
    element: Element = {
        "type": "plain_text_input",
        "max_length": limit,
        "multiline": multiline,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    element |= {"initial_value": shorten(text, limit)} if text else {}
    return element | ({"placeholder": parts.plain(example, limits.HEADER)} if example else {})


def _volumes(per_day: float | None) -> Element:
    """The volumes, and the one that the subscription has if it is another."""
    names, now = volumes(per_day)
    options = {value: {"text": parts.plain(told, limits.OPTION), "value": value} for value, told in names.items()}
    return {"type": "static_select", "options": list(options.values()), "initial_option": options[now]}


def _foot(preview: Preview | None, error: PaperboyError | None) -> list[Block]:
    if error is not None:
        return error_blocks(error)
    if preview is not None:
        return previews.preview(preview)
    return [parts.small("Press Enter in a field to see what would have been posted in the last 30 days.")]
