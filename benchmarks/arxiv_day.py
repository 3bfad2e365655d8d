"""An arXiv day: 1,500 papers held against a million subscriptions, from the archive to the channels' inboxes.

    python -m benchmarks.arxiv_day [--subscriptions 1000000] [--papers 1500]

A real Valkey as it is shipped (every write on disk before it is acknowledged), and the product's own match worker in a
process of its own, whose peak memory is taken. Papers come in by the product's own intake. Subscriptions, ten a
channel, are laid into Valkey in bulk as the store would have them; the worker reads, embeds and compiles them from
there, as it always does when it starts, which is timed apart. The clock then runs from the bell to the last hit in an
inbox: the analysis and embedding of the papers and the calibration of all topics on the new day are in it.

Seven subscriptions in ten are a QUERY that hits no more than nine of 1,500 papers. Of the topics, half were saved
with the bar of 3 and half ask for one to three papers a day. Words are invented (benchmarks/corpus.py); vectors are the
default model's, to which an invented word is a string of pieces that it knows.

Some channels' inboxes are compared with what `decide.hit` says of each of their subscriptions and each paper.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import psutil
import structlog
from rich.console import Console
from rich.table import Table

from benchmarks.corpus import Corpus
from cli.embedded import EmbeddedValkey
from papers.matching.bm25 import BM25
from papers.matching.decide import Closeness, bar_of, floor_of, hit, stems
from papers.matching.topics import DEFAULT_BAR
from papers.model import Destination, Digest, Paper, Subscription, Want
from papers.query import analyse
from papers.services.intake import take_in
from papers.settings import Settings
from papers.stores import keys
from papers.stores.channels import unnumbered
from papers.stores.papers import COMMON
from papers.stores.server import Server
from papers.wiring import Core, Stores, clock
from workers.wiring import Workshop

SECONDS = 90.0
MEGABYTES = 2000.0
"""The goals."""

EACH = 10
"""Subscriptions a channel."""

QUERIES = 0.7
"""Part of the subscriptions that are a QUERY; the others are topics."""

NARROW = 0.006
"""Part of the day's papers that a QUERY hits at most: who got ten papers a day of one QUERY would ask for less."""

VOLUMES = (1.0, 2.0, 3.0)
"""Papers a day that topics ask for."""

CLOSE = 0.01
"""z from its bar within which a paper may be on either side: the worker's background is an earlier sample than ours."""

TOGETHER = 1000
"""Channels laid into Valkey in one round trip."""

CHECKED = 20
"""Channels whose inboxes are compared with `decide.hit`."""


@dataclass(frozen=True)
class Worked:
    """What the worker did and took: seconds, megabytes, arrivals looked at, papers put into inboxes."""

    loading: float
    loaded: float
    matching: float
    processor: float
    peak: float
    arrivals: int
    put: int


def work(url: str) -> Worked:
    """Be the match worker: load, then match what has arrived."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    workshop = Workshop(Settings.load(), Server(url))
    began = time.perf_counter()
    workshop.match_worker()
    loading, loaded = time.perf_counter() - began, psutil.Process().memory_info().rss / 1e6
    began, processor = time.perf_counter(), time.process_time()
    matched = workshop.match()
    matching, processor = time.perf_counter() - began, time.process_time() - processor
    return Worked(loading, loaded, matching, processor, peak_rss() / 1e6, matched.arrivals, matched.put)


def peak_rss() -> int:
    """The most bytes of memory that this process ever held."""
    status = Path("/proc/self/status")
    if status.exists():  # of a child, getrusage tells its parent's peak if that is higher
        kilobytes = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1]
        return int(kilobytes) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def wants(corpus: Corpus, count: int, papers: Sequence[Paper]) -> list[Want]:
    """What so many subscriptions ask for, in no order."""
    dice = random.Random(20250311)  # noqa: S311 - a benchmark's dice
    by_query = round(QUERIES * count)
    documents = [analyse(paper) for paper in papers]
    found = [Want(query=query) for query in corpus.narrow_queries(by_query, documents, int(NARROW * len(papers)))]
    for number, topic in enumerate(corpus.topics(count - by_query)):
        found.append(Want(topic=topic, per_day=dice.choice(VOLUMES) if number % 2 else None))
    dice.shuffle(found)
    return found


def channels(wanted: Sequence[Want], since: datetime) -> Iterator[tuple[Destination, list[Subscription]]]:
    """The same as subscriptions of channels."""
    for start in range(0, len(wanted), EACH):
        destination = Destination("slack", f"T{start // EACH // 100}", f"C{start // EACH}")
        yield (
            destination,
            [
                Subscription("", number, destination, want, DEFAULT_BAR if want.topic else None, "U1", since)
                for number, want in enumerate(wanted[start : start + EACH], start=1)
            ],
        )


def lay(server: Server, standing: Iterator[tuple[Destination, list[Subscription]]]) -> None:
    """Store channels' subscriptions."""
    while part := list(islice(standing, TOGETHER)):
        commands: list[list[str | int]] = [["SADD", keys.CHANNELS, *(str(destination) for destination, _ in part)]]
        for destination, own in part:
            fields = [field for one in own for field in (one.number, unnumbered(one))]
            commands.append(["HSET", keys.subscriptions(destination), *fields])
            commands.append(["HSET", keys.channel(destination), "last", len(own)])
        server.together(commands)


