"""What Discord would not take among application commands. Pure.

From https://discord.com/developers/docs/interactions/application-commands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tests.fakes.discord.rules import (
    Path,
    Problem,
    Rule,
    boolean,
    choice,
    integer,
    items,
    number,
    record,
    snowflake,
    string,
    tagged,
)

_LOCALES: Final = """
ar bg cs da de el en-GB en-US es-419 es-ES fi fr he hi hr hu id it ja ko lt nl no pl pt-BR ro ru sv-SE th tr uk vi zh-CN
zh-TW
"""
LOCALES: Final = tuple(_LOCALES.split())
"""https://discord.com/developers/docs/reference#locales."""

CHAT_INPUT: Final = 1
MOST: Final[Mapping[int, int]] = {CHAT_INPUT: 100, 2: 5, 3: 5}
"""Commands of an app in one scope: slash, on users, on messages."""

SUB_COMMAND: Final = 1
SUB_COMMAND_GROUP: Final = 2

TOTAL: Final = 8000
"""Characters of a command's names, descriptions and values, each in its longest localisation."""

_NAME: Final = re.compile("[-_'\\w\\u0900-\\u097f\\u0e00-\\u0e7f]{1,32}")


def _slash_name(value: Any, at: Path) -> Iterator[Problem]:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        yield Problem(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    elif value != value.lower():
        yield Problem(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name must be lower case")


def _localised(rule: Rule) -> Rule:
    return record({}, dict.fromkeys(LOCALES, rule))


def _named(name: Rule, description: Rule) -> dict[str, Rule]:
    return {"name_localizations": _localised(name), "description_localizations": _localised(description)}


def _choices(value: Rule) -> Rule:
    return items(record({"name": string(100), "value": value}, {"name_localizations": _localised(string(100))}), 25)


_SAID: Final = string(100)
_VALUED: Final[Mapping[int, Rule]] = {
    3: string(100, 0),
    4: integer(-(2**53), 2**53),
    10: number,
}
_EXTRAS: Final[Mapping[int, Mapping[str, Rule]]] = {
    3: {"min_length": integer(0, 6000), "max_length": integer(1, 6000)},
    4: {"min_value": integer(-(2**53), 2**53), "max_value": integer(-(2**53), 2**53)},
    7: {"channel_types": items(integer(0, 16), 20)},
    10: {"min_value": number, "max_value": number},
}


def _option(kind: int) -> Rule:
    optional = {**_named(_slash_name, _SAID), "required": boolean, **_EXTRAS.get(kind, {})}
    if kind in _VALUED:
        optional |= {"choices": _choices(_VALUED[kind]), "autocomplete": boolean}
    return record({"type": choice(kind), "name": _slash_name, "description": _SAID}, optional)


_LEAVES: Final[Mapping[int, Rule]] = {kind: _option(kind) for kind in range(3, 12)}


def _branch(kind: int, within: Mapping[int, Rule], least: int) -> Rule:
    rule = items(tagged(within), 25, least)
    needed: dict[str, Rule] = {"type": choice(kind), "name": _slash_name, "description": _SAID}
    optional: dict[str, Rule] = {**_named(_slash_name, _SAID), "required": boolean}
    (needed if least else optional)["options"] = rule
    return record(needed, optional)


_SUB: Final = _branch(SUB_COMMAND, _LEAVES, 0)
_GROUP: Final = _branch(SUB_COMMAND_GROUP, {SUB_COMMAND: _SUB}, 1)
_COMMON: Final[Mapping[str, Rule]] = {
    "id": snowflake,
    "nsfw": boolean,
    "dm_permission": boolean,
    "default_member_permissions": snowflake,
    "contexts": items(choice(0, 1, 2), 3, 1),
    "integration_types": items(choice(0, 1), 2, 1),
}
_SLASH: Final = record(
    {"name": _slash_name, "description": _SAID},
    {
        **_COMMON,
        **_named(_slash_name, _SAID),
        "type": choice(CHAT_INPUT),
        "options": items(tagged({SUB_COMMAND: _SUB, SUB_COMMAND_GROUP: _GROUP, **_LEAVES}), 25),
    },
)
_MENU: Final = record(
    {"type": choice(2, 3), "name": string(32)},
    {**_COMMON, "name_localizations": _localised(string(32)), "description": string(0, 0), "options": items(_SUB, 0)},
)


def _typed(value: Any, at: Path) -> Iterator[Problem]:
    yield from string(100, 0)(value, at) if isinstance(value, str) else number(value, at)


CHOICES: Final = record({"choices": _choices(_typed)})
"""What autocomplete answers."""


def problems(commands: Any) -> Iterator[Problem]:
    """What is wrong with the commands of an app in one scope, as a bulk PUT sends them."""
    if not isinstance(commands, list):
        yield Problem((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    told = [(place, one) for place, one in enumerate(commands) if isinstance(one, dict)]
    for place, command in enumerate(commands):
        menu = isinstance(command, dict) and command.get("type") in {2, 3}
        yield from (_MENU if menu else _SLASH)(command, (place,))
    kinds = Counter(one.get("type") or CHAT_INPUT for _, one in told)
    for kind, most in MOST.items():
        if kinds[kind] > most:
            yield Problem((), "APPLICATION_COMMANDS_MAX", f"No more than {most} commands of type {kind}.")
    names = Counter((one.get("type") or CHAT_INPUT, str(one.get("name"))) for _, one in told)
    for (_, name), count in names.items():
        if count > 1:
            yield Problem(
                (), "APPLICATION_COMMANDS_DUPLICATE_NAME", f"Application command names must be unique: {name}"
            )
    for place, command in told:
        yield from _siblings(command, (place,))
        if (size := _size(command)) > TOTAL:
            yield Problem((place,), "APPLICATION_COMMAND_TOO_LARGE", f"{size} characters in all, {TOTAL} are taken")


def _siblings(parent: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    """What holds between options side by side, at every level."""
    listed = parent.get("options")
    options = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    branches = [one.get("type") in {SUB_COMMAND, SUB_COMMAND_GROUP} for one in options]
    if any(branches) and not all(branches):
        yield Problem((*at, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands among other options")
    for name, count in Counter(str(one.get("name")) for one in options).items():
        if count > 1:
            yield Problem((*at, "options"), "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", f"Option {name} is there twice")
    optional = False
    for place, one in enumerate(options):
        here = (*at, "options", place)
        if one.get("required") and optional:
            yield Problem(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed first")
        optional = optional or not one.get("required")
        if one.get("autocomplete") and one.get("choices"):
            yield Problem(here, "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "Autocomplete does not go with choices")
        yield from _twice(one.get("choices"), here)
        yield from _siblings(one, here)


def _twice(choices: Any, at: Path) -> Iterator[Problem]:
    names = [str(one.get("name")) for one in choices if isinstance(one, dict)] if isinstance(choices, list) else []
    if len(names) != len(set(names)):
        yield Problem((*at, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS", "A choice is there twice")


def _size(node: Mapping[str, Any]) -> int:
    own = sum(_longest(node.get(key), node.get(f"{key}_localizations")) for key in ("name", "description"))
    value = node.get("value")
    own += len(value) if isinstance(value, str) else 0
    within: list[Any] = []
    for key in ("options", "choices"):
        listed: Sequence[Any] | None = node.get(key)
        within += listed if isinstance(listed, list) else []
    return own + sum(_size(one) for one in within if isinstance(one, dict))


def _longest(text: Any, localised: Any) -> int:
    said = [text, *(localised.values() if isinstance(localised, dict) else ())]
    return max((len(one) for one in said if isinstance(one, str)), default=0)
