"""What a person chooses in a menu and fills into a form, as Discord sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.discord.act import Impossible
from tests.fakes.discord.shapes import LABEL, SELECTS, STRING_SELECT, TEXT_DISPLAY, TEXT_INPUT
from tests.fakes.discord.world import Channel, Json, Role, User


def chosen(menu: Json, values: Sequence[Any]) -> list[str]:
    """The values that are sent. Raises `Impossible` for what the menu does not offer."""
    least, most = menu.get("min_values", 1), menu.get("max_values", 1)
    if not least <= len(values) <= most:
        raise Impossible(f"{menu['custom_id']} takes {least} to {most} values, not {len(values)}")
    if menu["type"] != STRING_SELECT:
        return [one.id if isinstance(one, User | Channel | Role) else str(one) for one in values]
    offered = {one[key]: one["value"] for key in ("label", "value") for one in menu["options"]}
    if unknown := [one for one in values if one not in offered]:
        raise Impossible(f"{menu['custom_id']} offers {list(offered)}, not {unknown}")
    return [offered[one] for one in values]


def filled(form: Json, fields: Mapping[str, Any]) -> list[Json]:
    """A form's components as they are submitted. Raises `Impossible` for a field that is not there or does not fit."""
    seen: set[str] = set()
    sent = [_sent(one, fields, seen) for one in form["components"]]
    if unknown := fields.keys() - seen:
        raise Impossible(f"the form has no {', '.join(sorted(unknown))}: {sorted(seen)}")
    return sent


def _sent(component: Json, fields: Mapping[str, Any], seen: set[str]) -> Json:
    kind = {"type": component["type"], "id": component["id"]}
    if component["type"] == TEXT_DISPLAY:
        return kind
    if component["type"] == LABEL:
        return {**kind, "component": _sent(component["component"], fields, seen)}
    if component["type"] == TEXT_INPUT:
        return {**kind, "custom_id": component["custom_id"], "value": _written(component, fields, seen)}
    if component["type"] in SELECTS:
        seen.add(component["custom_id"])
        defaults = [one["value"] for one in component.get("options", []) if one.get("default")]
        values = fields.get(component["custom_id"], defaults)
        is_left = not values and component.get("required") is False
        return {**kind, "custom_id": component["custom_id"], "values": [] if is_left else chosen(component, values)}
    return {**kind, "components": [_sent(one, fields, seen) for one in component["components"]]}


def _written(field: Json, fields: Mapping[str, Any], seen: set[str]) -> str:
    seen.add(field["custom_id"])
    text = str(fields.get(field["custom_id"], field.get("value") or ""))
    if not text and field.get("required", True):
        raise Impossible(f"{field['custom_id']} is required")
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if text and not least <= len(text) <= most:
        raise Impossible(f"{field['custom_id']} takes {least} to {most} characters, not {len(text)}")
    return text
