"""The connection to Redis or Valkey: commands and Lua scripts in, errors of ours out.

Nothing here knows what is stored. Calls are synchronous; whoever lives in an event loop calls from a thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import Any

import redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from papers.errors import StoreError, StoreUnavailable, StoreUnsafe

SOCKET_TIMEOUT = 30.0
"""Seconds. Longer than an fsync on a busy disk, shorter than a user's patience with a dead host."""

RETRIES = 3
"""Reconnections before a call gives up; every script may run twice without harm (see each one's header)."""


class Server:
    """One Redis or Valkey server, by URL (redis://, rediss://, unix://)."""

    def __init__(self, url: str) -> None:
        options: dict[str, Any] = {
            "socket_timeout": SOCKET_TIMEOUT,
            "retry": Retry(ExponentialBackoff(cap=1.0, base=0.05), RETRIES),
        }
        self.url = url
        self.raw: redis.Redis = redis.Redis.from_url(url, **options)
        """Bytes in and out: RQ and vectors."""
        self._text: redis.Redis = redis.Redis.from_url(url, decode_responses=True, **options)

    def call(self, *command: Any) -> Any:
        """One command, answered in str. Raises StoreUnavailable, StoreUnsafe (full disk, no memory) or StoreError."""
        with _translated():
            return self._text.execute_command(*command)  # type: ignore[no-untyped-call] # redis-py gives it no types

    def call_raw(self, *command: Any) -> Any:
        """One command, answered in bytes."""
        with _translated():
            return self.raw.execute_command(*command)  # type: ignore[no-untyped-call] # as above

    def together(self, commands: Sequence[Sequence[Any]]) -> list[Any]:
        """Several commands in one round trip and one transaction."""
        with _translated():
            pipeline = self._text.pipeline(transaction=True)
            for command in commands:
                pipeline.execute_command(*command)  # type: ignore[no-untyped-call] # as above
            return list(pipeline.execute())

    def run(self, script: str, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """Run `lua/{script}.lua`, whose header documents its KEYS, ARGV and answer."""
        with _translated():
            return self._text.register_script(_source(script))(keys=list(keys), args=list(arguments))

    def info(self) -> dict[str, Any]:
        """The server's INFO."""
        answer: dict[str, Any] = self.call("INFO")
        return answer

    def close(self) -> None:
        """Close every connection."""
        self.raw.close()
        self._text.close()


@cache
def _source(script: str) -> str:
    return resources.files("papers.stores").joinpath("lua", f"{script}.lua").read_text("utf-8")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (redis.ConnectionError, redis.TimeoutError) as error:
        raise StoreUnavailable(f"Redis does not answer: {error}", advice="is the server of REDIS_URL up?") from error
    except (redis.ReadOnlyError, redis.OutOfMemoryError) as error:
        raise StoreUnsafe(f"Redis refuses to write: {error}", advice="free its memory or point at a primary") from error
    except redis.ResponseError as error:
        if str(error).startswith(("MISCONF", "NOREPLICAS")):
            raise StoreUnsafe(f"Redis refuses to write: {error}", advice="is its disk full?") from error
        raise StoreError(f"Redis refused a command: {error}") from error
