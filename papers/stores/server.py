"""The connection to Redis or Valkey: commands and Lua scripts in, errors of ours out.

Nothing here knows what is stored. Calls are synchronous; whoever lives in an event loop calls from a thread.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import redis
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.retry import Retry

from papers.errors import StoreError, StoreUnavailable, StoreUnsafe
from papers.stores import causes, keys
from papers.stores.replicas import READS, Replicated
from papers.stores.sentinels import LeavingConnection, NewestDecision

EMBEDDED = "valkey.sock"
"""What the socket of an embedded server is called. That one has no replicas: it refuses as if it missed some while its
disk is nearly full (see `cli.embedded`)."""

SOCKET_TIMEOUT = 30.0
"""Seconds. Longer than an fsync on a busy disk, shorter than a user's patience with a dead host."""

SENTINEL_TIMEOUT = 0.5
"""Seconds. Short, for the next sentinel may know; one that hangs up is asked again, as it may have been restarted."""

CONNECT_TIMEOUT = 2.0
"""Seconds to connect to a primary that sentinels named: a host that is cut off refuses nothing, it is only silent."""

DEAD_HOST = {"TCP_KEEPIDLE": 1, "TCP_KEEPINTVL": 1, "TCP_KEEPCNT": 2, "TCP_USER_TIMEOUT": 3000}
"""When the kernel gives a connection up (tcp(7)): after three seconds in which the other's kernel was silent, which a
server that is only slow never is."""

LOOKED_AT = 1000
"""Key names that one step of a scan looks at."""

RETRIES = 3
"""Reconnections before a call gives up; every script may run twice without harm (see each one's header)."""


@dataclass(frozen=True, slots=True)
class Sentinels:
    """Sentinels as `host:port`, and the name that they know the primary by. They are asked at each reconnection.

    `username` and `password` are the primary's: sentinels are asked without. Nothing counts as written before so many
    `replicas` have it, or a failover could take it back.
    """

    addresses: tuple[str, ...]
    primary: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    replicas: int = 1

    def __str__(self) -> str:
        stars = ":***@" if self.password else ""
        return f"sentinel://{stars}{','.join(self.addresses)}/{self.primary}"


