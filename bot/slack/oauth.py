"""The two pages by which a workspace installs Paperboy: one leads to Slack, Slack leads back to the other.

    GET /slack/install ──► a state, in Redis and in a cookie ──► Slack's page ──► GET /slack/oauth_redirect
        ──► state and cookie agree, state used up ──► code against token ──► sealed and stored ──► what to do next

Bolt's flow does the steps; this module says how, and writes the pages. They load nothing, are not cached, and pass no
referrer on, as a code stands in the address. See https://docs.slack.dev/authentication/installing-with-oauth.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from html import escape
from http import HTTPStatus
from typing import Final

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.web.async_client import AsyncWebClient

from bot.serving import Pages
from bot.slack.api import Api, silent
from bot.slack.installs import STATE_SECONDS, Installs, States, workspace_named
from papers.errors import PaperboyError, StoreError
from papers.settings import Settings
from papers.stores.once import Once

INSTALL: Final = "/slack/install"
REDIRECT: Final = "/slack/oauth_redirect"
"""Slack's "Direct Install URL" and "Redirect URL" of the app are these, behind the address that the world knows."""

HOST: Final = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
LOOPBACK: Final = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]+)?")

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Type": "text/html; charset=utf-8",
}

REASONS: Final[Mapping[str, str]] = {
    "access_denied": "The installation was cancelled. Nothing was changed.",
    "invalid_browser": "This is not the browser that the installation was begun in, or that was over ten minutes ago.",
    "invalid_state": "This installation was finished already, or it was begun over ten minutes ago.",
    "missing_code": "Slack sent no code along.",
    "invalid_code": "Slack did not accept its code: it is good once, and for ten minutes.",
}
"""Why an installation failed, by Bolt's and Slack's names for it."""

MOST: Final = 80
"""Characters of a reason that are repeated: it comes with the address, from anybody."""

Installed = Callable[[str, str], Awaitable[None]]
"""Is told the workspace and the user who installed."""

log = structlog.get_logger(platform="slack")


def oauth_flow(
    settings: Settings,
    installs: Installs,
    once: Once,
    scopes: Sequence[str],
    *,
    client: AsyncWebClient,
    redirect_uri: str,
    callbacks: AsyncCallbackOptions | None = None,
) -> AsyncOAuthFlow:
    """Bolt's flow with our stores, our client and the settings' addresses; it keeps nothing in files of its own."""
    secret = settings.slack_client_secret
    return AsyncOAuthFlow(
        client=client,
        logger=silent(),
        settings=AsyncOAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=secret.get_secret_value() if secret else None,
            scopes=list(scopes),
            user_scopes=[],
            redirect_uri=redirect_uri,
            install_path=INSTALL,
            # Slack takes only a redirect for an app's "Direct Install URL"
            install_page_rendering_enabled=False,
            redirect_uri_path=REDIRECT,
            callback_options=callbacks,
            authorization_url=settings.slack_oauth_authorize_url,
            installation_store=installs,
            state_store=States(once),
            state_expiration_seconds=STATE_SECONDS,
            logger=silent(),
        ),
    )


