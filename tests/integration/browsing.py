"""Our install pages on loopback, and a browser that goes from them to the strict Slack and back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, urlsplit

import aiohttp
from aiohttp import web
from pydantic import SecretStr
from yarl import URL

from bot.slack.installs import Installs
from bot.slack.oauth import INSTALL, InstallPages
from papers.errors import Rejected
from papers.settings import Settings
from papers.stores.once import Once
from papers.stores.server import Server
from papers.stores.vault import Vault
from tests.fakes.slack import StrictSlack
from tests.integration.installing import KEYS

SCOPES: Final = ("chat:write", "commands")

UNREACHABLE: Final = "UUNREACHABLE"
"""A user that nobody can greet."""


@dataclass
class Site:
    """Our pages, as a browser reaches them."""

    url: str
    installs: Installs
    browser: aiohttp.ClientSession
    told: list[tuple[str, str]] = field(default_factory=list)

    async def get(self, path: str, *, follow: bool = True, **headers: str) -> tuple[int, str, Mapping[str, str]]:
        """A page's status, text and headers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        address = URL(self.url + path, encoded=True)
        async with self.browser.get(address, allow_redirects=follow, headers=named) as answer:
            return answer.status, await answer.text(), answer.headers

    async def leave(self) -> tuple[str, dict[str, list[str]]]:
        """Where the install page leads, and what is asked there."""
        status, _, headers = await self.get(INSTALL, follow=False)
        assert status == 302
        return headers["Location"], parse_qs(urlsplit(headers["Location"]).query)

    async def come_back(self, address: str) -> str:
        """Where Slack leads after a click on Allow: a path here."""
        async with self.browser.get(address, allow_redirects=False) as answer:
            back = urlsplit(answer.headers["Location"])
            assert f"{back.scheme}://{back.netloc}" == self.url
            return f"{back.path}?{back.query}"


@asynccontextmanager
async def site(slack: StrictSlack, server: Server, **changes: object) -> AsyncIterator[Site]:
    """Our pages on loopback, and a browser that takes that for a safe origin."""
    values: dict[str, object] = {
        "slack_client_id": slack.client_id,
        "slack_client_secret": SecretStr(slack.client_secret),
        "slack_api_base_url": slack.api_url,
        "slack_oauth_authorize_url": f"{slack.url}/oauth/v2/authorize",
    }
    settings = Settings.model_construct(**{**values, **changes})  # type: ignore[arg-type] # checked elsewhere
    installs = Installs(Vault(server, KEYS))
    told: list[tuple[str, str]] = []

    async def installed(workspace: str, user: str) -> None:
        told.append((workspace, user))
        if user == UNREACHABLE:
            raise Rejected("messages_tab_disabled")

    pages = InstallPages(settings, installs, Once(server), SCOPES, installed)
    application = web.Application()
    for (method, path), page in pages.pages.items():
        application.router.add_route(method, path, page)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(url))
    try:
        async with aiohttp.ClientSession(cookie_jar=jar) as browser:
            yield Site(url, installs, browser, told)
    finally:
        await runner.cleanup()
        await pages.close()
