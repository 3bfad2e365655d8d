"""`paperboy backfill`'s work in a process of its own, without its pauses, that may kill itself on the way.

    python -m tests.integration.backfill_role REDIS_URL ENDPOINT FIRST LAST [--source NAME] [--die note:before:3]

Steps to die at: save, note, want. Both endpoints are ENDPOINT. A line is printed for each day, as soon as it is over.
"""

from __future__ import annotations

import argparse
import time
from datetime import date

from papers.settings import Settings
from papers.stores.server import Server
from tests.chaos.failpoints import Failpoint, arm
from workers.past import Span
from workers.wiring import Workshop

HF = "huggingface"


def main() -> None:
    parser = argparse.ArgumentParser(description="A backfill.")
    parser.add_argument("redis")
    parser.add_argument("endpoint")
    parser.add_argument("first", type=date.fromisoformat)
    parser.add_argument("last", type=date.fromisoformat)
    parser.add_argument("--source", default=HF)
    parser.add_argument("--die", type=Failpoint.parse)
    parser.add_argument("--polite", action="store_true", help="with its pauses")
    given = parser.parse_args()
    settings = Settings.model_construct(
        hf_endpoint=given.endpoint, arxiv_endpoint=given.endpoint, paperboy_sources=(given.source,)
    )
    workshop = Workshop(settings, Server(given.redis))
    stores = workshop.core.stores
    if given.die:
        arm(given.die, stores.papers if given.die.step == "save" else stores.backfills)
    past = workshop.core.past(given.source) if given.polite else workshop.core.past(given.source, gap=0)
    assert past is not None
    backfiller = workshop.backfiller(lambda seconds, _: time.sleep(seconds))
    for outcome in backfiller.fill(past, backfiller.days(past, Span(given.first, given.last), again=False)):
        print(outcome, flush=True)  # noqa: T201 - whoever started it follows


if __name__ == "__main__":
    main()
