"""What Slack would not take among blocks and views, told in sentences. Pure; unit tests of renderers use it as it is.

    assert violations(message.blocks) == []
    assert view_violations(form) == []

Blocks are held against the tables in `shapes`, against what holds between blocks (unique ids, totals), and against
slack_sdk's own models. Not looked at: whether mrkdwn means what its writer thinks, and whether a picture exists.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.fakes.slack.rules import items, tagged
from tests.fakes.slack.shapes import BLOCKS, VIEWS

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS: Final[Mapping[str, int]] = {"message": 50, "modal": 100, "home": 100}

MOST_CHARACTERS: Final = 13_000
"""Of all texts of a message's blocks. Undocumented: https://github.com/slackapi/bolt-js/issues/2509 measured 13,172."""

TOO_LONG: Final = "msg_blocks_too_long"
"""What the violation that has an error name of its own begins with."""


def violations(blocks: Sequence[Mapping[str, Any]], surface: Surface = "message") -> list[str]:
    """Everything Slack would refuse, each with a JSON pointer to it; [] if it would take them."""
    plain = json.loads(json.dumps(list(blocks)))
    least = 0 if surface == "home" else 1
    found = list(items(tagged(BLOCKS[surface]), MOST_BLOCKS[surface], least)(plain, "/blocks"))
    found += _clashes(plain)
    if surface != "modal":
        found += [f"{at}: {key} is for modals only" for at, key in _keys(plain, "/blocks") if key in _MODAL_ONLY]
    if surface == "message" and (characters := sum(map(len, texts(plain)))) > MOST_CHARACTERS:
        found.append(f"{TOO_LONG}: {characters} characters in all, {MOST_CHARACTERS} are taken")
    return found or _sdk(plain)


def view_violations(view: Mapping[str, Any]) -> list[str]:
    """As `violations`, of a modal or a Home tab."""
    found = list(tagged(VIEWS)(json.loads(json.dumps(view)), "/view"))
    if found:
        return found
    if not isinstance(view["blocks"], list | tuple):
        return ["/view/blocks: must be an array"]
    found = violations(view["blocks"], view["type"])
    kinds = {block.get("type") for block in view["blocks"]}
    if view["type"] == "modal" and "input" in kinds and "submit" not in view:
        found.append("/view: a modal with inputs must have submit")
    focused = sum(1 for _, key in _keys(view["blocks"], "/blocks") if key == "focus_on_load")
    if focused > 1:
        found.append("/view: only one element can have focus_on_load")
    return found


def elements(blocks: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Every interactive element, with the block that it is in."""
    for block in blocks:
        many = block.get("elements")
        inner = [*(many if isinstance(many, list) else ()), block.get("accessory"), block.get("element")]
        yield from ((block, one) for one in inner if isinstance(one, Mapping) and "action_id" in one)


def texts(value: Any) -> Iterator[str]:
    """Every text that is to be read, at any depth."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, str) and key in {"text", "alt_text"}:
                yield inner
            else:
                yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


_MODAL_ONLY: Final = {"response_url_enabled", "focus_on_load"}


def _keys(value: Any, at: str) -> Iterator[tuple[str, str]]:
    """Every key at any depth that is set to something true, with where it is."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if inner:
                yield at, key
            yield from _keys(inner, f"{at}/{key}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _keys(inner, f"{at}/{number}")


def _clashes(blocks: Sequence[Any]) -> Iterator[str]:
    sound = [block for block in blocks if isinstance(block, dict)]
    names = Counter(str(block["block_id"]) for block in sound if "block_id" in block)
    yield from (f"/blocks: block_id {name} is there {times} times" for name, times in names.items() if times > 1)
    for number, block in enumerate(sound):
        acts = Counter(str(element["action_id"]) for _, element in elements([block]))
        yield from (
            f"/blocks/{number}: action_id {name} is there {times} times" for name, times in acts.items() if times > 1
        )


def _sdk(blocks: Sequence[Any]) -> list[str]:
    """What slack_sdk has against them; only asked about blocks that have passed, as it trips over others."""
    found = []
    for number, block in enumerate(blocks):
        try:
            parsed = Block.parse(block)
            if parsed is None:
                found.append(f"/blocks/{number}: slack_sdk does not know it")
            else:
                parsed.validate_json()
        except (SlackObjectFormationError, TypeError) as error:
            found.append(f"/blocks/{number}: {error}")
    return found
