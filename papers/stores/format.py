"""The format of stored data, as a number that lies beside it: looked at by every process when it starts.

    the same ──► go     older ──► each step in its order, by one process; the others wait     newer ──► refuse

Data without a number is of format 1, from before there were formats; an empty server counts as that, and its steps have
nothing to do.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from papers.errors import StoreNewer
from papers.stores import keys
from papers.stores.migrations import MIGRATIONS, Migration
from papers.stores.server import Server

FIRST = 1

OURS = MIGRATIONS[-1].to
"""The format that this Paperboy reads and writes."""

MEND = "start that version again, or restore a backup into an empty server: docs/deploy.md"

LEASE = 60
"""Seconds that a step may hold the others up without a sign of life. Should two ever run at once, nothing is lost:
each step may be run again, also by somebody else."""

LOOK = 0.5
"""Seconds between two looks of those that wait."""

TOLD = 10_000
"""Things looked at between two lines of the log."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Format:
    """What the stored data is. `by`: the version of Paperboy that brought it there; "" for format 1."""

    version: int
    by: str = ""


def current(server: Server) -> Format:
    """What is stored there now."""
    version, by = server.call("HMGET", keys.FORMAT, "version", "by")
    return Format(int(version or FIRST), by or "")


def is_empty(server: Server) -> bool:
    """Whether nothing is stored there, by anybody: then there is nothing that could have a format."""
    return not server.call("DBSIZE")


def agree(
    server: Server,
    paperboy: str,
    migrations: Sequence[Migration] = MIGRATIONS,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Bring the data to the format of this Paperboy (`paperboy` is its version), or wait for whoever does.

    Raises StoreNewer where the data is of a later one; nothing was changed then.
    """
    ours = migrations[-1].to if migrations else FIRST
    key, token, waited = keys.lease("format"), secrets.token_hex(8), False
    while (found := current(server)).version < ours:
        if server.call("SET", key, token, "NX", "EX", LEASE):
            try:
                _bring(server, paperboy, [one for one in migrations if one.to > found.version])
            finally:
                server.run("end_lease", [key], [token])
        else:
            if not waited:
                log.info("waiting for the stored data to be migrated", version=found.version, to=ours)
            waited = True
            sleep(LOOK)
    if found.version > ours:
        raise StoreNewer(
            f"this data was written by Paperboy {found.by} (format {found.version}); "
            f"this is {paperboy}, which knows formats up to {ours}",
            advice=MEND,
        )


def _bring(server: Server, paperboy: str, migrations: Sequence[Migration]) -> None:
    for migration in migrations:
        done = told = 0
        for looked_at in migration.run(server):
            done += looked_at
            server.call("EXPIRE", keys.lease("format"), LEASE)
            if done - told >= TOLD:
                log.info("migrating", to=migration.to, why=migration.why, done=done)
                told = done
        server.run("raise_format", [keys.FORMAT], [migration.to, paperboy])
        if done:
            log.info("migrated", to=migration.to, why=migration.why, done=done)
