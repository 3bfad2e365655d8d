"""The parts of the house and how they are joined; what tests say to it is built on this, room by room."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Final, Self

from tests.fakes.slack import chat, conversations, oauth, views
from tests.fakes.slack.api import Api
from tests.fakes.slack.courier import Courier
from tests.fakes.slack.form import Impossible
from tests.fakes.slack.oauth import SCOPES, Registry
from tests.fakes.slack.responses import Responses
from tests.fakes.slack.server import Server
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.views import Stage
from tests.fakes.slack.world import Channel, Kind, User, Workspace, World

TEAM: Final = "T1"
"""The workspace that is meant where none is named."""


class Parts:
    """The house, open from `with` to its end."""

    def __init__(self) -> None:
        self.world = World()
        self.registry = Registry(self.world)
        self.stage = Stage(self.world)
        self.sockets = Sockets(self.world)
        self.courier = Courier(self.world, self.sockets)
        self.answers = Responses(self.world)
        known = {**chat.METHODS, **conversations.METHODS, **oauth.methods(self.registry), **views.methods(self.stage)}
        self.api = Api(self.world, known, self.sockets.url)
        self.browser: tuple[str, str, str] | None = (TEAM, "U1", "")
        """Who clicks Allow on OAuth's page: a workspace ("" for the whole organisation), a user, an organisation.

        None: somebody clicks Cancel.
        """
        self.server = Server(self.api, self.courier, self.answers, allow=self._allow, build=self.build)

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.stop()

    @property
    def url(self) -> str:
        """Where it listens, without a trailing slash."""
        return self.server.url

    @property
    def api_url(self) -> str:
        """The base URL for slack_sdk's clients, with a trailing slash."""
        return f"{self.server.url}/api/"

    def workspace(self, name: str = TEAM, *, enterprise: str = "") -> Workspace:
        """A workspace, made if it was not there."""
        if name not in self.world.workspaces:
            made = Workspace(name, enterprise)
            made.users[made.bot_user] = User(made.bot_user, name, is_bot=True)
            self.world.workspaces[name] = made
        return self.world.workspaces[name]

    def user(
        self, name: str, workspace: str = TEAM, *, admin: bool = False, owner: bool = False, tz: str = "Europe/London"
    ) -> User:
        """Somebody new, or what they are from now on."""
        made = User(name, workspace, is_admin=admin, is_owner=owner, tz=tz)
        self.workspace(workspace).users[name] = made
        return made

    def channel(
        self,
        name: str,
        workspace: str = TEAM,
        *,
        members: Iterable[str] = ("U1",),
        private: bool = False,
        archived: bool = False,
        bot: bool = True,
        called: str = "",
    ) -> Channel:
        """A new channel. Members who are not there yet become users; `bot`: whether the bot is in it."""
        home = self.workspace(workspace)
        kind: Kind = "private" if private else "public"
        people = {*members, *({home.bot_user} if bot else ())}
        for one in people - home.users.keys():
            self.user(one, workspace)
        made = Channel(name, workspace, called or name.lower(), kind, people, archived)
        home.channels[name] = made
        return made

    def install(
        self, workspace: str = TEAM, *, scopes: Iterable[str] = SCOPES, token: str = "", enterprise: str = ""
    ) -> str:
        """A bot's token: for a workspace, or with `workspace` "" for all of `enterprise`. `token`: what it is to be."""
        if workspace:
            self.workspace(workspace)
        made = self.registry.install(workspace, scopes, enterprise)
        if token:
            del self.world.installs[made.token]
            made.token = token
            self.world.installs[token] = made
        return made.token

    def revoke(self, token: str, error: str = "token_revoked") -> None:
        """Answer this to every further call with that token: token_revoked, account_inactive, invalid_auth."""
        self.world.installs[token].trouble = error

    def dm(self, user: str, workspace: str = TEAM) -> str:
        """The id of somebody's direct message with the app, opened if it was not."""
        return self.world.direct(self._person(workspace, user), user).id

    def later(self, seconds: float) -> None:
        """Put this Slack's clock forward: triggers, response_urls, codes and tokens grow old."""
        self.world.ahead += seconds

    def until(self, condition: Callable[[], Any], seconds: float = 5.0) -> None:
        """Wait for it to hold. Raises AssertionError if it does not."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"did not happen within {seconds:g} s; violations: {self.world.violations}")
            time.sleep(0.01)

    def _allow(self, query: Mapping[str, str]) -> str:
        return self.registry.allow(query, *self.browser) if self.browser else self.registry.deny(query)

    def build(self, plan: Mapping[str, Mapping[str, Any]]) -> None:
        """Workspaces with a token and channels: {"T1": {"token": …, "channels": ["C1"], "scopes": […]}}."""
        for name, about in plan.items():
            self.install(name, token=about["token"], scopes=about.get("scopes", SCOPES))
            for channel in about.get("channels", ()):
                self.channel(channel, name)

    def _person(self, workspace: str, user: str) -> Workspace:
        """The workspace, if that is somebody there."""
        if user not in self.workspace(workspace).users:
            raise Impossible(f"{user} is nobody in {workspace}: slack.user({user!r})")
        return self.workspace(workspace)
