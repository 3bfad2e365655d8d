"""What the strict Slack refuses among blocks and views."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.slack.blocks import view_violations, violations

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str = "a", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(count: int = 1, **more: Any) -> Json:
    made = [{"text": plain(), "value": str(number)} for number in range(count)]
    return {"type": "static_select", "action_id": "s", "options": made, **more}


def field(**more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "q"}
    return {"type": "input", "block_id": "query", "label": plain(), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks), **more}


GOOD = [
    {"type": "header", "text": plain("x" * 150)},
    section("x" * 3000, accessory=button(value="v" * 2000, url="https://example.org/", style="primary")),
    {"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 10},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 10},
    {"type": "image", "image_url": "https://example.org/x.png", "alt_text": "x", "title": plain()},
    {"type": "divider"},
    actions(*(button(str(number)) for number in range(24)), select(100)),
]


def test_what_slack_takes_is_taken() -> None:
    assert violations(GOOD) == []
    assert violations([*GOOD, field()], "home") == []
    assert view_violations(modal(*GOOD, field(), private_metadata="x" * 3000, close=plain("x" * 24))) == []


confirm = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}

BAD: dict[str, Json] = {
    "a key that no section has": section(colour="red"),
    "a key that no button has": actions(button(tooltip="x")),
    "a key that no text has": {"type": "section", "text": {**plain(), "size": 3}},
    "mrkdwn in a header": {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
    "an empty text": section(""),
    "a text of blanks": section(" \n"),
    "a section's text of 3001": section("x" * 3001),
    "a section without text": {"type": "section"},
    "a field's text of 2001": {"type": "section", "fields": [plain("x" * 2001)]},
    "11 fields": {"type": "section", "fields": [plain()] * 11},
    "a header of 151": {"type": "header", "text": plain("x" * 151)},
    "a button's text of 76": actions(button(text=plain("x" * 76))),
    "a button's value of 2001": actions(button(value="x" * 2001)),
    "a button's url of 3001": actions(button(url="https://example.org/" + "x" * 2981)),
    "a button to javascript": actions(button(url="javascript:alert(1)")),
    "an action_id of 256": actions(button("x" * 256)),
    "an action_id twice": actions(button("a"), button("a")),
    "26 buttons": actions(*(button(str(number)) for number in range(26))),
    "no buttons": actions(),
    "a block_id of 256": section(block_id="x" * 256),
    "11 elements of context": {"type": "context", "elements": [plain()] * 11},
    "a button in context": {"type": "context", "elements": [button()]},
    "an image's alt text of 2001": {"type": "image", "image_url": "https://e.org", "alt_text": "x" * 2001},
    "an image without alt text": {"type": "image", "image_url": "https://e.org"},
    "an image by ftp": {"type": "image", "image_url": "ftp://e.org/x", "alt_text": "x"},
    "101 options": actions(select(101)),
    "an option's value of 151": actions(select(1, options=[{"text": plain(), "value": "x" * 151}])),
    "an option's text of 76": actions(select(1, options=[{"text": plain("x" * 76), "value": "x"}])),
    "an initial option that is none": actions(select(1, initial_option={"text": plain(), "value": "9"})),
    "6 options of overflow": actions({**select(6), "type": "overflow"}),
    "a confirm title of 101": actions(button(confirm={**confirm, "title": plain("x" * 101)})),
    "a confirm button of 31": actions(button(confirm={**confirm, "confirm": plain("x" * 31)})),
    "a confirm dialog's text of 301": actions(button(confirm={**confirm, "text": plain("x" * 301)})),
    "a confirm dialog without deny": actions(button(confirm={"title": plain(), "text": plain(), "confirm": plain()})),
    "a style that is none": actions(button(style="blue")),
    "an input in a message": field(),
    "a text input among actions": actions({"type": "plain_text_input", "action_id": "q"}),
    "a block that is none": {"type": "sektion"},
    "a block without type": {},
    "response_url_enabled": actions({"type": "conversations_select", "action_id": "c", "response_url_enabled": True}),
}


@pytest.mark.parametrize("what", BAD)
def test_what_slack_refuses_is_refused(what: str) -> None:
    assert len(violations([BAD[what]])) >= 1
    assert violations([section(), BAD[what]])[0].startswith("/blocks/1")


def test_a_message_is_refused_for_the_sum_of_its_blocks() -> None:
    assert violations([section()] * 50) == []
    assert violations([section()] * 51)
    assert violations([]) == ["/blocks: must have 1 to 50 items, has 0"]
    assert violations([section(block_id="b"), section(block_id="b")])
    assert violations([section("x" * 2600)] * 5) == []
    assert violations([section("x" * 2601)] * 5)[0].startswith("msg_blocks_too_long")


@pytest.mark.parametrize(
    "view",
    [
        modal(*[section()] * 101),
        modal(section(), title=plain("x" * 25)),
        modal(section(), submit=plain("x" * 25)),
        modal(section(), close=plain("x" * 25)),
        modal(section(), private_metadata="x" * 3001),
        modal(section(), callback_id="x" * 256),
        modal(section(), colour="red"),
        {key: value for key, value in modal(field()).items() if key != "submit"},
        {"type": "home", "title": plain(), "blocks": [section()]},
        {"type": "window", "blocks": [section()]},
        modal(field(label=plain(""))),
    ],
)
def test_views_have_limits_of_their_own(view: Json) -> None:
    assert view_violations(view)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "elements", "accessory", "options", "element"]), inner)
    ),
    max_leaves=8,
)
blocks = st.fixed_dictionaries({"type": st.sampled_from(["section", "actions", "context", "input", "divider", "x"])})


@given(st.builds(lambda block, more: {**more, **block}, blocks, st.dictionaries(st.text(max_size=9), anything)))
def test_no_block_trips_the_one_who_looks(block: Json) -> None:
    assert isinstance(violations([block]), list)
    assert isinstance(view_violations(modal(block)), list)
