"""Format 2: a delivery that waits for nothing any more has an expiry. In format 1 none had.

They get as long as a new one would by default, from now on: when they went out is of no use where it is long ago.
"""

from __future__ import annotations

from collections.abc import Iterator

from papers.stores import keys
from papers.stores.server import Server

KEPT = 120 * 24 * 60 * 60 * 1000
"""Milliseconds, as format 2 began."""

OUT = {"sent", "dead", "parked"}
"""States in which a delivery waits for nothing, as format 2 began."""


def run(server: Server) -> Iterator[int]:
    """Give every delivery its expiry."""
    for found in server.scan(keys.delivery("*", "*")):
        states = server.together([["HGET", key, "state"] for key in found]) if found else []
        out = [key for key, state in zip(found, states, strict=True) if state in OUT]
        if out:
            server.together([["PEXPIRE", key, KEPT, "NX"] for key in out])
        yield len(found)
