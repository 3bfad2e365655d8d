"""Whether Slack would let the bot work: tokens, scopes, the way in. For `paperboy doctor`; nothing is changed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.checked import Checked
from bot.slack.api import Api, error_code
from bot.slack.installs import Installs
from bot.slack.oauth import INSTALL
from bot.slack.scopes import CONNECTING, SCOPES, missing
from bot.slack.tokens import OneWorkspace
from papers.errors import RetryAfter
from papers.settings import Settings


async def examine(settings: Settings, installs: Installs | None) -> AsyncIterator[Checked]:
    """Look at everything that SLACK_… settings promise. `installs` is there where workspaces install the app."""
    if settings.slack_bot_token is not None:
        yield await _workspace(settings.slack_bot_token.get_secret_value(), settings.slack_api_base_url)
    if settings.slack_app_token is not None and settings.slack_mode == "socket":
        yield await _socket(settings.slack_app_token.get_secret_value(), settings.slack_api_base_url)
    if installs is not None:
        found = await installs.workspaces()
        for one in found:
            yield _scopes(f"Slack: installed in {one.name} ({one.id})", one.scopes)
        if not found:
            yield Checked("note", "Slack: installed in no workspace yet", f"open {INSTALL} at your public address")


async def _workspace(token: str, base_url: str) -> Checked:
    one = OneWorkspace(token, base_url)
    try:
        bot = await one.home()
    except RetryAfter as error:
        trouble = _said(error.__cause__)
        if not _is_slacks(error.__cause__):
            return Checked("bad", f"Slack does not answer ({trouble})", "is there a way to SLACK_API_BASE_URL?")
        return Checked("bad", f"Slack: SLACK_BOT_TOKEN does not work ({trouble})", "copy it anew from the app's page")
    finally:
        await one.close()
    return _scopes(f"Slack: speaks in workspace {bot.workspace}", bot.scopes)


def _scopes(where: str, granted: frozenset[str] | tuple[str, ...]) -> Checked:
    if not granted:
        return Checked("note", f"{where}; Slack does not say what it may do there")
    lacking = missing(granted)
    if not lacking:
        return Checked("good", where)
    reasons = "; ".join(f"{scope} ({SCOPES[scope]})" for scope in lacking)
    return Checked(
        "bad", f"{where}, but lacks {reasons}", "paste deploy/slack/manifest.yaml again, and reinstall the app"
    )


async def _socket(token: str, base_url: str) -> Checked:
    api = Api(base_url)
    try:
        await api.client(token).apps_connections_open(app_token=token)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        if not _is_slacks(error):
            return Checked("bad", f"Slack does not answer ({_said(error)})", "is there a way to SLACK_API_BASE_URL?")
        mend = f"make an app-level token with the scope {CONNECTING}, and switch Socket Mode on"
        return Checked("bad", f"Slack: SLACK_APP_TOKEN opens no connection ({_said(error)})", mend)
    finally:
        await api.close()
    return Checked("good", "Slack: Socket Mode connects")


def _is_slacks(error: BaseException | None) -> bool:
    """Whether Slack itself refuses; what is there in its place answers no JSON of Slack's."""
    return isinstance(error, SlackApiError) and not error_code(error).startswith("HTTP ")


def _said(error: BaseException | None) -> str:
    return error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