@contextmanager
def laid(wanted: Sequence[Want], papers: Sequence[Paper], now: datetime) -> Iterator[Server]:
    """A server of its own, where channels subscribed to all that yesterday, and the papers arrived just now."""
    with tempfile.TemporaryDirectory(prefix="paperboy-bench-") as folder:
        valkey = EmbeddedValkey(Path(folder))
        valkey.start()
        server = Server(valkey.url)
        try:
            lay(server, channels(wanted, now - timedelta(days=1)))
            told = Digest("arxiv", now.date(), tuple(papers), "")
            take_in(Stores(server).papers, told, scope=COMMON, announce=True, now=now)
            yield server
        finally:
            server.close()
            valkey.stop()


def agrees(server: Server, destinations: Sequence[Destination], papers: Sequence[Paper]) -> bool:
    """Whether these channels' inboxes hold what `decide.hit` says, of each subscription and each paper."""
    core = Core(Settings.load(), server)
    stream, weight = core.corpus.stream(), core.embedder.weight
    day = core.corpus.around(papers)
    vectors = np.stack([entry.vector for entry in day.entries])
    words = BM25([stems(entry.document) for entry in day.entries], like=stream.background.words.like)
    for destination in destinations:
        expected, close = set(), set()
        for compiled in core.compiler.compile(core.stores.channels.subscriptions(destination)):
            z = among = np.zeros(len(papers), np.float32)
            bar = 0.0
            if topic := compiled.topic:
                floor = floor_of(compiled.subscription.want, stream.per_day)
                scale, scores = stream.background.scale(topic), (words.scores(topic.terms), vectors @ topic.vector)
                z = scale.closeness(*scores, floor=floor, weight=weight)
                among = stream.background.closeness(topic, floor=floor, weight=weight)
                bar = bar_of(compiled.subscription, among, stream.per_day)
                number = compiled.subscription.number
                close |= {(day.entries[row].paper.id, number) for row in np.flatnonzero(np.abs(z - bar) < CLOSE)}
            found = (
                hit(compiled, entry.paper.id, entry.document, Closeness(float(z[row]), among, bar))
                for row, entry in enumerate(day.entries)
            )
            expected |= {(one.paper, one.number) for one in found if one}
        if (expected ^ {(one.paper, one.number) for one in core.stores.inbox.read(destination)}) - close:
            return False
    return True


def main() -> int:
    """Print the table; 1 if a goal is missed or an inbox holds something else than it should."""
    parser = argparse.ArgumentParser(description="1,500 papers against a million subscriptions.")
    parser.add_argument("--subscriptions", type=int, default=1_000_000)
    parser.add_argument("--papers", type=int, default=1500)
    given = parser.parse_args()
    now = clock()
    corpus = Corpus()
    papers = [replace(paper, day=now.date()) for paper in corpus.papers(given.papers)]
    wanted = wants(corpus, given.subscriptions, papers)
    with laid(wanted, papers, now) as server:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            worked = pool.submit(work, server.url).result()
        every = [destination for destination, _ in channels(wanted, now)]
        chosen = every[:: max(1, len(every) // CHECKED)]
        exact = agrees(server, chosen, papers)
        stored = server.info()["used_memory"] / 1e6
    return report(worked, given.subscriptions, len(papers), stored, len(chosen) if exact else 0)


def report(worked: Worked, subscriptions: int, papers: int, stored: float, checked: int) -> int:
    """Print, and judge."""
    table = Table("", "measured", "goal", title=f"{papers:,} papers, {subscriptions:,} subscriptions, one worker")
    for column in table.columns[1:]:
        column.justify = "right"
    table.add_row("from the bell to the last inbox, s", f"{worked.matching:.1f}", f"<= {SECONDS:g}")
    table.add_row("  the worker's processor time, s", f"{worked.processor:.1f}", "")
    table.add_row("the worker's peak memory, MB", f"{worked.peak:,.0f}", f"<= {MEGABYTES:,.0f}")
    table.add_row("  once loaded, MB", f"{worked.loaded:,.0f}", "")
    table.add_row("loading when it starts, s", f"{worked.loading:.0f}", "")
    table.add_row("papers put into inboxes", f"{worked.put:,}", "")
    table.add_row("  for a subscription", f"{worked.put / subscriptions:.2f}", "")
    table.add_row("Valkey's memory, MB", f"{stored:,.0f}", "")
    console = Console()
    console.print(table)
    console.print(f"inboxes are as `decide.hit` says: {f'yes, {checked} of {checked} channels' if checked else 'NO'}")
    late = worked.matching > SECONDS or worked.peak > MEGABYTES or worked.arrivals != papers
    return int(late or not checked)


if __name__ == "__main__":
    sys.exit(main())
