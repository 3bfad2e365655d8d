"""Writes that count when replicas have them, too: each exchange with the primary ends with WAIT.

Replication is asynchronous, so a primary acknowledges what only it has, and a failover takes that back. Here nothing is
answered before so many replicas have said that they have it. Who was cut off from them with an old primary is told
that nothing is certain, and posts nothing.

It does not make the server linearizable: what is read may be on no replica yet (https://valkey.io/commands/wait/).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import redis

from papers.errors import StoreUnavailable

PATIENCE = 3.0
"""Seconds that replicas have: far more than they need, and less than a failover takes."""

READS = frozenset(
    {"CONFIG", "DBSIZE", "ECHO", "EXISTS", "GET", "INFO", "MGET", "PING", "ROLE", "TIME", "TTL"}
    | {"HEXISTS", "HGET", "HGETALL", "HKEYS", "HLEN", "HMGET"}
    | {"LLEN", "LPOS", "LRANGE"}
    | {"SCAN", "SCARD", "SINTER", "SINTERCARD", "SISMEMBER", "SMEMBERS", "SMISMEMBER", "STRLEN"}
    | {"XRANGE", "XREVRANGE"}
    | {"ZCARD", "ZCOUNT", "ZMSCORE", "ZRANGE", "ZSCORE"}
)
"""Commands that write nothing, so that there is nothing to wait for; any other is waited for."""

Command = Sequence[Any]


class Replicated:
    """Commands to a primary over connections of `client`, each exchange acknowledged by so many `replicas`."""

    def __init__(self, client: redis.Redis, replicas: int, patience: float = PATIENCE) -> None:
        self._client = client
        self._wait = ("WAIT", replicas, int(patience * 1000))
        self._replicas = replicas

    def call(self, command: Command) -> Any:
        """One command. Raises redis-py's errors, and StoreUnavailable where replicas may not have what it wrote."""
        return self._exchange([command])[0]

    def together(self, commands: Sequence[Command]) -> list[Any]:
        """Several commands in one transaction."""
        *_, told = self._exchange([("MULTI",), *commands, ("EXEC",)], len(commands))
        for answer in told:
            if isinstance(answer, redis.ResponseError):
                raise answer
        callbacks = self._client.response_callbacks
        return [
            callbacks[command[0]](answer) if command[0] in callbacks else answer
            for command, answer in zip(commands, told, strict=True)
        ]

    def run(self, source: str, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """A Lua script; its text goes out only to a server that does not have it."""
        words = [len(keys), *keys, *arguments]
        try:
            return self.call(["EVALSHA", hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest(), *words])
        except redis.exceptions.NoScriptError:
            return self.call(["EVAL", source, *words])

    def _exchange(self, commands: Sequence[Command], queued: int = 0) -> list[Any]:
        """Send all in one go. After the first come so many that are only `queued`, whose answers stand in the last."""
        pool = self._client.connection_pool
        connection = pool.get_connection()
        try:
            answers: list[Any] = connection.retry.call_with_retry(
                lambda: self._once(connection, commands, queued),
                lambda _: connection.disconnect(),  # type: ignore[no-untyped-call] # redis-py gives it no types
            )
        except StoreUnavailable:
            # sentinels are asked anew: they may know a better primary by now
            connection.disconnect()  # type: ignore[no-untyped-call] # as above
            raise
        finally:
            pool.release(connection)
        return answers

    def _once(self, connection: Any, commands: Sequence[Command], queued: int) -> list[Any]:
        connection.send_packed_command(connection.pack_commands([*commands, self._wait]))
        names = [str(command[0]) for command in commands]
        names[1 : 1 + queued] = ["QUEUED"] * queued
        answers = [self._read(connection, name) for name in [*names, "WAIT"]]
        acknowledged = answers.pop()
        for answer in answers:
            if isinstance(answer, redis.ResponseError):
                raise answer
        if isinstance(acknowledged, redis.ResponseError):  # UNBLOCKED: it is no primary any more
            raise redis.ConnectionError(str(acknowledged)) from acknowledged
        if acknowledged < self._replicas:
            raise StoreUnavailable(
                f"{acknowledged} of {self._replicas} replicas have what was written",
                advice="are the replicas up? see REDIS_SENTINEL_REPLICAS",
            )
        return answers

    def _read(self, connection: Any, name: str) -> Any:
        try:
            return self._client.parse_response(connection, name)  # type: ignore[no-untyped-call] # redis-py's own
        except redis.ResponseError as error:
            return error  # the answers behind it are read, too
