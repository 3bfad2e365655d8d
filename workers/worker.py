"""RQ's workers as we run them: without signals, so that they may stand in a thread, and with a poller beside them."""

from __future__ import annotations

from typing import Any

from rq import SimpleWorker
from rq.timeouts import TimerDeathPenalty

from papers.pulse import Beat, unwatched
from workers.poller import Poller


class Threadable(SimpleWorker):
    """A SimpleWorker whose timeout needs no signal."""

    death_penalty_class = TimerDeathPenalty

    beat: Beat = staticmethod(unwatched)
    """Called whenever it looks for a job, and when one is done."""

    def heartbeat(self, *arguments: Any, **options: Any) -> None:
        """As RQ's."""
        self.beat()
        super().heartbeat(*arguments, **options)


class Polling(Threadable):
    """Runs a poller beside it while it works; in a burst, until nothing is due."""

    def __init__(self, poller: Poller, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._poller = poller

    def work(self, *arguments: Any, **options: Any) -> bool:
        """As RQ's."""
        with self._poller.running(until_done=options.get("burst", False)):
            return bool(super().work(*arguments, **options))
