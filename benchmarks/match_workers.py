"""Do twice the match workers match twice as much? A day's papers for one worker, then for one worker a shard.

    python -m benchmarks.match_workers [--subscriptions 200000] [--papers 1500] [--workers 1 2]

As in `benchmarks.arxiv_day`, but each worker is held to a core of its own, as if it were a machine of one core: a lone
worker would use them all otherwise, and the comparison would say nothing about machines. All load their shard first;
the clock runs from then until the last of them has put its last hit into an inbox. Valkey runs on the same cores.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import Manager, get_context
from threading import Barrier

import structlog
from rich.console import Console
from rich.table import Table

from benchmarks.arxiv_day import laid, wants
from benchmarks.corpus import Corpus
from papers.matching.shards import Shard
from papers.model import Paper, Want
from papers.settings import Settings
from papers.stores.server import Server
from papers.wiring import clock
from workers.wiring import Workshop


@dataclass(frozen=True)
class Part:
    """What one worker did: when it began and ended (time.monotonic(), of all processes), papers put into inboxes."""

    began: float
    ended: float
    put: int


def work(url: str, shard: Shard, ready: Barrier) -> Part:
    """Be one match worker on one core."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[(shard.number - 1) % len(cores)]})
    workshop = Workshop(Settings(paperboy_shards=shard.of), Server(url), shard)
    workshop.match_worker()
    ready.wait()
    began = time.monotonic()
    put = workshop.match().put
    return Part(began, time.monotonic(), put)


def day(wanted: Sequence[Want], papers: Sequence[Paper], workers: int) -> list[Part]:
    """The whole day for so many workers, on a server of its own."""
    now = clock()
    arriving = [replace(one, day=now.date()) for one in papers]
    with (
        laid(wanted, arriving, now) as server,
        Manager() as manager,
        ProcessPoolExecutor(workers, get_context("spawn")) as pool,
    ):
        ready = manager.Barrier(workers)
        shards = [Shard(number, workers) for number in range(1, workers + 1)]
        parts = [pool.submit(work, server.url, shard, ready) for shard in shards]
        return [part.result() for part in parts]


def main() -> int:
    """Print the table; 1 if two numbers of workers put different numbers of papers into inboxes."""
    parser = argparse.ArgumentParser(description="Matching by the number of workers.")
    parser.add_argument("--subscriptions", type=int, default=200_000)
    parser.add_argument("--papers", type=int, default=1500)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    given = parser.parse_args()
    corpus = Corpus()
    papers = corpus.papers(given.papers)
    wanted = wants(corpus, given.subscriptions, papers)
    title = f"{given.papers:,} papers, {given.subscriptions:,} subscriptions, a core a worker"
    table = Table("workers", "s", "pairs/s, million", "times the first", "put into inboxes", title=title)
    puts, first = set(), 0.0
    for workers in given.workers:
        parts = day(wanted, papers, workers)
        took = max(part.ended for part in parts) - min(part.began for part in parts)
        first = first or took
        puts.add(put := sum(part.put for part in parts))
        pairs = given.papers * given.subscriptions / took / 1e6
        table.add_row(str(workers), f"{took:.1f}", f"{pairs:.1f}", f"{first / took:.2f}", f"{put:,}")
    Console().print(table)
    return int(len(puts) > 1)


if __name__ == "__main__":
    sys.exit(main())
