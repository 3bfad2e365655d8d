"""The first connection by Socket Mode: a wrong token ends it with a reason, a Slack that is away is waited for."""

from __future__ import annotations

import asyncio

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.slack import socket
from bot.slack.socket import Socket
from papers.errors import SettingsError
from tests.fakes.slack import StrictSlack

PATIENCE = 10.0


def connect(slack: StrictSlack, token: str) -> bool:
    """Whether it stands once it is held."""

    async def go() -> bool:
        app = AsyncApp(signing_secret="-", client=AsyncWebClient(token="-", base_url=slack.api_url))  # noqa: S106 - none
        made = Socket(app, token, slack.api_url)
        async with asyncio.timeout(PATIENCE), made.held():
            return await made.up()

    return asyncio.run(go())


def test_a_token_that_slack_does_not_take_is_refused_by_its_settings_name(slack: StrictSlack) -> None:
    with pytest.raises(SettingsError, match=r"SLACK_APP_TOKEN: Slack does not take it \(invalid_auth\)"):
        connect(slack, "xapp-of-somebody-else")


@pytest.mark.parametrize("trouble", ["500", "429", "fatal_error"])
def test_a_slack_that_is_away_is_waited_for(slack: StrictSlack, monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    monkeypatch.setattr(socket, "FIRST_PAUSE", 0.01)
    slack.fail("apps.connections.open", trouble, times=1)
    with capture_logs() as logs:
        assert connect(slack, slack.app_token)
    assert [line["event"] for line in logs] == ["slack is out of reach"]
