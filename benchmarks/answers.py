"""How soon people have an answer: commands typed into a strict Slack or Discord, with a full archive behind the bot.

    python -m benchmarks.answers [--platform slack|discord] [--papers 100000] [--commands 200]

What is timed begins when the platform sends the command down its socket and ends when the whole answer has come;
acknowledgements are timed apart. Both platforms give 3 seconds for those.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
from tests.fakes.discord import StrictDiscord
from tests.fakes.slack import StrictSlack
from tests.fakes.upstream import Upstream
from tests.integration.discordline import MANAGE_CHANNELS, DiscordLine
from tests.integration.slackline import one_workspace

LIMIT = 0.3
"""Seconds to the whole answer, p99."""

PEOPLE = 40
"""Who ask in turn: each may ask thirty times a minute."""

DAY = 250
"""Papers a day: a year's worth, and a little, is 100,000."""

ASKED = {
    "search": "query",
    "list": "",
    "test": "what",
    "digest": "",
    "subscribe": "query",
    "trending": "",
    "why": "paper",
    "similar": "paper",
    "log": "",
}
"""Commands, and Discord's name for what they ask: a QUERY, or the newest paper."""

Ask = Callable[[int, str, str], tuple[float, float]]
"""Of the number of who asks, a command and its argument: seconds to the acknowledgement and to the answer."""


def main() -> int:
    """Print the table; 1 if the limit is passed."""
    parser = argparse.ArgumentParser(description="Commands to answers.")
    parser.add_argument("--platform", choices=("slack", "discord"), default="slack")
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
            with (over_slack if asked.platform == "slack" else over_discord)(server) as ask:
                times = measure(ask, corpus.queries(asked.commands), f"2503.{asked.papers - 1:05}")
        finally:
            server.close()
            valkey.stop()
    return report(times, f"{asked.platform.title()}, {asked.papers:,} papers")


def fill(stores: Stores, corpus: Corpus, count: int) -> None:
    """An archive, a digest a day up to yesterday."""
    papers, now = corpus.papers(count), datetime.now(UTC)
    days = -(-count // DAY)
    for number in range(days):
        day = (now - timedelta(days=days - number)).date()
        digest = Digest("huggingface", day, tuple(papers[number * DAY : (number + 1) * DAY]), "")
        take_in(stores.papers, digest, scope="*", announce=False, now=now)


@contextmanager
def over_slack(server: Server) -> Iterator[Ask]:
    """People in Slack."""
    with StrictSlack() as slack, Upstream() as upstream:
        slack.channel("C1", members=[f"U{number}" for number in range(PEOPLE)])

        def ask(who: int, command: str, argument: str) -> tuple[float, float]:
            begun = time.perf_counter()
            act = slack.command(f"U{who}", "C1", f"/papers {command} {argument}")
            act.answered(seconds=30)
            return act.acknowledged or 3.0, time.perf_counter() - begun

        with one_workspace(server, upstream, slack, "socket").running():
            yield ask


@contextmanager
def over_discord(server: Server) -> Iterator[Ask]:
    """People in Discord."""
    with StrictDiscord() as discord, Upstream() as upstream:
        line = DiscordLine(server, upstream, discord)
        people = [discord.user(f"user{n}", line.guild, permissions=MANAGE_CHANNELS) for n in range(PEOPLE)]

        def ask(who: int, command: str, argument: str) -> tuple[float, float]:
            begun = time.perf_counter()
            given = {ASKED[command]: argument} if ASKED[command] else {}
            act = discord.slash(people[who], line.channel, f"papers {command}", given)
            act.until(lambda one: one.text)
            return act.after or 3.0, time.perf_counter() - begun

        with line.running():
            yield ask


def measure(ask: Ask, queries: Sequence[str], newest: str) -> dict[str, list[tuple[float, float]]]:
    """Seconds to the acknowledgement and to the answer, by command."""
    times: dict[str, list[tuple[float, float]]] = {}
    for number, (command, query) in enumerate(zip(cycle(ASKED), queries, strict=False)):
        argument = {"": "", "paper": newest}.get(ASKED[command], query)
        times.setdefault(command, []).append(ask(number % PEOPLE, command, argument))
    return times


def report(times: dict[str, list[tuple[float, float]]], where: str) -> int:
    """Print, and judge."""
    table = Table(title=f"commands over {where}")
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
