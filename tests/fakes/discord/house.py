"""The house as tests meet it: its address, what there is to see, and what there is to set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self

from tests.fakes.discord.api import Api, Request
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.happenings import Happenings
from tests.fakes.discord.server import Server
from tests.fakes.discord.sessions import Sessions
from tests.fakes.discord.world import Channel, Guild, Json, Message, User, World


class StrictDiscord(Happenings):
    """See the package. Users' acts are in `people`, what happens without the app in `happenings`."""

    def __init__(self) -> None:
        super().__init__(World())
        self.sessions = Sessions(self.world)
        self.gateway = Gateway(self.world, self.sessions)
        self.api = Api(self.world, self.gateway.routes())
        self.server = Server(self.api, self.gateway)

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()

    @property
    def api_url(self) -> str:
        """The API's base, as discord.py's Route.BASE has it."""
        return f"{self.server.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """The gateway's, without a query."""
        return self.gateway.url

    @property
    def token(self) -> str:
        """The bot's."""
        return self.world.token

    def reset_token(self, token: str = "MTA.another.bot-token") -> None:  # noqa: S107 - as the first one
        """The old token is good for nothing from now on."""
        self.world.token = token

    def messages(self, where: Channel) -> list[Message]:
        """A channel's or a thread's, oldest first, without ephemeral ones."""
        with self.world.lock:
            return list(where.messages)

    def dms(self, user: User) -> list[Message]:
        """The direct messages with somebody, oldest first."""
        return self.messages(self.direct(user))

    def threads(self, channel: Channel) -> list[Channel]:
        """A channel's threads, or a forum's posts, oldest first."""
        with self.world.lock:
            return list(self.world.threads(channel))

    def commands(self, guild: Guild | None = None) -> list[Json]:
        """The app's commands: the global ones, or a guild's own."""
        with self.world.lock:
            return list(self.world.commands.get(guild.id if guild else "", []))

    @property
    def violations(self) -> list[str]:
        """What only a mistake of the app's makers can cause, a sentence each."""
        return self.world.violations

    @property
    def counts(self) -> Counter[str]:
        """How often each route was called, each answer given, and messages "taken"; "commands set", "resumed"."""
        return self.world.counts

    @property
    def requests(self) -> list[Request]:
        """Every call of a route that exists, oldest first."""
        return self.api.requests

    def calls(self, route: str) -> list[Request]:
        """Those of one route."""
        return [one for one in list(self.requests) if one.route == route]

    def until(self, condition: Callable[[], Any], seconds: float = 5.0) -> None:
        """Wait for something to hold of the world. Raises AssertionError if it does not."""
        with self.world.lock:
            if not self.world.changed.wait_for(condition, seconds):
                raise AssertionError(f"did not happen within {seconds:g} s; counts: {dict(self.counts)}")

    def connected(self, shards: int = 1, seconds: float = 10.0) -> None:
        """Wait for so many shards to be connected."""
        self.until(lambda: sum(one.session is not None for one in self.gateway.connections) >= shards, seconds)

    def fail(
        self,
        route: str,
        kind: str,
        *,
        times: int | None = 1,
        share: float = 1.0,
        seconds: float = 1.0,
        channel: Channel | None = None,
    ) -> None:
        """Let calls of a route go wrong: the next `times` (None: until `heal`), or a `share` of them.

        `route` is Discord's operation id, as "create_message"; `kind` is in the vocabulary of `weather`; `seconds` are
        those of "slow", or the retry_after of "429".
        """
        if route not in self.api.names:
            raise KeyError(f"{route} is none of {sorted(self.api.names)}")
        where = channel.id if channel else None
        self.api.faults.fail(route, kind, times=times, share=share, seconds=seconds, channel=where)

    def heal(self) -> None:
        """No scripted faults, and good weather."""
        self.api.faults.heal()

    def weather(self, **changes: Any) -> None:
        """Change the `Weather`."""
        self.api.faults.weather = replace(self.api.faults.weather, **changes)

    def just_before(self, route: str, happening: Callable[[], None]) -> None:
        """Let something happen, once, when a call of the route has come and is not yet looked at.

        It runs on the server's own thread: it may change the world, and may not call acts.
        """
        self.api.hooks.setdefault(route, []).append(happening)

    def limit(self, route: str, calls: int, seconds: float) -> None:
        """Let a route's buckets take so many calls within so many seconds."""
        self.api.pace.limits[route] = (calls, seconds)

    def ban_after(self, in_vain: int | None) -> None:
        """Ban the address after so many answers of 401, 403 and 429 within ten minutes; Discord's figure is 10,000."""
        self.api.pace.ban_after = in_vain

    def reconnect(self) -> None:
        """Ask every client to reconnect and resume (op 7)."""
        self.server.do(self.gateway.reconnect())

    def invalidate(self, *, is_resumable: bool = False) -> None:
        """Call every session invalid (op 9)."""
        self.server.do(self.gateway.invalidate(is_resumable=is_resumable))

    def close_connections(self, code: int = 4000) -> None:
        """Close every gateway connection with this code."""
        self.server.do(self.gateway.close(code))

    def drop_connections(self) -> None:
        """Cut every gateway connection without a word."""
        self.server.do(self.gateway.drop())
