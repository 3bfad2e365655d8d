"""What a person types into a slash command's fields, as Discord sends it: options by type, and what they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tests.fakes.discord import shown
from tests.fakes.discord.act import Impossible
from tests.fakes.discord.manifest import SUB_COMMAND, SUB_COMMAND_GROUP
from tests.fakes.discord.world import Channel, Json, Message, Role, User, World

STRING: Final = 3
INTEGER: Final = 4
CHANNEL: Final = 7

PYTHON: Final[Mapping[int, tuple[type, ...]]] = {
    STRING: (str,),
    INTEGER: (int,),
    5: (bool,),
    6: (User,),
    CHANNEL: (Channel,),
    8: (Role,),
    9: (User, Role),
    10: (int, float),
}
"""What stands for a value of each type of option."""


def leaf(command: Json, path: str) -> list[Json]:
    """The options that a command or sub-command takes. Raises `Impossible` if there is no such sub-command."""
    node = command
    for name in path.split()[1:]:
        found = next((one for one in node.get("options") or [] if one["name"] == name), None)
        if found is None or found["type"] not in {SUB_COMMAND, SUB_COMMAND_GROUP}:
            raise Impossible(f"there is no {path}")
        node = found
    options: list[Json] = node.get("options") or []
    if any(one["type"] in {SUB_COMMAND, SUB_COMMAND_GROUP} for one in options):
        raise Impossible(f"{path} is to be followed by one of {[one['name'] for one in options]}")
    return options


def nested(path: str, options: list[Json]) -> list[Json]:
    """Options within their sub-command, within its group."""
    names = path.split()[1:]
    kinds = [SUB_COMMAND_GROUP, SUB_COMMAND][-len(names) :] if names else []
    for name, kind in reversed(list(zip(names, kinds, strict=True))):
        options = [{"name": name, "type": kind, "options": options}]
    return options


def typed(known: Sequence[Json], given: Mapping[str, Any]) -> list[Json]:
    """Options as they are sent. Raises `Impossible` for what the client would not let somebody send."""
    unknown = given.keys() - {one["name"] for one in known}
    if unknown:
        raise Impossible(f"there is no option {', '.join(sorted(unknown))}")
    kept = []
    for one in known:
        if one["name"] in given:
            value = _value(one, given[one["name"]])
            kept.append({"name": one["name"], "type": one["type"], "value": value})
        elif one.get("required"):
            raise Impossible(f"option {one['name']} is required")
    return kept


def _value(option: Json, value: Any) -> Any:
    kinds = PYTHON.get(option["type"], ())
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise Impossible(f"option {option['name']} is of type {option['type']}, {value!r} is not")
    if isinstance(value, Channel):
        wanted = option.get("channel_types")
        if wanted and value.kind not in wanted:
            raise Impossible(f"option {option['name']} takes channels of type {wanted}")
    if isinstance(value, User | Channel | Role):
        return value.id
    choices = option.get("choices")
    if choices and value not in [one["value"] for one in choices]:
        raise Impossible(f"option {option['name']} is one of {[one['value'] for one in choices]}")
    size = len(value) if isinstance(value, str) else value
    least, most = (option.get(f"{end}_{'length' if isinstance(value, str) else 'value'}") for end in ("min", "max"))
    if (least is not None and size < least) or (most is not None and size > most):
        raise Impossible(f"option {option['name']}: {value!r} is not between {least} and {most}")
    return value


def resolved(world: World, user: User, values: Iterable[Any]) -> Json:
    """What values refer to, with what the user may do in channels."""
    found: Json = {}
    for one in values:
        if isinstance(one, Channel):
            found.setdefault("channels", {})[one.id] = shown.channel_for(world, one, user.id)
        elif isinstance(one, User):
            found.setdefault("users", {})[one.id] = shown.user(one)
        elif isinstance(one, Role):
            found.setdefault("roles", {})[one.id] = shown.role(one)
        elif isinstance(one, Message):
            found.setdefault("messages", {})[one.id] = shown.message(world, one)
    return found
