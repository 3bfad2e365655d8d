"""The Slack bot's pages: where workspaces install Paperboy, and in HTTP mode where Slack sends its requests."""

from __future__ import annotations

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp

from bot.serving import Pages

EVENTS = "/slack/events"
"""Commands, events and interactivity are all sent here."""


def with_events(pages: Pages, app: AsyncApp) -> Pages:
    """The pages, and the one that Slack sends its requests to."""

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    return {**pages, ("POST", EVENTS): events}
