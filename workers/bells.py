"""RQ as a doorbell: which jobs there are, on which queue, and that nothing else ever runs.

A job carries no data at all. What is to be done is in Redis (sources due, arrivals unmatched, channels due, papers
risen), so a lost job costs the seconds until the sweeper rings again, and a doubled one finds nothing to do.

RQ's JSON serializer still lets a job name any importable function. `bell_class` closes that: its jobs run functions
from a table, and a name that is not in it fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

FETCH = "paperboy-fetch"
"""Queue of the bell for sources: its worker fetches many at once, in threads beside it."""

MATCH = "paperboy-match"
"""Queue of all other jobs: its worker keeps the compiled subscriptions, so it does not fork."""

QUEUES = {"fetch": FETCH, "match": MATCH, "plan": MATCH, "revise": MATCH, "embed": MATCH, "clean": MATCH}
"""Each job's queue. A worker serves one: RQ loses the job of a worker that dies between two queues' pops."""

JOB_TIMEOUT = 300
"""Seconds a job may run."""

FORGET = 60
"""Seconds that RQ remembers a finished or failed job: what it did is in Redis and in the log."""

Bells = Mapping[str, Callable[..., None]]


class UnknownBellError(Exception):
    """A job names a function that is not on the list."""


def bell_class(bells: Bells) -> type[Job]:
    """A Job that runs these functions and no others."""

    class Bell(Job):
        @property
        def func(self) -> Callable[..., None]:
            try:
                return bells[self.func_name or ""]
            except KeyError:
                raise UnknownBellError(f"{self.func_name!r} is not a job of Paperboy's") from None

        # callbacks are importable names too, read from the job's hash; ours have none
        success_callback = failure_callback = stopped_callback = None

        def send_webhooks(self, *_: object, **__: object) -> None:
            """Nobody is called: addresses in a job's hash are as little ours as callbacks are."""

    return Bell


def match_queue(shard: int) -> str:
    """The queue of the worker that holds a shard's subscriptions; the first one's does all that is nobody's own."""
    return MATCH if shard == 1 else f"{MATCH}-{shard}"


def queues(shards: int) -> dict[str, str]:
    """Every queue that there is, by its name, and the key of the list that RQ has its jobs in."""
    names = [FETCH, *(match_queue(shard) for shard in range(1, shards + 1))]
    return {name: f"{Queue.redis_queue_namespace_prefix}{name}" for name in names}


def bell_queue(job: str, connection: redis.Redis, shard: int = 1) -> Queue:
    """The queue that a job goes to; `match` goes to each shard's own."""
    name = match_queue(shard) if job == "match" else QUEUES[job]
    return Queue(name, connection=connection, serializer=JSONSerializer, default_timeout=JOB_TIMEOUT)


def ring(job: str, *arguments: Any, connection: redis.Redis, shard: int = 1) -> None:
    """Have a worker do a job soon."""
    bell_queue(job, connection, shard).enqueue_call(
        job, args=arguments, result_ttl=0, ttl=FORGET, failure_ttl=FORGET, description=" ".join([job, *arguments])
    )
