"""Processes that need not import anything first: each is forked from one that imported the product once.

What they do, what they die of and what they leave behind is the same, and it is there in a twentieth of the time.
Whatever runs on is started from nothing instead, as a supervisor or a person starts it: storms' roles, `paperboy up`.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from multiprocessing import forkserver
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext
from pathlib import Path
from threading import Lock
from unittest.mock import patch

from cli.main import main
from tests.repository import ROOT

_IMPORTED = ["tests.nursery", "tests.chaos.sender_role", "tests.chaos.worker_role"]

_ONE_AT_A_TIME = Lock()
"""Starting a process asks after all others of ours too, and an exit status can be had once only."""


@cache
def _nursery() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    with patch.dict(os.environ, {"PYTHONPATH": str(ROOT)}):  # what it does not find it leaves to each child, silently
        forkserver.ensure_running()
    return context


def run(task: Callable[..., object], *given: object, seconds: float = 20.0) -> int | None:
    """Run a function of a module to its end, in a process of its own.

    Returns its exit status, negative for the signal that ended it; None if it took too long, and was killed.
    """
    with _ONE_AT_A_TIME:
        process = _nursery().Process(target=task, args=given)
        process.start()
    wait([process.sentinel], seconds)
    with _ONE_AT_A_TIME:
        process.join(0)
        status = process.exitcode
        process.kill()
        process.join()
        process.close()
    return status


def command(words: Sequence[str], environment: Mapping[str, str], folder: Path, out: Path, err: Path) -> None:
    """The `paperboy` command in a folder, for `run`: its outputs go to files."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for path, descriptor in ((out, 1), (err, 2)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, descriptor)
        os.close(file)
    sys.argv = ["paperboy", *words]
    main()
