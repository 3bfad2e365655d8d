"""What Discord would not take, told in sentences. Pure; unit tests of renderers use it as it is.

    assert violations(payload) == []
    assert violations(form, "modal") == []

Payloads are held against the tables in `shapes` and `manifest`, and against what holds between their parts: totals,
unique ids, what goes with IS_COMPONENTS_V2. Not looked at: permissions, and whether a picture or a channel exists.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from tests.fakes.discord import manifest
from tests.fakes.discord.rules import (
    Path,
    Problem,
    Rule,
    anything,
    boolean,
    choice,
    integer,
    items,
    nullable,
    record,
    snowflake,
    string,
)
from tests.fakes.discord.shapes import EMBED, MODAL, TEXT_DISPLAY, V1, V2

Surface = Literal["message", "post", "edit", "reply", "modal", "commands", "autocomplete"]
"""A new message; a forum post's first message; a change of a message; an answer to an interaction, or its change."""

SUPPRESS_EMBEDS: Final = 1 << 2
EPHEMERAL: Final = 1 << 6
SUPPRESS_NOTIFICATIONS: Final = 1 << 12
IS_COMPONENTS_V2: Final = 1 << 15

FLAGS: Final[Mapping[str, int]] = {
    "message": SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2,
    "post": SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2,
    "edit": SUPPRESS_EMBEDS | IS_COMPONENTS_V2,
    "reply": SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2,
}
"""Flags that an app may set."""

MOST_COMPONENTS: Final = 40
MOST_TEXT: Final = 4000
MOST_EMBED_TEXT: Final = 6000

_MENTIONS: Final = record(
    {},
    {
        "parse": items(choice("users", "roles", "everyone"), 3),
        "users": items(snowflake, 100),
        "roles": items(snowflake, 100),
        "replied_user": boolean,
    },
)
_BODY: Final[Mapping[str, Rule]] = {
    "content": string(2000, 0),
    "embeds": items(EMBED, 10),
    "allowed_mentions": _MENTIONS,
    "components": anything,
    "flags": integer(0, 2**31 - 1),
    "attachments": items(anything, 10),
    "sticker_ids": items(snowflake, 3),
    "poll": anything,
    "tts": boolean,
}


def _nonce(value: Any, at: Path) -> Iterator[Problem]:
    """A number, or at most 25 characters."""
    yield from integer(-(2**63), 2**63 - 1)(value, at) if isinstance(value, int) else string(25)(value, at)


_REFERENCE: Final = record(
    {"message_id": snowflake},
    {"channel_id": snowflake, "guild_id": snowflake, "fail_if_not_exists": boolean, "type": choice(0, 1)},
)
_RULES: Final[Mapping[str, Rule]] = {
    "message": record({}, {**_BODY, "nonce": _nonce, "enforce_nonce": boolean, "message_reference": _REFERENCE}),
    "post": record({}, _BODY),
    "edit": record({}, {**_BODY, "content": nullable(_BODY["content"]), "embeds": nullable(_BODY["embeds"])}),
    "reply": record({}, _BODY),
}


def violations(payload: Any, surface: Surface = "message") -> list[str]:
    """Everything Discord would refuse, each with the path to it; [] if it would take the payload."""
    return [str(one) for one in problems(payload, surface)]


def problems(payload: Any, surface: Surface = "message", *, is_v2: bool = False) -> list[Problem]:
    """As `violations`, to be sent or told. `is_v2`: of a change, whether the message has IS_COMPONENTS_V2 already."""
    plain = json.loads(json.dumps(payload))
    if surface == "commands":
        return list(manifest.problems(plain))
    if surface == "autocomplete":
        return list(manifest.CHOICES(plain, ()))
    if surface == "modal":
        return [*MODAL(plain, ()), *_clashes(plain)]
    if not isinstance(plain, dict):
        return list(_RULES[surface](plain, ()))
    return list(_message(plain, surface, is_v2=is_v2))


