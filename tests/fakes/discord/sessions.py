"""The gateway's sessions: who is told of what, and what is replayed to who comes back. Without sockets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tests.fakes.discord import shown
from tests.fakes.discord.world import Json, World

GUILDS: Final = 1 << 0
GUILD_MESSAGES: Final = 1 << 9
DIRECT_MESSAGES: Final = 1 << 12
MESSAGE_CONTENT: Final = 1 << 15
PRIVILEGED: Final = 1 << 1 | 1 << 8 | MESSAGE_CONTENT
"""Members, presences, what is in messages: https://discord.com/developers/docs/events/gateway#privileged-intents."""


@dataclass(slots=True)
class Session:
    """One shard's. `history` has everything that it was told, in order; the number of each is its place, from 1.

    `wake` is called when there is more; it is the connection's, while there is one.
    """

    id: str
    shard: tuple[int, int]
    intents: int
    history: list[Json] = field(default_factory=list)
    wake: Callable[[], None] = lambda: None

    def hears(self, event: str, guild: str) -> bool:
        """Whether it is told of such an event, by its shard and its intents."""
        number, of = self.shard
        if number != ((int(guild) >> 22) % of if guild else 0):
            return False
        if event.startswith("MESSAGE_"):
            return bool(self.intents & (GUILD_MESSAGES if guild else DIRECT_MESSAGES))
        return event == "INTERACTION_CREATE" or bool(self.intents & GUILDS)


class Sessions:
    """Every session there is. All of it is done with the world's lock held."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.all: dict[str, Session] = {}
        self.started = 0
        world.tell = self.tell

    def start(self, shard: tuple[int, int], intents: int, url: str) -> Session:
        """A new session, with READY and its guilds in its history."""
        world = self._world
        session = Session(f"{world.snowflake()}s", shard, intents)
        self.started += 1
        self.all[session.id] = session
        mine = [one for one in world.guilds.values() if one.has_bot and session.hears("GUILD_CREATE", one.id)]
        ready: Json = {
            "v": 10,
            "user": {**shown.user(world.bot), "verified": True, "mfa_enabled": True, "email": None},
            "guilds": [{"id": one.id, "unavailable": True} for one in mine],
            "session_id": session.id,
            "resume_gateway_url": url,
            "shard": list(shard),
            "application": {"id": world.app_id, "flags": 0},
        }
        _add(session, "READY", ready)
        for guild in mine:
            if guild.is_available:
                _add(session, "GUILD_CREATE", shown.guild(world, guild))
        return session

    def tell(self, event: str, data: Json, guild: str) -> None:
        """An event, to whom it concerns."""
        with self._world.lock:
            if guild and not self._world.guilds[guild].has_bot and event != "GUILD_DELETE":
                return
            for session in self.all.values():
                if session.hears(event, guild):
                    _add(session, event, self._shorn(session, event, data))

    def _shorn(self, session: Session, event: str, data: Json) -> Json:
        """Without what somebody else wrote in a guild, for who has no intent to read it."""
        if event not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} or session.intents & MESSAGE_CONTENT:
            return data
        if "guild_id" not in data or data["author"]["id"] == self._world.bot.id:
            return data
        return {**data, "content": "", "embeds": [], "components": [], "attachments": []}

    def resumed(self, session: Session) -> None:
        """Note that somebody came back, after all that was missed."""
        _add(session, "RESUMED", {})


def _add(session: Session, event: str, data: Json) -> None:
    frame = {"op": 0, "t": event, "s": len(session.history) + 1, "d": data}
    session.history.append(frame)
    session.wake()
