"""What stands in a view's fields: as a user finds it, as they fill it in, and as Slack tells the app. Pure.

values(view, {})                                    # state.values, as the view came
filled(element, "3")                                # what a field holds after the user chose or typed that
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.fakes.slack.blocks import elements
from tests.fakes.slack.world import Json

Typed = dict[tuple[str, str], Json]
"""What the user has filled in, by block_id and action_id."""


class Impossible(AssertionError):  # noqa: N818 - said of what a test asks a user to do
    """No user of Slack's own client could do this: there is no such button, or the form cannot be sent like that."""


_HOLDS: Final = {
    "plain_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "users_select": ("selected_user", "initial_user"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
}
"""Of each element that keeps something: where state says what it holds, and where the element says it at first."""


def held(element: Mapping[str, Any], channel: str = "") -> Json:
    """What a field holds at first; `channel` is where the user is, for fields that start there."""
    key, initial = _HOLDS[element["type"]]
    empty: Any = [] if key == "selected_options" else None
    at_first = element.get(initial, empty)
    if at_first is None and element.get("default_to_current_conversation"):
        at_first = channel or None
    return {"type": element["type"], key: at_first}


def filled(element: Mapping[str, Any], answer: Any) -> Json:
    """A field after the user filled it in: text, an option's value or values, or an id. Raises Impossible."""
    key, _ = _HOLDS[element["type"]]
    if key == "selected_option":
        return {"type": element["type"], key: option(element, answer)}
    if key == "selected_options":
        return {"type": element["type"], key: [option(element, one) for one in answer]}
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if key == "value" and answer and not least <= len(answer) <= most:
        raise Impossible(f"{element['action_id']} takes {least} to {most} characters, not {len(answer)}")
    return {"type": element["type"], key: answer or None}


def option(element: Mapping[str, Any], value: str) -> Json:
    """The option of that value. Raises Impossible."""
    groups = element.get("option_groups", [])
    options = [*element.get("options", []), *(one for group in groups for one in group["options"])]
    for one in options:
        if one["value"] == value:
            return dict(one)
    raise Impossible(f"{element['action_id']} has no option {value}: {[one['value'] for one in options]}")


def values(view: Mapping[str, Any], typed: Typed, channel: str = "") -> dict[str, Json]:
    """state.values: by block_id, then by action_id."""
    state: dict[str, Json] = {}
    for block, element in elements(view["blocks"]):
        if element["type"] in _HOLDS:
            key = (block["block_id"], element["action_id"])
            state.setdefault(key[0], {})[key[1]] = typed.get(key) or held(element, channel)
    return state


def field(view: Mapping[str, Any], name: str) -> tuple[Json, Json]:
    """A block and its element, by block_id or action_id. Raises Impossible."""
    for block, element in elements(view["blocks"]):
        if name in {block["block_id"], element["action_id"]}:
            return dict(block), dict(element)
    raise Impossible(f"no field {name} in {[e['action_id'] for _, e in elements(view['blocks'])]}")


def unfilled(view: Mapping[str, Any], state: Mapping[str, Json]) -> Iterator[str]:
    """block_ids of inputs that are not optional and hold nothing: the client does not send such a form."""
    for block in view["blocks"]:
        if block["type"] == "input" and not block.get("optional"):
            element = block["element"]
            if not state[block["block_id"]][element["action_id"]][_HOLDS[element["type"]][0]]:
                yield block["block_id"]


def kept(view: Mapping[str, Any], typed: Typed) -> Typed:
    """What stays filled in when a view takes another's place: fields with the same block_id and action_id."""
    there = {(block["block_id"], element["action_id"]) for block, element in elements(view["blocks"])}
    return {key: value for key, value in typed.items() if key in there}
