"""Tokens: installing, OAuth's exchange, rotation and revocation; and auth.test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlencode

from tests.fakes.slack.calls import Call, Method, Refusal
from tests.fakes.slack.world import APP_ID, CLIENT_ID, CLIENT_SECRET, Installation, Json, World

LIFETIME: Final = 43_200
"""Seconds that a rotated token is good for (https://docs.slack.dev/authentication/using-token-rotation)."""

CODE_LIFETIME: Final = 600
"""Seconds that OAuth's code is good for."""

SCOPES: Final = (
    *("app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "chat:write.public"),
    *("commands", "groups:history", "groups:read", "im:history", "im:read", "im:write", "links:read", "links:write"),
    *("metadata.message:read", "mpim:read", "team:read", "users:read"),
)
"""All that any method here asks for."""


@dataclass(slots=True)
class Code:
    """What OAuth's page sent the browser back with."""

    workspace: str
    enterprise: str
    scopes: frozenset[str]
    redirect_uri: str
    user: str
    until: float
    is_used: bool = False


class Registry:
    """The app's codes, and whether its tokens rotate."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rotates = False
        self.codes: dict[str, Code] = {}

    def install(self, workspace: str, scopes: Iterable[str], enterprise: str = "") -> Installation:
        """A new token; a workspace's other ones stay good, as in Slack."""
        number, kept = self.world.name(""), frozenset(scopes)
        if self.rotates:
            token, refresh = f"xoxe.xoxb-1-{number}", f"xoxe-1-{number}"
            expires = self.world.now() + LIFETIME
            install = Installation(token, workspace, enterprise, kept, refresh, expires)
        else:
            install = Installation(f"xoxb-{workspace or enterprise}-{number}", workspace, enterprise, kept)
        self.world.installs[install.token] = install
        for one in self.world.workspaces.values():
            one.is_org_wide |= not workspace and one.enterprise == enterprise
        return install

    def allow(self, query: Mapping[str, str], workspace: str, user: str, enterprise: str) -> str:
        """The address that a browser is sent to when `user` clicks Allow on /oauth/v2/authorize?`query`.

        `workspace` is "" for an installation to the whole of `enterprise`. What the app asks wrongly is a violation.
        """
        if query.get("client_id") != CLIENT_ID or not query.get("scope"):
            self.world.wrong(f"/oauth/v2/authorize: asked with {sorted(query)}")
        if not query.get("state"):
            self.world.wrong("/oauth/v2/authorize: no state")
        name = f"code-{self.world.name('')}"
        scopes = frozenset(query.get("scope", "").split(","))
        redirect = query.get("redirect_uri", "")
        until = self.world.now() + CODE_LIFETIME
        self.codes[name] = Code(workspace, enterprise, scopes, redirect, user, until)
        return f"{redirect}?{urlencode({'code': name, 'state': query.get('state', '')})}"

    def deny(self, query: Mapping[str, str]) -> str:
        """As `allow`, where Cancel is clicked."""
        answer = {"error": "access_denied", "state": query.get("state", "")}
        return f"{query.get('redirect_uri', '')}?{urlencode(answer)}"


def exchange(registry: Registry, call: Call) -> Json:
    """oauth.v2.access: a code for a token, or a refresh token for the next pair."""
    if call.text("client_id") != CLIENT_ID:
        raise Refusal("invalid_client_id")
    if call.text("client_secret") != CLIENT_SECRET:
        raise Refusal("bad_client_secret")
    if call.text("grant_type") == "refresh_token":
        return _refreshed(registry, call)
    code = registry.codes.get(call.text("code"))
    if code is None or code.until < registry.world.now():
        raise Refusal("invalid_code")
    if code.is_used:
        raise Refusal("code_already_used")
    if code.redirect_uri and code.redirect_uri != call.text("redirect_uri"):
        raise Refusal("bad_redirect_uri")
    code.is_used = True
    install = registry.install(code.workspace, code.scopes, code.enterprise)
    return {**_granted(registry, install), "authed_user": {"id": code.user}}


def _refreshed(registry: Registry, call: Call) -> Json:
    old = next((one for one in registry.world.installs.values() if one.refresh == call.text("refresh_token")), None)
    if old is None or not old.refresh or old.trouble:
        raise Refusal("invalid_refresh_token")
    old.refresh = ""
    return _granted(registry, registry.install(old.workspace, old.scopes, old.enterprise))


def _granted(registry: Registry, install: Installation) -> Json:
    world = registry.world
    workspace = world.workspaces.get(install.workspace)
    enterprise = install.enterprise or (workspace.enterprise if workspace else "")
    rotation = {"expires_in": LIFETIME, "refresh_token": install.refresh} if install.refresh else {}
    return {
        "app_id": APP_ID,
        "scope": ",".join(sorted(install.scopes)),
        "token_type": "bot",
        "access_token": install.token,
        "bot_user_id": workspace.bot_user if workspace else f"UBOT{install.enterprise}",
        "team": {"id": workspace.id, "name": workspace.id} if workspace else None,
        "enterprise": {"id": enterprise, "name": enterprise} if enterprise else None,
        "is_enterprise_install": workspace is None,
        **rotation,
    }


def test(call: Call) -> Json:
    """auth.test."""
    workspace = call.world.workspaces.get(call.by.workspace)
    team = workspace.id if workspace else call.by.enterprise
    enterprise = workspace.enterprise if workspace else call.by.enterprise
    return {
        "url": f"https://{team.lower()}.slack.com/",
        "team": team,
        "team_id": team,
        "user": "paperboy",
        "user_id": f"UBOT{team}",
        "bot_id": f"B{team}",
        "is_enterprise_install": workspace is None,
        **({"enterprise_id": enterprise} if enterprise else {}),
    }


def revoke(call: Call) -> Json:
    """auth.revoke; `test` only tries."""
    if not call.flag("test"):
        call.by.trouble = "token_revoked"
    return {"revoked": not call.flag("test")}


def methods(registry: Registry) -> dict[str, Method]:
    """Those of this module."""
    access = ("code", "redirect_uri", "grant_type", "refresh_token")
    return {
        "auth.test": Method(test),
        "auth.revoke": Method(revoke, (), (), ("test",)),
        "oauth.v2.access": Method(
            partial(exchange, registry), (), ("client_id", "client_secret"), access, is_authed=False
        ),
    }
