"""Which bot speaks in a workspace, and with which token: for those who post, and for Bolt, which authorises requests.

`OneWorkspace` is an operator's own workspace, by SLACK_BOT_TOKEN; any number of workspaces that installed Paperboy by
OAuth are `bot.slack.rotation.ManyWorkspaces`. No token stands in a log line, an error or a repr.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.api import WRONG_TOKEN, Api, error_code
from papers.errors import Rejected, RetryAfter

GONE: Final = "Paperboy is not installed in this workspace any more: install it again"

AWAY: Final = 15.0
"""Seconds before Slack is asked again, where it did not answer."""

SURE: Final = 60.0
"""Seconds before Slack is asked again whether it takes the token."""

REFUSED: Final = 60.0
"""Seconds before a token that Slack refuses is tried again: somebody may be mending it."""

log = structlog.get_logger(platform="slack")


@dataclass(frozen=True, slots=True)
class Bot:
    """Paperboy in one workspace.

    Attributes:
        token: what it proves itself with.
        user_id: what people mention (`U…`); Slack calls it `bot_user_id`.
        bot_id: what its messages bear (`B…`).
        scopes: what it may do.
    """

    workspace: str
    token: str = field(repr=False)
    user_id: str
    bot_id: str
    scopes: frozenset[str] = frozenset()


class Clients(Protocol):
    """Paperboy's bots by workspace: a team's id, or an organisation's where the app is installed org-wide."""

    async def client(self, workspace: str) -> AsyncWebClient:
        """A client with that workspace's bot token, rotated if it was near its end.

        Raises Rejected (which suspends) where Paperboy is not installed, RetryAfter where that cannot be told now.
        """

    async def bot(self, workspace: str) -> Bot:
        """Who Paperboy is there. Raises as `client` does."""

    async def forget(self, workspace: str, removed: float) -> bool:
        """Paperboy was removed there (at that time, in seconds since 1970): forget its tokens.

        False if it was installed again since: what is told late must not undo that.
        """

    async def trouble(self) -> str:
        """Why Paperboy can answer and post nowhere, "" where it can. It is for being asked all the time."""

    async def close(self) -> None:
        """Close the connections."""


def workspace_of(enterprise_id: str | None, team_id: str | None, *, is_enterprise_install: bool | None) -> str:
    """The workspace's id in Paperboy: the team's, or the organisation's where Paperboy is installed org-wide.

    "" if Slack named neither.
    """
    if is_enterprise_install or not team_id:
        return enterprise_id or team_id or ""
    return team_id


class OneWorkspace:
    """The workspace that a bot token is of; Slack is asked once which one that is. `now` is a monotonic clock."""

    def __init__(self, token: str, base_url: str, now: Callable[[], float] = time.monotonic) -> None:
        self._token = token
        self._now = now
        self._api = Api(base_url)
        self._bot: Bot | None = None
        self._trouble = ""
        self._look_again = -math.inf

    async def client(self, workspace: str) -> AsyncWebClient:
        """See `Clients`."""
        return self._api.client((await self.bot(workspace)).token)

    async def bot(self, workspace: str) -> Bot:
        """See `Clients`. A token that Slack refuses is the operator's to mend: nothing is suspended for that."""
        bot = await self.home()
        if bot.workspace != workspace:
            raise Rejected(GONE, suspends=True)
        return bot

    async def home(self) -> Bot:
        """Who the token is of, wherever that is. Raises RetryAfter while Slack is away or refuses it."""
        if self._bot is None:
            self._bot = await self._learn()
        return self._bot

    async def forget(self, workspace: str, removed: float) -> bool:
        """See `Clients`: the token is the operator's, but whether it is still good is asked anew."""
        del removed
        if self._bot and self._bot.workspace == workspace:
            self._bot, self._look_again = None, -math.inf
        return True

    async def trouble(self) -> str:
        """See `Clients`. Slack is asked once a minute: nobody tells of a token that was revoked.

        One that is refused is not used any more, so that no channel is suspended for it.
        """
        if self._now() >= self._look_again:
            try:
                self._bot = await self._learn()
            except RetryAfter as error:
                self._bot, wait = None, error.seconds
            else:
                wait = SURE
            self._look_again = self._now() + wait
        return self._trouble

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def _learn(self) -> Bot:
        """Ask auth.test (https://docs.slack.dev/reference/methods/auth.test)."""
        try:
            answer = await self._api.client(self._token).auth_test()
        except SlackApiError as error:
            code = error_code(error)
            if code not in WRONG_TOKEN:
                raise self._no_answer(code) from error
            self._trouble = f"Slack refuses SLACK_BOT_TOKEN ({code})"
            log.warning("Slack refuses SLACK_BOT_TOKEN", error=code)
            raise RetryAfter(REFUSED, "workspace") from error
        except (aiohttp.ClientError, TimeoutError, AttributeError) as error:  # the last: its JSON is no object
            raise self._no_answer(type(error).__name__) from error
        self._trouble = ""
        org_wide = bool(answer.get("is_enterprise_install"))
        return Bot(
            workspace=workspace_of(answer.get("enterprise_id"), answer["team_id"], is_enterprise_install=org_wide),
            token=self._token,
            user_id=answer["user_id"],
            bot_id=answer.get("bot_id") or "",
            scopes=frozenset(filter(None, answer.headers.get("x-oauth-scopes", "").split(","))),
        )

    def _no_answer(self, error: str) -> RetryAfter:
        self._trouble = f"Slack does not answer ({error})"
        log.warning("Slack does not answer", error=error)
        return RetryAfter(AWAY, "workspace")


class Authorize(AsyncAuthorize):
    """Bolt's question who answers a request, put to `Clients`.

    A class, as Bolt passes a bound method its own `self` as if it were an argument of the request.
    """

    def __init__(self, clients: Clients) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # Bolt gives it no types
        self._clients = clients

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,  # noqa: ARG002 - Bolt's signature; they are for users' tokens
        actor_team_id: str | None = None,  # noqa: ARG002 - as above
        actor_user_id: str | None = None,  # noqa: ARG002 - as above
    ) -> AuthorizeResult | None:
        """Who answers, or None where Paperboy is not installed.

        Where that cannot be told now, whoever pressed or typed is told so (None too); RetryAfter is raised for events
        alone, which Slack then sends again.
        """
        workspace = workspace_of(enterprise_id, team_id, is_enterprise_install=context.is_enterprise_install)
        try:
            bot = await self._clients.bot(workspace)
        except Rejected:
            return None
        except RetryAfter:
            if context.response_url:
                return None
            raise
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=bot.user_id,
            bot_id=bot.bot_id,
            bot_token=bot.token,
            bot_scopes=sorted(bot.scopes),
            user_id=user_id,
        )