class InstallPages:
    """Both pages. `installed` is called when a workspace was stored; what it raises is logged and hinders nothing."""

    def __init__(
        self, settings: Settings, installs: Installs, once: Once, scopes: Sequence[str], installed: Installed
    ) -> None:
        self._settings = settings
        self._installs = installs
        self._once = once
        self._scopes = scopes
        self._installed = installed
        self._api = Api(settings.slack_api_base_url)

    @property
    def pages(self) -> Pages:
        """Both."""
        return {("GET", INSTALL): self.install, ("GET", REDIRECT): self.redirect}

    async def install(self, request: web.Request) -> web.Response:
        """Lead to Slack's page."""
        return await self._guarded(request, AsyncOAuthFlow.handle_installation)

    async def redirect(self, request: web.Request) -> web.Response:
        """Come back from it."""
        return await self._guarded(request, AsyncOAuthFlow.handle_callback)

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def _guarded(self, request: web.Request, step: Callable[..., Awaitable[BoltResponse]]) -> web.Response:
        """One step of the flow; a page for whatever keeps it from being done."""
        address = redirect_uri(request.headers.get("X-Forwarded-Host", request.host))
        if address is None:
            return _web(HTTPStatus.BAD_REQUEST, "The address that you came by is not one.")
        flow = oauth_flow(
            self._settings,
            self._installs,
            self._once,
            self._scopes,
            client=self._api.client(),
            redirect_uri=address,
            callbacks=AsyncCallbackOptions(success=self._succeeded, failure=_failed),
        )
        try:
            response = await to_aiohttp_response(await step(flow, await to_bolt_request(request)))
        except StoreError as error:
            log.warning("an installation was not stored", error=str(error), advice=error.advice)
            return _web(HTTPStatus.SERVICE_UNAVAILABLE, "Paperboy cannot store anything now. Try again later.")
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("Slack did not answer an installation", error=type(error).__name__)
            return _web(HTTPStatus.BAD_GATEWAY, "Slack did not answer. Try again.")
        response.headers.update(HEADERS)
        return response

    async def _succeeded(self, args: AsyncSuccessArgs) -> BoltResponse:
        installation = args.installation
        workspace = workspace_named(installation)
        log.info("a workspace installed Paperboy", workspace=workspace, by=installation.user_id)
        try:
            await self._installed(workspace, installation.user_id)
        except (PaperboyError, SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("nobody was greeted", workspace=workspace, error=type(error).__name__)
        return _bolt(HTTPStatus.OK, success_page(installation), args)


def redirect_uri(host: str) -> str | None:
    """Where Slack is to send the browser back to: here, by the name that the browser knows. None for no host's name.

    `host` is the Host header, or the first of X-Forwarded-Host where a proxy put its own name there. Neither needs to
    be trusted: Slack redirects only to addresses that are registered with the app. It takes only https ones, so that is
    what the world speaks with us, whatever the proxy speaks; on this machine itself it is http.
    """
    name = host.partition(",")[0].strip()
    if not HOST.fullmatch(name):
        return None
    scheme = "http" if LOOPBACK.fullmatch(name) else "https"
    return f"{scheme}://{name}{REDIRECT}"


def success_page(installation: Installation) -> str:
    """What is done, and what to do next."""
    name = escape(installation.team_name or installation.enterprise_name or "your workspace")
    team, app = escape(installation.team_id or ""), escape(installation.app_id or "")
    home = f"slack://app?team={team}&amp;id={app}&amp;tab=home" if team and app else "slack://open"
    browser = f' or <a href="https://app.slack.com/client/{team}">in the browser</a>' if team else ""
    return _page(
        f"Paperboy is installed in {name}",
        f'<p>Open its Home <a href="{home}">in Slack</a>{browser}, and subscribe to a first topic there.</p>'
        "<p>In a channel, type <code>/invite @Paperboy</code> and then"
        " <code>/papers subscribe diffusion -survey</code>.</p>",
    )


def failure_page(sentence: str) -> str:
    """What went wrong, and the way to try again."""
    return _page("Paperboy was not installed", f'<p>{escape(sentence)}</p><p><a href="{INSTALL}">Start again</a></p>')


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    reason = args.reason[:MOST]
    log.info("an installation failed", reason=reason)
    sentence = REASONS.get(reason, f"Slack says: {reason}")
    return _bolt(args.suggested_status_code, failure_page(sentence), args)


def _bolt(status: int, page: str, args: AsyncSuccessArgs | AsyncFailureArgs) -> BoltResponse:
    forget = args.settings.state_utils.build_set_cookie_for_deletion()
    return BoltResponse(
        status=status, body=page, headers={"Content-Type": HEADERS["Content-Type"], "Set-Cookie": forget}
    )


def _web(status: int, sentence: str) -> web.Response:
    return web.Response(status=status, text=failure_page(sentence), headers=HEADERS)


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        "<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}</style>"
        f"</head><body><h1>{title}</h1>{body}</body></html>"
    )
