"""Installations of Paperboy in workspaces, kept sealed, as slack_sdk's OAuth flow stores and finds them.

One a workspace: who installed it again replaces what was there. Only the bot's tokens are kept; Paperboy asks for none
of a user's. No error and no log line of this module holds a token.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.slack.tokens import workspace_of
from papers.errors import StoreError
from papers.stores.once import Once
from papers.stores.vault import Vault

KIND = "slack"

STATE = "slack-oauth"

STATE_SECONDS = 600
"""How long an installation may take, from `/slack/install` to Slack's redirect; the browser's cookie lives as long."""

NOT_KEPT = (
    "user_token",
    "user_refresh_token",
    "incoming_webhook_url",
    "incoming_webhook_configuration_url",
)
"""What Slack may hand out beside the bot's tokens, and nobody here uses."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """An installation, as far as people may see it: no token."""

    id: str
    name: str
    scopes: tuple[str, ...]
    installed_by: str


class Installs(AsyncInstallationStore):
    """Every workspace's installation. Each method raises StoreError where the vault fails it."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation, in place of an earlier one of that workspace."""
        await asyncio.to_thread(self._vault.put, KIND, workspace_named(installation), dump(installation))

    async def find(self, workspace: str) -> Installation | None:
        """The workspace's installation, if Paperboy is installed there."""
        data = await asyncio.to_thread(self._vault.get, KIND, workspace)
        return load(data) if data is not None else None

    async def replace(self, workspace: str, old: Installation, new: Installation) -> bool:
        """Keep `new` unless `old` was changed or removed meanwhile."""
        return await asyncio.to_thread(self._vault.replace, KIND, workspace, dump(old), dump(new))

    async def remove(self, workspace: str) -> bool:
        """Forget a workspace, tokens and all; whether it was known."""
        return await asyncio.to_thread(self._vault.delete, KIND, workspace)

    async def workspaces(self) -> list[Workspace]:
        """Every workspace that Paperboy is installed in, by id."""
        names = await asyncio.to_thread(self._vault.names, KIND)
        found = [(name, await self.find(name)) for name in names]
        return [_shown(name, installation) for name, installation in found if installation]

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,  # noqa: ARG002 - slack_sdk's signature; one installation serves all users
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """The installation that answers for a request of that workspace."""
        return await self.find(workspace_of(enterprise_id, team_id, is_enterprise_install=is_enterprise_install))

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The same, as slack_sdk asks for a bot."""
        installation = await self.find(
            workspace_of(enterprise_id, team_id, is_enterprise_install=is_enterprise_install)
        )
        return installation.to_bot() if installation else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """The bot's tokens were revoked: forget the workspace."""
        await self.remove(workspace_of(enterprise_id, team_id, is_enterprise_install=False))

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Forget the workspace; where only one user's tokens were revoked, there is nothing to forget."""
        if user_id is None:
            await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Paperboy was uninstalled: forget the workspace."""
        await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)


class States(AsyncOAuthStateStore):
    """OAuth states, each good for one installation. That they belong to one browser is held by the flow's cookie."""

    def __init__(self, once: Once) -> None:
        self._once = once

    async def async_issue(self, *args: object, **kwargs: object) -> str:  # noqa: ARG002 - slack_sdk's signature
        """A new state."""
        return await asyncio.to_thread(self._once.issue, STATE, STATE_SECONDS)

    async def async_consume(self, state: str) -> bool:
        """Whether the state is ours, still good, and not used before."""
        return await asyncio.to_thread(self._once.redeem, STATE, state)


def workspace_named(installation: Installation) -> str:
    """The workspace that an installation is of."""
    return workspace_of(
        installation.enterprise_id, installation.team_id, is_enterprise_install=installation.is_enterprise_install
    )


def dump(installation: Installation) -> bytes:
    """An installation as JSON: the same for the same one."""
    values = {name: value for name, value in installation.to_dict_for_copying().items() if name not in NOT_KEPT}
    return json.dumps(values, default=_instant, sort_keys=True).encode()


def load(data: bytes) -> Installation:
    """The inverse of `dump`. Raises StoreError for anything else, and shows nothing of it."""
    try:
        return Installation(**json.loads(data))
    except (ValueError, TypeError):
        # not chained: the cause may show what was kept
        raise StoreError("an installation in Redis is not readable", advice="install Paperboy there again") from None


def _instant(value: Any) -> str:
    """Instants in ISO 8601, which is the spelling that slack_sdk takes back for whole and broken seconds alike."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"an installation holds a {type(value).__name__}")


def _shown(name: str, installation: Installation) -> Workspace:
    title = installation.team_name or installation.enterprise_name or name
    scopes = tuple(sorted(installation.bot_scopes or ()))
    return Workspace(name, title, scopes, installation.user_id or "")