class Server:
    """One Redis or Valkey server: by URL (redis://, rediss://, unix://), or whichever sentinels name as the primary.

    Attributes:
        url: where it is; for sentinels in a spelling that is only for people.
        raw: bytes in and out, for RQ and vectors.
    """

    def __init__(self, where: str | Sentinels) -> None:
        self.url = str(where)
        self.raw = _client(where, decode_responses=False)
        self._text = _client(where, decode_responses=True)
        replicas = where.replicas if isinstance(where, Sentinels) else 0
        self._replicated = Replicated(self._text, replicas) if replicas else None
        self._replicated_raw = Replicated(self.raw, replicas) if replicas else None

    def call(self, *command: Any) -> Any:
        """One command, answered in str. Raises StoreUnavailable, StoreUnsafe (full disk, no memory) or StoreError."""
        with _translated(self.url):
            if self._replicated and command[0] not in READS:
                return self._replicated.call(command)
            return self._text.execute_command(*command)  # type: ignore[no-untyped-call] # redis-py gives it no types

    def call_raw(self, *command: Any) -> Any:
        """One command, answered in bytes."""
        with _translated(self.url):
            if self._replicated_raw and command[0] not in READS:
                return self._replicated_raw.call(command)
            return self.raw.execute_command(*command)  # type: ignore[no-untyped-call] # as above

    def together(self, commands: Sequence[Sequence[Any]]) -> list[Any]:
        """Several commands in one round trip and one transaction."""
        with _translated(self.url):
            if self._replicated and any(command[0] not in READS for command in commands):
                return self._replicated.together(commands)
            pipeline = self._text.pipeline(transaction=True)
            for command in commands:
                pipeline.execute_command(*command)  # type: ignore[no-untyped-call] # as above
            return list(pipeline.execute())

    def run(self, script: str, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """Run `lua/{script}.lua`, whose header documents its KEYS, ARGV and answer."""
        with _translated(self.url):
            if self._replicated:
                return self._replicated.run(_source(script), keys, arguments)
            return self._text.register_script(_source(script))(keys=list(keys), args=list(arguments))

    def scan(self, pattern: str) -> Iterator[list[str]]:
        """The keys that match, some at a time, an empty list where a step finds none; one may come twice.

        All key names are looked through, in steps that hold nobody up: not for what happens often.
        """
        cursor = "0"
        while True:
            cursor, found = self.call("SCAN", cursor, "MATCH", pattern, "COUNT", LOOKED_AT)
            yield found
            if str(cursor) == "0":
                return

    def info(self) -> dict[str, Any]:
        """The server's INFO."""
        answer: dict[str, Any] = self.call("INFO")
        return answer

    def try_write(self) -> None:
        """Have it take a write that changes nothing. Raises StoreError where any other would be refused."""
        self.call("ZADD", keys.DUE, "XX", 0, "")  # only what is there would change, and no destination is empty

    def close(self) -> None:
        """Close every connection."""
        self.raw.close()
        self._text.close()


def _client(where: str | Sentinels, *, decode_responses: bool) -> redis.Redis:
    options: dict[str, Any] = {
        "decode_responses": decode_responses,
        "socket_timeout": SOCKET_TIMEOUT,
        "retry": Retry(ExponentialBackoff(cap=1.0, base=0.05), RETRIES),
    }
    if isinstance(where, str):
        return redis.Redis.from_url(where, **options)
    pairs = [address.rpartition(":") for address in where.addresses]
    asked = {
        "socket_timeout": SENTINEL_TIMEOUT,
        "socket_connect_timeout": SENTINEL_TIMEOUT,
        "retry": Retry(NoBackoff(), 1, (redis.ConnectionError,)),
    }
    sentinel = NewestDecision(  # type: ignore[no-untyped-call] # redis-py gives it no types
        [(host.strip("[]"), int(port)) for host, _, port in pairs], sentinel_kwargs=asked
    )
    options |= {"username": where.username, "password": where.password, "socket_connect_timeout": CONNECT_TIMEOUT}
    options |= {"socket_keepalive": True, "socket_keepalive_options": _when_to_give_up()}
    options |= {"connection_class": LeavingConnection}
    primary: redis.Redis = sentinel.master_for(where.primary, **options)  # type: ignore[no-untyped-call] # as above
    return primary


def _when_to_give_up() -> dict[int, int]:
    """`DEAD_HOST` by the numbers that this system has for it."""
    return {getattr(socket, name): value for name, value in DEAD_HOST.items() if hasattr(socket, name)}


@cache
def _source(script: str) -> str:
    return resources.files("papers.stores").joinpath("lua", f"{script}.lua").read_text("utf-8")


@contextmanager
def _translated(url: str) -> Iterator[None]:
    try:
        yield
    except redis.AuthenticationError as error:  # which is a ConnectionError too
        advice = causes.advice(url, str(error)) or "look at the user and the password in REDIS_URL"
        raise StoreError(f"Redis does not let us in: {error}", advice=advice) from error
    except (redis.ConnectionError, redis.TimeoutError) as error:
        if "NOREPLICAS" in str(error):
            raise _read_only(url, str(error)) from error
        advice = causes.advice(url, str(error)) or "is the server of REDIS_URL or REDIS_SENTINELS up?"
        raise StoreUnavailable(f"Redis does not answer: {error}", advice=advice) from error
    except (redis.ReadOnlyError, redis.OutOfMemoryError) as error:
        raise StoreUnsafe(f"Redis refuses to write: {error}", advice="free its memory or point at a primary") from error
    except redis.InvalidResponse as error:
        advice = "REDIS_URL leads to something else: look at its host and port"
        raise StoreError("what answers there is no Redis or Valkey", advice=advice) from error
    except redis.ResponseError as error:
        if str(error).startswith(("MISCONF", "NOREPLICAS")):
            raise _read_only(url, str(error)) from error
        raise StoreError(f"Redis refused a command: {error}", advice=causes.advice(url, str(error)) or "") from error


def _read_only(url: str, said: str) -> StoreError:
    """What a server means that answers and takes no writes; nothing of what it took before is lost."""
    if said.startswith("MISCONF"):
        advice = "make room on the disk of REDIS_URL's server, or see its log; then try again: nothing was lost"
        return StoreUnsafe(f"the server cannot write to its disk, and refuses to write: {said}", advice=advice)
    if url.startswith("unix:") and url.endswith(EMBEDDED):
        advice = "make room on the disk of PAPERBOY_DATA, then try again: nothing was lost"
        return StoreUnsafe("the disk is nearly full, and the server refuses to write", advice=advice)
    advice = "are its replicas up? see REDIS_SENTINEL_REPLICAS, and the server's min-replicas-to-write"
    return StoreUnavailable(f"the server misses replicas, and refuses to write: {said}", advice=advice)
