"""The tables of Discord's components and embeds: which keys each has, and what may stand in them.

From https://discord.com/developers/docs/components/reference and /resources/message#embed-object. What holds between
several of them (totals, unique ids, what goes with which flag) is in `payloads`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.fakes.discord.rules import (
    Path,
    Problem,
    Rule,
    anything,
    boolean,
    both,
    choice,
    integer,
    items,
    length,
    moment,
    record,
    snowflake,
    string,
    tagged,
    url,
)

ACTION_ROW: Final = 1
BUTTON: Final = 2
STRING_SELECT: Final = 3
TEXT_INPUT: Final = 4
SELECTS: Final = (3, 5, 6, 7, 8)
"""Of strings, users, roles, mentionables, channels."""
SECTION: Final = 9
TEXT_DISPLAY: Final = 10
THUMBNAIL: Final = 11
MEDIA_GALLERY: Final = 12
FILE: Final = 13
SEPARATOR: Final = 14
CONTAINER: Final = 17
LABEL: Final = 18

LINK: Final = 5
PREMIUM: Final = 6
"""Styles of buttons."""

COLOUR: Final = integer(0, 0xFFFFFF)
CUSTOM_ID: Final = string(100)
MEDIA: Final = record({"url": url(schemes=("http", "https", "attachment"))})
EMOJI: Final = record({"name": string(32)}, {"id": snowflake, "animated": boolean})


def _component(kind: int, required: Mapping[str, Rule], optional: Mapping[str, Rule]) -> Rule:
    own = {"id": integer(0, 2**31 - 1), **optional}
    return record({"type": choice(kind), **required}, own)


def _button_sense(value: Any, at: Path) -> Iterator[Problem]:
    """A link has a url, a premium button a sku_id and nothing else, any other a custom_id."""
    style = value.get("style")
    needed = {LINK: "url", PREMIUM: "sku_id"}.get(style, "custom_id")
    if value.get(needed) is None:
        yield Problem((*at, needed), "BASE_TYPE_REQUIRED", "This field is required")
    for key in {"url", "sku_id", "custom_id"} - {needed}:
        if value.get(key) is not None:
            yield Problem((*at, key), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", f"Not with {needed}.")
    if style != PREMIUM and not value.get("label") and not value.get("emoji"):
        yield Problem(at, "BUTTON_COMPONENT_INVALID_CONTENT", "A button must have a label or an emoji.")


BUTTON_RULE: Final = both(
    _component(
        BUTTON,
        {"style": choice(1, 2, 3, 4, 5, 6)},
        {
            "custom_id": CUSTOM_ID,
            "label": string(80, 0),
            "emoji": EMOJI,
            "url": url(512, ("http", "https", "discord")),
            "sku_id": snowflake,
            "disabled": boolean,
        },
    ),
    _button_sense,
)

OPTION: Final = record(
    {"label": string(100), "value": string(100)},
    {"description": string(100, 0), "emoji": EMOJI, "default": boolean},
)


def _select_sense(value: Any, at: Path) -> Iterator[Problem]:
    """As many can be chosen as there are, no value twice, and no more defaults than may be chosen."""
    least, most = value.get("min_values", 1), value.get("max_values", 1)
    options = value.get("options")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Problem((*at, "min_values"), "SELECT_COMPONENT_MIN_MAX", "min_values is more than max_values.")
    if not isinstance(options, list):
        return
    if isinstance(most, int) and most > len(options):
        yield Problem((*at, "max_values"), "NUMBER_TYPE_MAX", f"int value should be {len(options)} or less.")
    values = [one.get("value") for one in options if isinstance(one, dict)]
    if len(values) != len(set(map(str, values))):
        yield Problem((*at, "options"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "An option's value is taken twice.")
    if isinstance(most, int) and sum(1 for one in options if isinstance(one, dict) and one.get("default")) > most:
        yield Problem((*at, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "More defaults than max_values.")


def _select(kind: int) -> Rule:
    required: dict[str, Rule] = {"custom_id": CUSTOM_ID}
    optional: dict[str, Rule] = {
        "placeholder": string(150, 0),
        "min_values": integer(0, 25),
        "max_values": integer(1, 25),
        "disabled": boolean,
        "required": boolean,
    }
    if kind == STRING_SELECT:
        required["options"] = items(OPTION, 25, 1)
    else:
        optional["default_values"] = items(record({"id": snowflake, "type": choice("user", "role", "channel")}), 25)
    if kind == SELECTS[-1]:
        optional["channel_types"] = items(integer(0, 16), 20)
    return both(_component(kind, required, optional), _select_sense)


SELECT_RULES: Final[Mapping[int, Rule]] = {kind: _select(kind) for kind in SELECTS}


def _row_sense(value: Any, at: Path) -> Iterator[Problem]:
    """A row has up to five buttons, or one select and nothing else."""
    within = value.get("components")
    kinds = [one.get("type") for one in within if isinstance(one, dict)] if isinstance(within, list) else []
    if len(kinds) > 1 and set(kinds) & set(SELECTS):
        yield Problem((*at, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The maximum width was exceeded.")


ROW: Final = both(
    _component(ACTION_ROW, {"components": items(tagged({BUTTON: BUTTON_RULE, **SELECT_RULES}), 5, 1)}, {}), _row_sense
)

TEXT: Final = _component(TEXT_DISPLAY, {"content": string(4000)}, {})
_SHOWN: Final[Mapping[str, Rule]] = {"description": string(1024), "spoiler": boolean}
_THUMBNAIL: Final = _component(THUMBNAIL, {"media": MEDIA}, _SHOWN)

INSIDE: Final[Mapping[int, Rule]] = {
    ACTION_ROW: ROW,
    SECTION: _component(
        SECTION,
        {
            "components": items(tagged({TEXT_DISPLAY: TEXT}), 3, 1),
            "accessory": tagged({BUTTON: BUTTON_RULE, THUMBNAIL: _THUMBNAIL}),
        },
        {},
    ),
    TEXT_DISPLAY: TEXT,
    MEDIA_GALLERY: _component(MEDIA_GALLERY, {"items": items(record({"media": MEDIA}, _SHOWN), 10, 1)}, {}),
    FILE: _component(FILE, {"file": record({"url": url(schemes=("attachment",))})}, {"spoiler": boolean}),
    SEPARATOR: _component(SEPARATOR, {}, {"divider": boolean, "spacing": choice(1, 2)}),
}
"""What may stand in a container, by type."""

V1: Final = items(tagged({ACTION_ROW: ROW}), 5)
V2: Final = items(
    tagged(
        {
            **INSIDE,
            CONTAINER: _component(
                CONTAINER, {"components": items(tagged(INSIDE), 40, 1)}, {"accent_color": COLOUR, "spoiler": boolean}
            ),
        }
    ),
    40,
)


def _input_sense(value: Any, at: Path) -> Iterator[Problem]:
    """Its value fits its own limits."""
    least, most = value.get("min_length") or 0, value.get("max_length") or 4000
    if not isinstance(least, int) or not isinstance(most, int):
        return
    if least > most:
        yield Problem((*at, "min_length"), "TEXT_INPUT_MIN_MAX", "min_length is more than max_length.")
    elif isinstance(value.get("value"), str) and value["value"]:
        yield from length(len(value["value"]), (*at, "value"), least, most)


def _text_input(*, is_labelled: bool) -> Rule:
    """In an action row it has a label of its own; within a Label it must not."""
    label: dict[str, Rule] = {"label": string(45)}
    own: dict[str, Rule] = {
        "min_length": integer(0, 4000),
        "max_length": integer(1, 4000),
        "required": boolean,
        "value": string(4000, 0),
        "placeholder": string(100, 0),
    }
    needed: dict[str, Rule] = {"custom_id": CUSTOM_ID, "style": choice(1, 2)} | ({} if is_labelled else label)
    return both(_component(TEXT_INPUT, needed, own), _input_sense)


def _modal_select(rule: Rule) -> Rule:
    def enabled(value: Any, at: Path) -> Iterator[Problem]:
        if value.get("disabled"):
            yield Problem((*at, "disabled"), "COMPONENT_DISABLED_IN_MODAL", "Selects in modals cannot be disabled.")

    return both(rule, enabled)


_FIELDS: Final[Mapping[int, Rule]] = {
    TEXT_INPUT: _text_input(is_labelled=True),
    **{kind: _modal_select(rule) for kind, rule in SELECT_RULES.items()},
}

MODAL: Final = record(
    {
        "custom_id": CUSTOM_ID,
        "title": string(45),
        "components": items(
            tagged(
                {
                    ACTION_ROW: _component(
                        ACTION_ROW,
                        {"components": items(tagged({TEXT_INPUT: _text_input(is_labelled=False)}), 1, 1)},
                        {},
                    ),
                    TEXT_DISPLAY: TEXT,
                    LABEL: _component(
                        LABEL, {"label": string(45), "component": tagged(_FIELDS)}, {"description": string(100)}
                    ),
                }
            ),
            5,
            1,
        ),
    }
)

_WEB: Final = url(schemes=("http", "https", "attachment"))
_PICTURE: Final = record({"url": _WEB}, {"width": anything, "height": anything, "description": string(4096, 0)})

EMBED: Final = record(
    {},
    {
        "type": choice("rich"),
        "title": string(256),
        "description": string(4096),
        "url": url(),
        "color": COLOUR,
        "timestamp": moment,
        "author": record({"name": string(256)}, {"url": url(), "icon_url": _WEB}),
        "footer": record({"text": string(2048)}, {"icon_url": _WEB}),
        "image": _PICTURE,
        "thumbnail": _PICTURE,
        "fields": items(record({"name": string(256), "value": string(1024)}, {"inline": boolean}), 25),
    },
)
