"""The tokens of many workspaces, rotated before they end, by one process at a time.

Where an app has token rotation on, a bot's token is good for twelve hours, and a refresh token buys the next pair, once
(https://docs.slack.dev/authentication/using-token-rotation). Two processes that both used it would be left with a token
that nobody can tell from the good one. So whoever comes first with a refresh token has it for a while; the others wait
for what that one stores.

    far from its end ──► used
    near its end     ──► first with it: refresh, store, use │ not first: wait for the store to change, use that
    neither worked   ──► still good: used │ over: RetryAfter, or Rejected if Slack says that it is no more
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.api import TIMEOUT, Api, error_code
from bot.slack.installs import Installs
from bot.slack.tokens import AWAY, GONE, Bot
from papers.errors import Rejected, RetryAfter
from papers.stores.once import Once

EARLY: Final = 2 * 60 * 60
"""Seconds before its end that a token is rotated: slack_sdk's own choice."""

LATE: Final = 60
"""Seconds before its end that a token is not used any more: a request with it may take a while."""

LEASE: Final = TIMEOUT + 5
"""Seconds that a refresh token is one process's alone: its request has ended by then."""

PATIENCE: Final = 2.0
"""Seconds to wait for another process to rotate: Slack wants a command acknowledged within 3."""

LOOK: Final = 0.05
"""Seconds between two looks at the store."""

SECOND: Final = 1.0
"""Slack tells the time of events in whole seconds."""

FRESH: Final = 30.0
"""Seconds that a token is remembered: so soon it is noticed that Paperboy was removed, whoever was told."""

DECIDED: Final = 1_000_000
"""Minutes before its end that the SDK is to rotate a token: whenever it is asked to, for we have decided."""

OVER: Final = frozenset({"invalid_refresh_token", "token_revoked", "account_inactive"})
"""What Slack says of a refresh token that will never work again (https://docs.slack.dev/reference/methods/oauth.v2.access)."""

log = structlog.get_logger(platform="slack")


class ManyWorkspaces:
    """`bot.slack.tokens.Clients` over installations."""

    def __init__(
        self,
        installs: Installs,
        once: Once,
        *,
        client_id: str,
        client_secret: str,
        base_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._installs = installs
        self._once = once
        self._app = (client_id, client_secret)
        self._clock = clock
        self._api = Api(base_url)
        self._remembered: dict[str, tuple[Bot, float]] = {}

    async def client(self, workspace: str) -> AsyncWebClient:
        """See `Clients`."""
        return self._api.client((await self.bot(workspace)).token)

    async def bot(self, workspace: str) -> Bot:
        """See `Clients`."""
        bot, until = self._remembered.get(workspace, (None, 0.0))
        if bot and time.monotonic() < until:
            return bot
        began, ours = time.monotonic(), False
        installation = await self._installs.find(workspace)
        if installation and is_due(installation, self._now()):
            ours = await self._is_first(workspace, installation)
            installation = await (self._rotated if ours else self._awaited)(workspace, installation)
        if installation is None:
            self._remembered.pop(workspace, None)
            raise Rejected(GONE, suspends=True)
        return self._remember(_bot(workspace, installation), installation, began + LEASE if ours else began)

    def _remember(self, bot: Bot, installation: Installation, reserved: float) -> Bot:
        """Spare Redis the next calls, but never while another process may rotate the token, and so end it.

        That is until it is due, and until `reserved` (time.monotonic()): so long the refresh token is ours alone, also
        where rotating failed.
        """
        now, left = time.monotonic(), seconds_left(installation, self._now())
        until = min(now + FRESH, now + left - LATE, max(now + left - EARLY, reserved))
        _, known = self._remembered.get(bot.workspace, (None, now))
        if until > known:
            self._remembered[bot.workspace] = bot, until
        return bot

    async def forget(self, workspace: str, removed: float) -> bool:
        """See `Clients`."""
        installation = await self._installs.find(workspace)
        if installation and installation.installed_at > removed + SECOND:
            return False
        await self._installs.remove(workspace)
        self._remembered.pop(workspace, None)
        return True

    async def trouble(self) -> str:
        """See `Clients`: each workspace has a token of its own, and one that is refused is no trouble of the others."""
        return ""

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def _is_first(self, workspace: str, installation: Installation) -> bool:
        """Whether this process is the one to use the refresh token."""
        token = hashlib.sha256(str(installation.bot_refresh_token).encode()).hexdigest()
        return await asyncio.to_thread(self._once.first, "slack-rotation", f"{workspace}:{token}", LEASE)

    async def _awaited(self, workspace: str, installation: Installation) -> Installation | None:
        """What another process made of the installation; None if there is none any more."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            await asyncio.sleep(LOOK)
            current = await self._installs.find(workspace)
            if current is None or current.bot_token != installation.bot_token:
                return current
        return self._usable(installation)

    async def _rotated(self, workspace: str, installation: Installation) -> Installation | None:
        """The installation with a new token, or as it is if that is still good; None if there is none any more."""
        rotator = AsyncTokenRotator(
            client_id=self._app[0],
            client_secret=self._app[1],
            client=self._api.client(),
        )
        try:
            rotated = await rotator.perform_bot_token_rotation(
                bot=installation.to_bot(), minutes_before_expiration=DECIDED
            )
        except SlackTokenRotationError as error:
            code = error_code(error.api_error)
            log.warning("a token was not rotated", workspace=workspace, error=code)
            return await self._refused(workspace, installation, code)
        except (aiohttp.ClientError, TimeoutError, TypeError, ValueError) as error:  # the last two: a field is missing
            log.warning("a token was not rotated", workspace=workspace, error=type(error).__name__)
            return self._usable(installation)
        if rotated is None:
            log.warning("a token was not rotated", workspace=workspace, error="Slack sent another kind of token")
            return self._usable(installation)
        renewed = Installation(**installation.to_dict_for_copying())
        renewed.bot_token = rotated.bot_token
        renewed.bot_refresh_token = rotated.bot_refresh_token
        renewed.bot_token_expires_at = rotated.bot_token_expires_at
        if await self._installs.replace(workspace, installation, renewed):
            return renewed
        return await self._installs.find(workspace)  # it was installed anew, or removed, meanwhile

    async def _refused(self, workspace: str, installation: Installation, code: str) -> Installation | None:
        current = await self._installs.find(workspace)
        if current is None or current.bot_token != installation.bot_token:
            return current
        if code in OVER and self._is_over(installation):
            raise Rejected(GONE, suspends=True)
        return self._usable(installation)

    def _usable(self, installation: Installation) -> Installation:
        """The same, if its token is still good."""
        if self._is_over(installation):
            raise RetryAfter(AWAY, "workspace")
        return installation

    def _is_over(self, installation: Installation) -> bool:
        return seconds_left(installation, self._now()) < LATE

    def _now(self) -> float:
        return self._clock().timestamp()


def seconds_left(installation: Installation, now: float) -> float:
    """How long the bot's token is good for yet; for ever if it does not rotate. `now` is in seconds since 1970."""
    ends = installation.bot_token_expires_at
    return float("inf") if ends is None else ends - now


def is_due(installation: Installation, now: float) -> bool:
    """Whether the bot's token is to be rotated."""
    return bool(installation.bot_refresh_token) and seconds_left(installation, now) < EARLY


def _bot(workspace: str, installation: Installation) -> Bot:
    return Bot(
        workspace=workspace,
        token=installation.bot_token or "",
        user_id=installation.bot_user_id or "",
        bot_id=installation.bot_id or "",
        scopes=frozenset(installation.bot_scopes or ()),
    )
