"""Buttons: written, made short enough to be sent, and read back; posts recognised by them."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord import acts, parts
from bot.discord.message import Message
from bot.discord.post import render_post
from papers.model import DeliveryKind
from tests.fakes.discord.payloads import violations
from tests.unit.bot.discord.samples import inside
from tests.unit.bot.samples import DRAFTS, PAPERS, delivery

VERBS = sorted({acts.SAY, acts.TURN, acts.FORM, acts.UP, acts.REPAIR, *acts.CHOICES})


@given(st.sampled_from(VERBS), st.text(max_size=300), st.sampled_from(["", "0", "a" * 24]))
def test_whatever_a_button_says_comes_back_from_what_was_sent(verb: str, argument: str, apart: str) -> None:
    kept: dict[str, str] = {}

    def keep(text: str) -> str:
        kept["token"] = text
        return "token"

    message = Message(tuple(parts.row(parts.button("x", verb, argument, apart=apart))))
    payload = acts.shortened(message.payload(), keep)
    assert violations(payload) == []
    (custom_id,) = (one["custom_id"] for one in inside(payload["components"]) if "custom_id" in one)
    assert acts.verb(custom_id) == verb
    assert acts.argument(custom_id, kept.get) == argument
    assert bool(kept) == (len(acts.act(verb, argument, apart)) > 100 or argument.startswith("~"))


def test_what_was_kept_too_long_ago_is_none() -> None:
    assert acts.argument("say:~gone", lambda _: None) is None


def test_what_is_short_goes_out_as_it_is_and_nothing_is_changed_in_place() -> None:
    payload = render_post(delivery("digest"), PAPERS).payload()
    assert acts.shortened(payload, str) == payload
    long = Message(tuple(parts.row(parts.button("x", acts.SAY, "y" * 200)))).payload()
    assert acts.shortened(long, lambda _: "t") != long
    assert long["components"][0]["components"][0]["components"][0]["custom_id"] == "say:" + "y" * 200


def test_a_label_that_looks_like_a_buttons_act_is_left_alone() -> None:
    said = Message((parts.text("custom_id"), *parts.row(parts.button("say:~x", acts.SAY, "list"))))
    assert acts.shortened(said.payload(), str) == said.payload()


@pytest.mark.parametrize("kind", get_args(DeliveryKind))
def test_every_post_is_recognised_by_its_delivery(kind: DeliveryKind) -> None:
    for items in (delivery(kind).items, ()):
        message = render_post(delivery(kind, id="0123456789abcdef01234567", items=items), PAPERS)
        assert acts.delivery_of(message.payload()) == "0123456789abcdef01234567"


@pytest.mark.parametrize("argument", [f"search x#{'a' * 24}", f"search {'a' * 24}", f"x#{'a' * 24}:y"])
def test_no_line_that_somebody_types_makes_a_message_pass_for_a_post(argument: str) -> None:
    message = Message(tuple(parts.row(parts.button("x", acts.SAY, argument))))
    assert acts.delivery_of(message.payload()) is None


def test_a_post_that_a_message_quotes_is_not_that_message() -> None:
    post = render_post(delivery("abstracts", abstracts=(DRAFTS.id,)), PAPERS).payload()
    assert acts.delivery_of({"content": "", "components": [], "referenced_message": post}) is None
    assert acts.delivery_of({"message_snapshots": [{"message": post}]}) is None
    assert acts.delivery_of([]) is None
