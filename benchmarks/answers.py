"""How soon Slack has an answer: commands typed into a strict Slack on loopback, with a full archive behind the bot.

    python -m benchmarks.answers [--papers 100000] [--commands 200]

What is timed begins when Slack sends the command down the socket and ends when the whole answer has come to its
response_url; acknowledgements are timed apart. Slack gives 3 seconds for those.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import structlog
from rich.console import Console
from rich.table import Table

from benchmarks.corpus import Corpus
from cli.embedded import EmbeddedValkey
from papers.model import Digest
from papers.services.intake import take_in
from papers.stores.server import Server
from papers.wiring import Stores
from tests.fakes.slack import StrictSlack
from tests.fakes.upstream import Upstream
from tests.integration.slackline import SlackLine, one_workspace

LIMIT = 0.3
"""Seconds to the whole answer, p99."""

DAY = 250
"""Papers a day: a year's worth, and a little, is 100,000."""

LINES = ("search {}", "list", "test {}", "digest", "subscribe {}", "trending week", "why {id}", "similar {id}", "log")


def main() -> int:
    """Print the table; 1 if the limit is passed."""
    parser = argparse.ArgumentParser(description="Commands to answers, over Slack.")
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--commands", type=int, default=200)
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory() as folder:
        valkey = EmbeddedValkey(Path(folder))
        valkey.start()
        server = Server(valkey.url)
        try:
            corpus = Corpus()
            fill(Stores(server), corpus, asked.papers)
            times = measure(server, corpus.queries(asked.commands), asked.papers)
        finally:
            server.close()
            valkey.stop()
    return report(times, asked.papers)


def fill(stores: Stores, corpus: Corpus, count: int) -> None:
    """An archive, a digest a day up to yesterday."""
    papers, now = corpus.papers(count), datetime.now(UTC)
    days = -(-count // DAY)
    for number in range(days):
        day = (now - timedelta(days=days - number)).date()
        digest = Digest("huggingface", day, tuple(papers[number * DAY : (number + 1) * DAY]), "")
        take_in(stores.papers, digest, scope="*", announce=False, now=now)


def measure(server: Server, queries: Sequence[str], papers: int) -> dict[str, list[tuple[float, float]]]:
    """Seconds to the acknowledgement and to the answer, by command."""
    times: dict[str, list[tuple[float, float]]] = {}
    with StrictSlack() as slack, Upstream() as upstream:
        slack.channel("C1", members=[f"U{number}" for number in range(40)])
        with (line := one_workspace(server, upstream, slack, "socket")).running():
            named = f"2503.{papers - 1:05}"
            for number, (words, query) in enumerate(zip(cycle(LINES), queries, strict=False)):
                typed = words.format(query, id=named)
                times.setdefault(words.split()[0], []).append(_time(line, f"U{number % 40}", typed))
    return times


def _time(line: SlackLine, user: str, typed: str) -> tuple[float, float]:
    begun = time.perf_counter()
    act = line.slack.command(user, "C1", f"/papers {typed}")
    act.answered(seconds=30)
    return act.acknowledged or 3.0, time.perf_counter() - begun


def report(times: dict[str, list[tuple[float, float]]], papers: int) -> int:
    """Print, and judge."""
    table = Table(title=f"commands over Slack, {papers:,} papers")
    for heading in ("command", "acknowledged, ms, worst", "answered, ms, median", "p99", "p99 / limit"):
        table.add_column(heading, justify="left" if heading == "command" else "right")
    every = [pair for pairs in times.values() for pair in pairs]
    for name, pairs in [*times.items(), ("all", every)]:
        answered = sorted(pair[1] for pair in pairs)
        p99 = next(islice(answered, min(int(len(answered) * 0.99), len(answered) - 1), None))
        figures = (max(pair[0] for pair in pairs), median(answered), p99)
        table.add_row(name, *(f"{figure * 1000:.0f}" for figure in figures), f"{p99 / LIMIT:.2f}")
    Console().print(table)
    return int(p99 > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
