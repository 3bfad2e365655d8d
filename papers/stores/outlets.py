"""Channels' private feeds in Redis, by channel and by secret.

The secret itself is kept, not only its hash: `feed` has to show the address again, and whoever reads this server has
what the feed shows anyway. It is found by its hash, so that how long a lookup takes says nothing of how near a guess
came, and then compared in constant time.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from papers.model import Destination
from papers.outlet import Outlet
from papers.stores import keys
from papers.stores.clock import from_ms, to_ms
from papers.stores.server import Server

SECRET = 32
"""Random bytes of a secret."""


class OutletStore:
    """Every channel's feed."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def get(self, destination: Destination) -> Outlet | None:
        """The channel's feed, None if it has none."""
        secret, seed, made = self._server.call("HMGET", keys.outlet(destination), "secret", "seed", "made")
        return Outlet(secret, UUID(seed), from_ms(made)) if secret else None

    def renew(self, destination: Destination, now: datetime) -> Outlet:
        """Give the channel a feed, or its feed another secret: nothing is found by the old one from here on."""
        secret = secrets.token_urlsafe(SECRET)
        seed, made = self._set(destination, secret, _mark(secret), uuid4(), to_ms(now))
        return Outlet(secret, UUID(seed), from_ms(made))

    def close(self, destination: Destination) -> None:
        """Take the channel's feed away; nothing if it has none."""
        self._set(destination, "", "", "", "")

    def _set(self, destination: Destination, *arguments: object) -> tuple[str, str]:
        touched = [keys.outlet(destination), keys.OUTLETS]
        seed, made = self._server.run("set_outlet", touched, [str(destination), *map(str, arguments)])
        return seed, made

    def find(self, secret: str) -> tuple[Destination, Outlet] | None:
        """The channel whose feed has this secret, which may be anything, and the feed."""
        named = self._server.call("HGET", keys.OUTLETS, _mark(secret))
        destination = Destination.parse(named) if named else None
        outlet = self.get(destination) if destination else None
        if destination is None or outlet is None:
            return None
        return (destination, outlet) if hmac.compare_digest(outlet.secret.encode(), secret.encode()) else None


def _mark(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
