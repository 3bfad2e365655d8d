"""The app manifest: what people paste into Slack is what the code listens to and asks for."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.slack.events import CLOSED, OPENED
from bot.slack.listeners import COMMAND, SHORTCUT
from bot.slack.scopes import SCOPES
from tests.repository import ROOT

TEXT = (ROOT / "deploy/slack/manifest.yaml").read_text("utf-8")

EVENTS = {"app_home_opened", "app_uninstalled", "tokens_revoked", "link_shared", "message.im", "member_joined_channel"}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(TEXT)
    return parsed


def test_it_asks_for_exactly_the_scopes_that_the_code_needs(manifest: dict[str, Any]) -> None:
    assert manifest["oauth_config"]["scopes"] == {"bot": list(SCOPES)}


@pytest.mark.parametrize("scope", SCOPES)
def test_every_scope_stands_there_with_its_reason(scope: str) -> None:
    assert f"- {scope} # {SCOPES[scope]}\n" in TEXT
    assert f"| `{scope}` | {SCOPES[scope]} |" in (ROOT / "docs/slack.md").read_text("utf-8")


def test_it_subscribes_to_the_events_that_are_listened_to(manifest: dict[str, Any]) -> None:
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == EVENTS | {*CLOSED, *OPENED}


def test_it_declares_the_command_and_the_shortcut(manifest: dict[str, Any]) -> None:
    assert [one["command"] for one in manifest["features"]["slash_commands"]] == [COMMAND]
    assert [(one["type"], one["callback_id"]) for one in manifest["features"]["shortcuts"]] == [("message", SHORTCUT)]
