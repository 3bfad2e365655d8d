"""RQ's workers as we run them: without signals, so that they may stand in a thread, and with a poller beside them."""

from __future__ import annotations

from typing import Any

import redis
import structlog
from rq import SimpleWorker
from rq.timeouts import TimerDeathPenalty

from papers.pulse import Beat, unwatched
from workers.poller import Poller

log = structlog.get_logger()


class Threadable(SimpleWorker):
    """A SimpleWorker whose timeout needs no signal, and that may end while its server is away or takes no writes."""

    death_penalty_class = TimerDeathPenalty
    _ends = False

    beat: Beat = staticmethod(unwatched)
    """Called whenever it looks for a job, and when one is done."""

    def heartbeat(self, *arguments: Any, **options: Any) -> None:
        """As RQ's."""
        self.beat()
        super().heartbeat(*arguments, **options)

    def teardown(self) -> None:
        """As RQ's. A server that cannot be told of the end forgets the worker by itself, as its key expires."""
        self._ends = True
        try:
            super().teardown()  # type: ignore[no-untyped-call] # RQ gives it no types
        except redis.RedisError as error:
            log.info("a worker ended without the server's knowing", error=str(error))
            listening: Any = self.pubsub_thread
            if listening is not None:
                listening.stop()

    def _pubsub_exception_handler(self, exc: Exception, pubsub: Any, pubsub_thread: Any) -> None:
        """As RQ's, which would end its thread with an error; at the end there is nothing more to listen to."""
        if self._ends:
            pubsub_thread.stop()
        else:
            super()._pubsub_exception_handler(exc, pubsub, pubsub_thread)


class Polling(Threadable):
    """Runs a poller beside it while it works; in a burst, until nothing is due."""

    def __init__(self, poller: Poller, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._poller = poller

    def work(self, *arguments: Any, **options: Any) -> bool:
        """As RQ's."""
        with self._poller.running(until_done=options.get("burst", False)):
            return bool(super().work(*arguments, **options))
