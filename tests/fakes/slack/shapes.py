"""Block Kit as tables: every block, element and composition object that this Slack takes, its keys and its limits.

Figures are those of https://docs.slack.dev/reference/block-kit (blocks, block elements, composition objects).
What Slack knows and Paperboy has no use for (video, table, call, workflow buttons …) is not taken here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.fakes.slack.rules import (
    Rule,
    anything,
    boolean,
    both,
    choice,
    integer,
    items,
    one_of,
    record,
    string,
    tagged,
    url,
)

ID: Final = string(255)
TYPE: Final[Mapping[str, Rule]] = {"type": anything}


def plain(most: int) -> Rule:
    """A plain_text object."""
    return tagged({"plain_text": record({**TYPE, "text": string(most)}, {"emoji": boolean})})


def text(most: int) -> Rule:
    """A text object of either kind."""
    fancy = record({**TYPE, "text": string(most)}, {"verbatim": boolean})
    return tagged({"plain_text": record({**TYPE, "text": string(most)}, {"emoji": boolean}), "mrkdwn": fancy})


CONFIRM: Final = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
OPTION: Final = record({"text": plain(75), "value": string(150)}, {"description": plain(75)})
WORDY_OPTION: Final = record({"text": text(75), "value": string(150)}, {"description": text(75)})
"""Of checkboxes and radio buttons, which may have mrkdwn."""
OVERFLOW_OPTION: Final = record({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": url()})
GROUP: Final = record({"label": plain(75), "options": items(OPTION, 100)})

_ACTION: Final[Mapping[str, Rule]] = {"action_id": ID}
_FIELD: Final[Mapping[str, Rule]] = {**_ACTION, "focus_on_load": boolean, "placeholder": plain(150)}
_MENU: Final[Mapping[str, Rule]] = {**_FIELD, "confirm": CONFIRM}
_DISPATCH: Final = record({}, {"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 2)})
_CONVERSATIONS: Final = record(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)


def initial_among_options(value: Any, at: str) -> Iterator[str]:
    """What is chosen to begin with must be one of the options, to the letter."""
    if not isinstance(value, dict):
        return
    groups = [group for group in value.get("option_groups", []) if isinstance(group, dict)]
    options = [*value.get("options", []), *(one for group in groups for one in group.get("options", []))]
    chosen = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
    if any(one not in options for one in chosen):
        yield f"{at}: initial option must be one of the options"


def _static(**initial: Rule) -> Rule:
    keys = {**_MENU, "options": items(OPTION, 100), "option_groups": items(GROUP, 100), **initial}
    return both(record(TYPE, keys), one_of("options", "option_groups"), initial_among_options)


def _ticks(**initial: Rule) -> Rule:
    own = {**_ACTION, "confirm": CONFIRM, "focus_on_load": boolean, **initial}
    return both(record({**TYPE, "options": items(WORDY_OPTION, 10)}, own), initial_among_options)


BUTTON: Final = record(
    {**TYPE, "text": plain(75)},
    {
        **_ACTION,
        "url": url(),
        "value": string(2000),
        "style": choice("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
PLAIN_TEXT_INPUT: Final = record(
    TYPE,
    {
        **_FIELD,
        "initial_value": string(3000, least=0),
        "multiline": boolean,
        "min_length": integer(0, 3000),
        "max_length": integer(1, 3000),
        "dispatch_action_config": _DISPATCH,
    },
)
CONVERSATIONS_SELECT: Final = record(
    TYPE,
    {
        **_MENU,
        "initial_conversation": ID,
        "default_to_current_conversation": boolean,
        "response_url_enabled": boolean,
        "filter": _CONVERSATIONS,
    },
)
IMAGE: Final = record({**TYPE, "alt_text": string(2000), "image_url": url()})

MENUS: Final[Mapping[str, Rule]] = {
    "static_select": _static(initial_option=OPTION),
    "conversations_select": CONVERSATIONS_SELECT,
    "channels_select": record(TYPE, {**_MENU, "initial_channel": ID, "response_url_enabled": boolean}),
    "users_select": record(TYPE, {**_MENU, "initial_user": ID}),
    "checkboxes": _ticks(initial_options=items(WORDY_OPTION, 10)),
    "radio_buttons": _ticks(initial_option=WORDY_OPTION),
    "datepicker": record(TYPE, {**_MENU, "initial_date": string(10, 10)}),
    "timepicker": record(TYPE, {**_MENU, "initial_time": string(5, 5), "timezone": string(255)}),
}
"""Elements that are at home both among actions and in inputs."""

MULTI: Final[Mapping[str, Rule]] = {
    "multi_static_select": _static(initial_options=items(OPTION, 100), max_selected_items=integer(1, 100)),
}
ACTIONS: Final[Mapping[str, Rule]] = {
    **MENUS,
    "button": BUTTON,
    "overflow": record({**TYPE, "options": items(OVERFLOW_OPTION, 5)}, {**_ACTION, "confirm": CONFIRM}),
}
INPUTS: Final[Mapping[str, Rule]] = {**MENUS, **MULTI, "plain_text_input": PLAIN_TEXT_INPUT}

_BLOCK: Final[Mapping[str, Rule]] = {"block_id": ID}
_CONTEXT: Final = tagged({"image": IMAGE, "mrkdwn": text(3000), "plain_text": text(3000)})


def _section_has_text(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, dict) and not value.keys() & {"text", "fields"}:
        yield f"{at}: must have text or fields"


SECTION: Final = both(
    record(
        TYPE,
        {
            **_BLOCK,
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": tagged({**ACTIONS, **MULTI, "image": IMAGE}),
            "expand": boolean,
        },
    ),
    _section_has_text,
)
INPUT: Final = record(
    {**TYPE, "label": plain(2000), "element": tagged(INPUTS)},
    {**_BLOCK, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
)
EVERYWHERE: Final[Mapping[str, Rule]] = {
    "section": SECTION,
    "divider": record(TYPE, _BLOCK),
    "header": record({**TYPE, "text": plain(150)}, _BLOCK),
    "image": record({**TYPE, "alt_text": string(2000), "image_url": url()}, {**_BLOCK, "title": plain(2000)}),
    "context": record({**TYPE, "elements": items(_CONTEXT, 10)}, _BLOCK),
    "actions": record({**TYPE, "elements": items(tagged(ACTIONS), 25)}, _BLOCK),
    "rich_text": record({**TYPE, "elements": items(anything, 100)}, _BLOCK),
}
BLOCKS: Final[Mapping[str, Mapping[str, Rule]]] = {
    "message": {**EVERYWHERE, "markdown": record({**TYPE, "text": string(12_000)}, _BLOCK)},
    "modal": {**EVERYWHERE, "input": INPUT},
    "home": {**EVERYWHERE, "input": INPUT},
}
"""By surface. Slack itself takes `input` in a message too, where nothing submits it: a mistake, if it is ours."""

_VIEW: Final[Mapping[str, Rule]] = {
    **TYPE,
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
VIEWS: Final[Mapping[str, Rule]] = {
    "modal": record(
        {**TYPE, "title": plain(24), "blocks": anything},
        {
            **_VIEW,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
    ),
    "home": record({**TYPE, "blocks": anything}, _VIEW),
}
