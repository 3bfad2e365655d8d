"""One pass of the workers, made of the product's own stages, that may kill itself on the way.

    python -m tests.chaos.worker_role REDIS_URL HF_ENDPOINT [--die save:after:1]

Steps to die at: save, matched, put, commit, finish, showing, revised.
"""

from __future__ import annotations

import argparse
import sys

from papers.settings import Settings
from papers.stores.server import Server
from papers.wiring import Stores
from tests.chaos.failpoints import Failpoint, arm
from workers.wiring import Workshop


def owner(stores: Stores, step: str) -> object:
    """The store whose method that is."""
    owners: dict[str, object] = {
        "save": stores.papers,
        "matched": stores.papers,
        "put": stores.inbox,
        "commit": stores.outbox,
        "finish": stores.sources,
        "showing": stores.edits,
        "revised": stores.papers,
    }
    return owners[step]


def work(workshop: Workshop) -> None:
    """Fetch, match, plan and revise, once."""
    workshop.fetch("huggingface")
    workshop.match()
    workshop.plan()
    workshop.revise()


def main(*words: str) -> None:
    """One pass, as a command line says."""
    parser = argparse.ArgumentParser(description="One pass of the workers.")
    parser.add_argument("redis")
    parser.add_argument("endpoint")
    parser.add_argument("--die", type=Failpoint.parse)
    given = parser.parse_args(words)
    settings = Settings.model_construct(hf_endpoint=given.endpoint, paperboy_sources=("huggingface",))
    workshop = Workshop(settings, Server(given.redis))
    if given.die:
        arm(given.die, owner(workshop.core.stores, given.die.step))
    work(workshop)


if __name__ == "__main__":
    main(*sys.argv[1:])
