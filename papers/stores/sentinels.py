"""The primary that sentinels name, and connections that leave it when it is none any more.

redis-py believes the first sentinel that answers. After a partition that may be the one that saw nothing of what the
others decided; here the newest decision counts, by its epoch (https://valkey.io/topics/sentinel/).
"""

from __future__ import annotations

from typing import Any

import redis
from redis.sentinel import MasterNotFoundError, Sentinel, SentinelManagedConnection


class NewestDecision(Sentinel):
    """Asks every sentinel for the primary."""

    def discover_master(self, service_name: str) -> tuple[str, int]:
        """Its host and port. Raises MasterNotFoundError, a ConnectionError, where none is known or it is down."""
        told, silent = [], []
        for sentinel in self.sentinels:
            try:
                masters: Any = sentinel.sentinel_masters()
            except (redis.ConnectionError, redis.TimeoutError) as error:
                silent.append(repr(error))
                continue
            state = masters.get(service_name)
            if state and self.check_master_state(state, service_name):  # type: ignore[no-untyped-call] # redis-py's own
                told.append((int(state["config-epoch"]), str(state["ip"]), int(state["port"])))
        if not told:
            raise MasterNotFoundError(f"No master found for {service_name!r}: {', '.join(silent) or 'it is down'}")
        _, host, port = max(told)
        return host, port


class LeavingConnection(SentinelManagedConnection):
    """A connection to the primary that ends when the primary refuses writes, so that sentinels are asked again.

    To whoever waits, a host that is silent is a broken connection, too: RQ ends its worker at a TimeoutError.
    """

    def connect(self) -> None:
        """As redis-py's."""
        try:
            super().connect()  # type: ignore[no-untyped-call] # redis-py gives it no types
        except redis.TimeoutError as error:
            raise redis.ConnectionError(str(error)) from error

    def send_packed_command(self, command: Any, *arguments: Any, **options: Any) -> None:
        """As redis-py's, which would go back to the host that the connection broke off from, without asking anybody."""
        if not self.is_connected:
            self.connect()
        super().send_packed_command(command, *arguments, **options)  # type: ignore[no-untyped-call] # as above

    def read_response(self, *arguments: Any, **options: Any) -> Any:
        """As redis-py's, which leaves a primary that became a replica."""
        try:
            return super().read_response(*arguments, **options)
        except redis.TimeoutError as error:
            self.disconnect()  # type: ignore[no-untyped-call] # as above
            raise redis.ConnectionError(str(error)) from error
        except redis.ResponseError as error:
            if not str(error).startswith("NOREPLICAS"):
                raise
            self.disconnect()  # type: ignore[no-untyped-call] # as above
            raise redis.ConnectionError(str(error)) from error
