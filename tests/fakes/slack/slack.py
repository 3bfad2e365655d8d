"""The house as tests meet it: its rooms, and what there is to set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.fakes.slack.courier import Endpoint
from tests.fakes.slack.events import Events
from tests.fakes.slack.sockets import Reason
from tests.fakes.slack.world import APP_ID, APP_TOKEN, CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET


class StrictSlack(Events):
    """See the package. Users' acts are in `acts`, `modals` and `events`; what can be seen is in `looking`."""

    app_id = APP_ID
    app_token = APP_TOKEN
    client_id = CLIENT_ID
    client_secret = CLIENT_SECRET
    signing_secret = SIGNING_SECRET

    def http(self, url: str, secret: str = SIGNING_SECRET) -> None:
        """Bring everything to this request URL, signed with that secret, from now on."""
        self.courier.endpoint = Endpoint(url, secret)

    def fail(
        self,
        method: str,
        kind: str,
        *,
        times: int | None = 1,
        share: float = 1.0,
        seconds: float = 1.0,
        channel: str | None = None,
    ) -> None:
        """Let calls of a method go wrong: the next `times` (None: until `heal`), or a `share` of them.

        `kind` is in the vocabulary of `weather`; `seconds` are those of "slow", or the Retry-After of "429".
        """
        self.api.faults.fail(method, kind, times=times, share=share, seconds=seconds, channel=channel)

    def heal(self) -> None:
        """No scripted faults, and good weather."""
        self.api.faults.heal()

    def weather(self, **changes: Any) -> None:
        """Change the `Weather`: `per_channel=1.0` is Slack's own pace, `per_minute=1` its newer apps' look-ups."""
        self.api.faults.weather = replace(self.api.faults.weather, **changes)

    def just_before(self, method: str, happening: Callable[[], None]) -> None:
        """Let something happen, once, when a call of the method has come and is not yet looked at.

        It runs on the server's own thread: it may change the world, and may not call acts.
        """
        self.api.hooks.setdefault(method, []).append(happening)

    def break_picture(self, url: str) -> None:
        """Let Slack fail to load this picture."""
        self.world.broken_pictures.add(url)

    def rotate_tokens(self) -> None:
        """Give out tokens that last 12 hours, each with a refresh token."""
        self.registry.rotates = True

    def allow_as(self, user: str = "U1", workspace: str = "T1", enterprise: str = "") -> None:
        """Who clicks Allow on /oauth/v2/authorize from now on. With `workspace` "", for the whole of `enterprise`."""
        self.browser = (workspace, user, enterprise)

    def cancel_install(self) -> None:
        """Let Cancel be clicked there."""
        self.browser = None

    def redeliver_after(self, seconds: float) -> None:
        """How long an event waits on a socket for its acknowledgement before it is brought again."""
        self.courier.redeliver = seconds

    @property
    def connections(self) -> int:
        """Socket Mode connections that are open."""
        return self.sockets.connections

    def disconnect(self, reason: Reason = "refresh_requested", *, close_after: float = 0.0) -> None:
        """Send `disconnect` down every connection, and close them then, unless it is only a warning."""
        self.server.do(self.sockets.disconnect(reason, close_after=close_after))

    def drop_connections(self) -> None:
        """Cut every Socket Mode connection without a word."""
        self.server.do(self.sockets.drop())