def _message(body: Mapping[str, Any], surface: Surface, *, is_v2: bool) -> Iterator[Problem]:
    yield from _RULES[surface](body, ())
    flags = body.get("flags")
    if isinstance(flags, int):
        if flags & ~FLAGS[surface]:
            yield Problem(("flags",), "FLAGS_INVALID", f"Flags {flags & ~FLAGS[surface]} cannot be set here.")
        if surface == "edit" and is_v2 and not flags & IS_COMPONENTS_V2:
            yield Problem(("flags",), "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", "IS_COMPONENTS_V2 cannot be removed")
        is_v2 = is_v2 or bool(flags & IS_COMPONENTS_V2)
    yield from _clashes(body)
    yield from _mentions(body.get("allowed_mentions"))
    yield from _second(body, surface) if is_v2 else _first(body, surface)


def _first(body: Mapping[str, Any], surface: Surface) -> Iterator[Problem]:
    """A message with content, embeds and rows of components."""
    if body.get("components") is not None:
        yield from V1(body["components"], ("components",))
    size = 0
    for place, embed in enumerate(_dicts(body.get("embeds"))):
        said = {key: value for key, value in embed.items() if value not in (None, [], "rich")}
        if not said:
            yield Problem(("embeds", place), "BASE_TYPE_REQUIRED", "This field is required")
        size += sum(map(len, _embed_texts(embed)))
    if size > MOST_EMBED_TEXT:
        said_of_all = f"Embed size exceeds maximum size of {MOST_EMBED_TEXT}"
        yield Problem(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", said_of_all)
    content = body.get("content")
    something = any(body.get(key) for key in ("embeds", "attachments", "sticker_ids", "poll"))
    said_nothing = not (isinstance(content, str) and content.strip()) and not something
    forwards = _dict(body.get("message_reference")).get("type") == 1
    if surface in {"message", "post"} and said_nothing and not forwards:
        yield Problem((), "EMPTY_MESSAGE", "Cannot send an empty message")


def _second(body: Mapping[str, Any], surface: Surface) -> Iterator[Problem]:
    """A message with IS_COMPONENTS_V2."""
    for key in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(key):
            said = f"The 'MessageFlags.IS_COMPONENTS_V2' field cannot be used with {key}"
            yield Problem((key,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", said)
    components = body.get("components")
    if components is not None:
        yield from V2(components, ("components",))
    if not components and (surface in {"message", "post"} or components is not None):
        yield Problem(("components",), "BASE_TYPE_REQUIRED", "This field is required")
    every = [one for _, one in walk(components, ("components",))]
    if len(every) > MOST_COMPONENTS:
        said = f"{len(every)} components in all, {MOST_COMPONENTS} are taken"
        yield Problem(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", said)
    text = sum(len(str(one.get("content", ""))) for one in every if one.get("type") == TEXT_DISPLAY)
    if text > MOST_TEXT:
        said = f"{text} characters of text displays in all, {MOST_TEXT} are taken"
        yield Problem(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", said)


def _mentions(mentions: Any) -> Iterator[Problem]:
    parse = _dict(mentions).get("parse")
    for kind in ("users", "roles"):
        if isinstance(parse, list) and kind in parse and _dict(mentions).get(kind):
            at = ("allowed_mentions", "parse")
            yield Problem(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", f'parse:["{kind}"] and {kind}: exclude')


def _clashes(body: Any) -> Iterator[Problem]:
    """custom_ids, and ids, that stand twice."""
    every = list(walk(_dict(body).get("components"), ("components",)))
    for key, code in (("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"), ("id", "COMPONENT_ID_DUPLICATED")):
        seen: Counter[str] = Counter()
        for at, one in every:
            if one.get(key):
                seen[str(one[key])] += 1
                if seen[str(one[key])] == 2:
                    yield Problem((*at, key), code, f"Component {key} cannot be duplicated")


def walk(components: Any, at: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every component, those within others too, with the path to it, in the order of the page."""
    for place, one in enumerate(components if isinstance(components, list) else []):
        if isinstance(one, dict):
            here = (*at, place)
            yield here, one
            yield from walk(one.get("components"), (*here, "components"))
            for key in ("accessory", "component"):
                if isinstance(one.get(key), dict):
                    yield (*here, key), one[key]


def _embed_texts(embed: Mapping[str, Any]) -> Iterator[str]:
    said = [embed.get("title"), embed.get("description")]
    said += [_dict(embed.get("footer")).get("text"), _dict(embed.get("author")).get("name")]
    for field in _dicts(embed.get("fields")):
        said += [field.get("name"), field.get("value")]
    yield from (one for one in said if isinstance(one, str))


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
