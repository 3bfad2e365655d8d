"""What the strict Discord takes and refuses: each limit at its edge and one beyond."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.discord.payloads import IS_COMPONENTS_V2, Surface, problems, violations
from tests.fakes.discord.rules import form

Json = dict[str, Any]


def button(number: int = 0, **more: object) -> Json:
    return {"type": 2, "style": 2, "label": "Why", "custom_id": f"why:{number}", **more}


def row(*components: Json) -> Json:
    return {"type": 1, "components": list(components)}


def text(said: str = "A paper") -> Json:
    return {"type": 10, "content": said}


def v2(*components: Json, **more: object) -> Json:
    return {"flags": IS_COMPONENTS_V2, "components": list(components), "allowed_mentions": {"parse": []}, **more}


def card() -> Json:
    thumbnail = {"type": 11, "media": {"url": "https://example.org/a.png"}, "description": "Its first figure"}
    section = {"type": 9, "components": [text("## Title"), text("By us")], "accessory": thumbnail}
    gallery = {"type": 12, "items": [{"media": {"url": "https://example.org/b.png"}}]}
    link = {"type": 2, "style": 5, "label": "Read", "url": "https://example.org"}
    within = [section, gallery, {"type": 14, "divider": True, "spacing": 2}, row(button(1), link)]
    return {"type": 17, "accent_color": 0x336699, "components": within}


def select(count: int = 2, **more: object) -> Json:
    options = [{"label": f"Choice {number}", "value": str(number), "description": "d"} for number in range(count)]
    return {"type": 3, "custom_id": "choose", "options": options, **more}


def text_input(**more: object) -> Json:
    return {"type": 4, "custom_id": "query", "style": 1, **more}


def modal(*components: Json, **more: object) -> Json:
    within = [{"type": 18, "label": "Query", "component": text_input()}] if not components else list(components)
    return {"custom_id": "subscribe", "title": "Subscribe", "components": within, **more}


def option(name: str = "query", kind: int = 3, **more: object) -> Json:
    return {"type": kind, "name": name, "description": "What to look for", **more}


def command(*options: Json, **more: object) -> Json:
    return {"name": "papers", "description": "Papers for this channel", "options": list(options), **more}


def embed(**more: object) -> Json:
    return {"title": "A paper", **more}


def many(count: int) -> list[Json]:
    return [{"name": f"{number}" * 50, "value": "v" * 100} for number in range(count)]


TAKEN: list[tuple[Surface, Any]] = [
    ("message", {"content": "x" * 2000, "nonce": "n" * 25, "enforce_nonce": True, "tts": False}),
    ("message", {"content": "hello", "components": [row(*(button(n) for n in range(5)))] * 1 + [row(select(25))]}),
    ("message", {"embeds": [embed(description="d" * 4096, fields=[{"name": "a", "value": "b"}] * 25)]}),
    ("message", v2(card())),
    ("message", v2(*(text() for _ in range(40)))),
    ("message", v2(text("x" * 4000))),
    ("message", {"content": "hello", "message_reference": {"message_id": "1", "fail_if_not_exists": False}}),
    ("reply", {"content": "only you", "flags": 64}),
    ("reply", {"flags": IS_COMPONENTS_V2 | 64, "components": [card()]}),
    ("edit", {"components": []}),
    ("modal", modal()),
    ("modal", modal(row(text_input(label="Query", value="x" * 4000, placeholder="p" * 100)))),
    ("modal", modal({"type": 18, "label": "When", "component": select(3)}, {"type": 10, "content": "A note"})),
    ("autocomplete", {"choices": [{"name": "n" * 100, "value": "v" * 100}] * 25}),
    ("autocomplete", {"choices": [{"name": "one", "value": 1}]}),
    (
        "commands",
        [command(option(required=True, autocomplete=True), option("day", choices=[{"name": "a", "value": "a"}]))],
    ),
    (
        "commands",
        [command({**option("follow", 1), "options": [option()]}, option("admin", 2, options=[option("log", 1)]))],
    ),
    ("commands", [command(description_localizations={"de": "Arbeiten"}, name_localizations={"ja": "論文"})]),
    ("commands", [{"type": 3, "name": "Find similar papers", "contexts": [0, 1], "integration_types": [0]}]),
]

REFUSED: list[tuple[Surface, Any, str]] = [
    ("message", {"content": "x" * 2001}, "content: Must be 2000 or fewer"),
    ("message", {"content": " "}, "Cannot send an empty message"),
    ("message", {"content": "hello", "nonce": "n" * 26}, "nonce: "),
    ("message", {"content": "hello", "colour": 1}, "colour: There is no such key"),
    ("message", {"content": "hello", "flags": 64}, "flags: Flags 64"),
    ("message", {"content": "hello", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "exclude"),
    ("message", {"content": "hello", "components": [row(*(button(n) for n in range(6)))]}, "between 1 and 5"),
    ("message", {"content": "hello", "components": [row(button(n)) for n in range(6)]}, "components: Must be 5"),
    ("message", {"content": "hello", "components": [row(button(), button())]}, "custom_id: Component custom_id cannot"),
    ("message", {"content": "hello", "components": [row(button(custom_id="c" * 101))]}, "custom_id: Must be"),
    ("message", {"content": "hello", "components": [row(button(label="l" * 81))]}, "label: Must be 80"),
    (
        "message",
        {"content": "hello", "components": [row(button(url="https://example.org"))]},
        "url: Not with custom_id",
    ),
    (
        "message",
        {"content": "hello", "components": [row({"type": 2, "style": 5, "label": "x", "url": "ftp://a.b"})]},
        "Scheme",
    ),
    ("message", {"content": "hello", "components": [row(select(), button())]}, "maximum width"),
    ("message", {"content": "hello", "components": [row(select(26))]}, "options: Must be between 1 and 25"),
    ("message", {"content": "hello", "components": [row(select(2, max_values=3))]}, "max_values: int value"),
    ("message", {"content": "hello", "components": [text()]}, "components.0.type: Value of field"),
    ("message", {"embeds": [embed()] * 11}, "embeds: Must be 10"),
    ("message", {"embeds": [embed(title="t" * 257)]}, "embeds.0.title: Must be"),
    ("message", {"embeds": [embed(description="d" * 4000)] * 2}, "Embed size exceeds"),
    ("message", {"embeds": [embed(url="javascript:alert(1)")]}, "Scheme"),
    ("message", {"embeds": [embed(fields=[{"name": "n", "value": "v" * 1025}])]}, "fields.0.value"),
    ("message", {"embeds": [{}]}, "embeds.0: This field is required"),
    ("message", v2(text(), content="hello"), "cannot be used with content"),
    ("message", v2(text(), embeds=[embed()]), "cannot be used with embeds"),
    ("message", v2(), "components: This field is required"),
    ("message", v2(*({"type": 17, "components": [text(), text()]} for _ in range(14))), "42 components in all"),
    ("message", v2(text("x" * 2001), text("y" * 2000)), "4001 characters"),
    ("message", v2({"type": 9, "components": [text()]}), "accessory: This field is required"),
    ("message", v2({"type": 9, "components": [text()] * 4, "accessory": button()}), "between 1 and 3"),
    ("message", v2({"type": 17, "components": [card()]}), "type: Value of field"),
    ("message", v2(text(""), card()), "content: This field is required"),
    ("message", v2({**card(), "color": 3}), "color: There is no such key"),
    ("post", {"content": "hello", "nonce": "1"}, "nonce: There is no such key"),
    ("edit", {"content": "hello", "flags": 64}, "flags: Flags 64"),
    ("modal", modal(title="t" * 46), "title: Must be"),
    ("modal", modal(*(row(text_input(label="x", custom_id=str(n))) for n in range(6))), "between 1 and 5"),
    ("modal", modal({"type": 18, "label": "l" * 46, "component": text_input()}), "label: Must be"),
    ("modal", modal(row(text_input())), "label: This field is required"),
    ("modal", modal({"type": 18, "label": "Query", "component": text_input(label="x")}), "label: There is no such key"),
    ("modal", modal({"type": 18, "label": "Query", "component": text_input(placeholder="p" * 101)}), "placeholder"),
    ("modal", modal({"type": 18, "label": "Query", "component": text_input(max_length=3, value="four")}), "value: "),
    ("modal", modal(text_input()), "components.0.type"),
    ("autocomplete", {"choices": [{"name": "n", "value": "v"}] * 26}, "choices: Must be 25"),
    ("autocomplete", {"choices": [{"name": "n" * 101, "value": "v"}]}, "name: Must be"),
    ("commands", [command(name="Papers")], "lower case"),
    ("commands", [command(name="two words")], "name is invalid"),
    ("commands", [command(description="")], "description: This field is required"),
    ("commands", [command(*(option(f"o{n}") for n in range(26)))], "options: Must be 25"),
    ("commands", [command(option("a"), option("b", required=True))], "Required options must be placed first"),
    ("commands", [command(option("a"), option("b", 1))], "Sub-commands among other options"),
    ("commands", [command(option("a", 2, options=[option("b", 2, options=[option("c", 1)])]))], "type: Value"),
    ("commands", [command(), command()], "must be unique"),
    ("commands", [command(name_localizations={"en": "papers"})], "name_localizations.en: There is no such key"),
    ("commands", [command(option(autocomplete=True, choices=[{"name": "a", "value": "a"}]))], "does not go with"),
    ("commands", [{"type": 3, "name": "Similar", "description": "x"}], "description: Must be 0"),
    (
        "commands",
        [command(*(option(f"o{n}", choices=many(9)) for n in range(9)))],
        "characters in all, 8000",
    ),
]


@pytest.mark.parametrize(("surface", "payload"), TAKEN)
def test_what_discord_takes_has_no_violation(surface: Surface, payload: Any) -> None:
    assert violations(payload, surface) == []


@pytest.mark.parametrize(("surface", "payload", "told"), REFUSED)
def test_what_discord_refuses_is_told_with_its_place(surface: Surface, payload: Any, told: str) -> None:
    assert any(told in one for one in violations(payload, surface)), violations(payload, surface)


def test_a_change_cannot_take_components_v2_from_a_message() -> None:
    assert problems({"components": [card()]}, "edit", is_v2=True) == []
    assert "cannot be removed" in str(problems({"flags": 0, "components": [card()]}, "edit", is_v2=True)[0])
    assert problems({"content": "now in words"}, "edit", is_v2=True)


def test_what_is_wrong_is_sent_as_discord_sends_it() -> None:
    wrong = {"content": "hello", "components": [row(button(label="l" * 81))]}
    told = form(problems(wrong))
    assert told["components"]["0"]["components"]["0"]["label"]["_errors"][0]["code"] == "BASE_TYPE_MAX_LENGTH"
