"""A real RQ worker in a process of its own, until its queue is empty."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import cli

ROOT = Path(cli.__file__).parents[1]

WORK = """
import sys
from papers.settings import Settings
from papers.stores.server import Server
from workers.wiring import Workshop
settings = Settings.load()
workshop = Workshop(settings, Server(settings.redis_url.get_secret_value()))
worker = workshop.fetch_worker() if sys.argv[1] == "fetch" else workshop.match_worker()
worker.work(burst=True, logging_level="WARNING")
"""


def burst(what: str, settings: Mapping[str, str]) -> str:
    """What a `fetch` or `match` worker with these settings logged."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", WORK, what],
        check=False,
        env={**os.environ, **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr
