"""Roles that end once and are not started again, as processes that need not import anything first.

They are forked from a process that imported the product once: what a process that kills itself leaves behind is the
same, and it is there in a twentieth of the time. The storms start theirs from nothing, as a supervisor does.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence

from tests.chaos import sender_role, worker_role

PATIENCE = 20.0
"""Seconds that a role may take."""

_ROLES = {"sender": sender_role.main, "worker": worker_role.main}


def run(role: str, words: Sequence[str]) -> int | None:
    """Run a role to its end: its exit status, negative for the signal that ended it; None if it took too long."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.chaos.sender_role", "tests.chaos.worker_role"])
    process = context.Process(target=_ROLES[role], args=words)
    process.start()
    process.join(PATIENCE)
    status = process.exitcode
    process.kill()
    process.join()
    process.close()
    return status
