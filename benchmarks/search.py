"""How soon search answers, and how well it orders: the archive's index beside SQLite FTS5, in one run.

    python -m benchmarks.search [--papers 10000 100000] [--copies 1] [--searches 300] [--keep DIRECTORY]
        [--judged FILE.json.gz …]

What is timed is the service, in a process of its own as a bot is: the QUERY parsed and embedded, the index followed,
words and meanings searched and fused, the page's papers fetched from Valkey and summed up. The peer finds the five best
of the same words by BM25, in memory, and does nothing else. A processor's own time is told too: on a busy machine, the
clock's says more of its other work. `--papers 100000 --copies 10` is an index of a million (`benchmarks.copies`).
What `--keep` names has a directory for each size, whose archive and index a later run finds there: it measures the
searches alone. The
judged files are those of `benchmarks.relevance`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import numpy as np
import psutil
import structlog
from rich.console import Console
from rich.table import Table

from benchmarks.copies import copied
from benchmarks.corpus import Corpus
from benchmarks.judged import order_table
from cli.embedded import EmbeddedValkey
from papers.matching.topics import text_of
from papers.model import Digest, Paper
from papers.query import Phrase, Word, leaves, parse
from papers.services.intake import take_in
from papers.services.remembering import paper_key
from papers.settings import Settings
from papers.stores.server import Server
from papers.text import fold
from papers.wiring import Core

GOALS = {10_000: 20.0, 100_000: 20.0, 1_000_000: 120.0}
"""Milliseconds, p99, by papers."""

VISIBLE = 1000.0
"""Milliseconds until a hundred more papers are found."""

RESIDENT = 500.0
"""MB of a process that searches 100,000 papers."""

PER_DAY = 250
BATCH = 200


@dataclass(frozen=True)
class Measured:
    """What the searching process says: seconds to build, ms of each search and of the next after more papers, MB.

    `worked` is the processor's time of the same searches, `misspelt` the clock's of words with two letters swapped.
    """

    built: float
    taken: list[float]
    worked: list[float]
    misspelt: list[float]
    visible: float
    resident: float


def main() -> int:
    """Print the tables; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description="Search beside SQLite FTS5.")
    parser.add_argument("--papers", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--searches", type=int, default=300)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--judged", type=Path, nargs="*", default=[])
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    met = [run(count, asked.searches, asked.copies, asked.keep) for count in asked.papers]
    if asked.judged:
        Console().print(order_table(asked.judged))
    return 0 if all(met) else 1


def run(count: int, searches: int, copies: int, keep: Path | None = None) -> bool:
    """Measure at one size of the archive, each paper standing in the index so often; whether the goals are met."""
    if keep is None:
        with tempfile.TemporaryDirectory() as folder:
            return run_in(Path(folder), count, searches, copies)
    kept = keep / str(count * copies)
    kept.mkdir(parents=True, exist_ok=True)
    return run_in(kept, count, searches, copies)


def run_in(folder: Path, count: int, searches: int, copies: int) -> bool:
    """The same in a directory, which may have the archive and its index already."""
    corpus = Corpus()
    papers = corpus.papers(count + 100)
    typed = [*corpus.queries(searches * 2 // 3), *texts(papers, searches // 3)]
    valkey = EmbeddedValkey(folder)
    valkey.start()
    server = Server(valkey.url)
    core = Core(Settings.model_construct(paperboy_data=folder), server)
    try:
        new = [] if core.stores.papers.count() else papers[count:]
        fill(core, papers[:count] if new else [])
        with multiprocessing.get_context("spawn").Pool(1) as pool, multiprocessing.Manager() as manager:
            done, more = manager.Event(), manager.Event()
            title = new[-1].title if new and copies == 1 else ""  # copies follow no archive
            bot = pool.apply_async(searching, (folder, valkey.url, (typed, title), copies, (done, more)))
            done.wait()
            fill(core, new)
            more.set()
            measured = bot.get()
        disk = sum(path.stat().st_size for path in (folder / "search").rglob("*") if path.is_file())
    finally:
        server.close()
        valkey.stop()
    return report(count * copies, measured, disk, papers[:count] * copies, typed)


def texts(papers: Sequence[Paper], count: int) -> list[str]:
    """What people type who name no field and no operator: some words of an abstract."""
    dice = random.Random(7)  # noqa: S311 - a benchmark's dice
    return [" ".join(dice.sample(fold(dice.choice(papers).abstract), 4)) for _ in range(count)]


def fill(core: Core, papers: Sequence[Paper], per_day: int = PER_DAY) -> None:
    """Papers, a digest a day, with their vectors."""
    now = datetime.now(UTC)
    for start in range(0, len(papers), per_day):
        day = (now - timedelta(days=(len(papers) - start - 1) // per_day)).date()
        told = tuple(replace(one, day=day) for one in papers[start : start + per_day])
        take_in(core.stores.papers, Digest("huggingface", day, told, ""), scope="*", announce=False, now=now)
    for start in range(0, len(papers), BATCH):
        part = papers[start : start + BATCH]
        vectors = core.embedder.embed([text_of(paper) for paper in part])
        core.vectors.put(dict(zip(map(paper_key, part), vectors, strict=True)))


def searching(
    folder: Path, url: str, asked: tuple[Sequence[str], str], copies: int, events: tuple[Event, Event]
) -> Measured:
    """What the bot does: build the index, search, wait for a hundred more papers, search for a new one's title."""
    (typed, new), (done, more) = asked, events
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    core = Core(Settings.model_construct(paperboy_data=folder), Server(url))
    began, desk = time.perf_counter(), core.desk
    if copies == 1:
        until_complete(core)
    else:
        desk = replace(desk, library=copied(core, copies))
    built = time.perf_counter() - began
    taken, worked = timed(desk.search, typed), timed(desk.search, typed, clock=time.process_time)
    wrong = timed(desk.search, list(filter(None, map(misspelt, typed))))
    resident = psutil.Process().memory_info().rss / 1e6
    done.set()
    more.wait()
    (visible,) = timed(desk.search, [new], warm=0) if new else [np.nan]
    core.library.close()
    return Measured(built, taken, worked, wrong, visible, resident)


def misspelt(query: str) -> str:
    """A QUERY's first word with two letters swapped; "" where it is no plain word, or a short one."""
    word = query.split(maxsplit=1)[0]
    return f"{word[:3]}{word[4]}{word[3]}{word[5:]}" if word.isalpha() and len(word) > len("short") else ""


def until_complete(core: Core) -> None:
    """Wait until the index has everything."""
    complete = False
    while not complete:
        with core.library.reading() as reader:
            complete = reader.is_complete
        time.sleep(0.05)


def timed(
    ask: Callable[[str], object], typed: Sequence[str], warm: int = 10, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Milliseconds of each search, after a few that do not count."""
    for query in typed[:warm]:
        ask(query)
    taken = []
    for query in typed:
        began = clock()
        ask(query)
        taken.append((clock() - began) * 1000)
    return taken


def report(count: int, measured: Measured, disk: int, papers: Sequence[Paper], typed: Sequence[str]) -> bool:
    """Ask the peer, print; whether the goals are met."""
    peer = fts5(papers)
    times = {
        "Paperboy": measured.taken,
        "the same, of a processor": measured.worked,
        "a word misspelt": measured.misspelt,
        "FTS5, all words": timed(lambda query: ask_fts5(peer, query, " "), typed),
        "FTS5, any word": timed(lambda query: ask_fts5(peer, query, " OR "), typed),
    }
    console = Console()
    console.print(speed_table(count, times))
    console.print(f"index built in {measured.built:.0f} s, {disk / count:,.0f} B a paper on disk")
    console.print(f"the process that searches: {measured.resident:.0f} MB resident (goal {RESIDENT:.0f} at 100,000)")
    if not np.isnan(measured.visible):
        console.print(f"a hundred more papers are found after {measured.visible:.0f} ms (goal {VISIBLE:.0f})")
    fits = count > 100_000 or measured.resident <= RESIDENT
    return (
        fits and not measured.visible > VISIBLE and float(np.percentile(measured.taken, 99)) <= GOALS.get(count, np.inf)
    )


def fts5(papers: Sequence[Paper]) -> sqlite3.Connection:
    """The peer, in memory."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE papers USING fts5(title, abstract, tokenize = 'porter unicode61')")
    connection.executemany("INSERT INTO papers VALUES (?, ?)", ((one.title, one.abstract) for one in papers))
    connection.commit()
    return connection


def ask_fts5(connection: sqlite3.Connection, query: str, joint: str) -> list[tuple[int]]:
    """The five best of a QUERY's words and phrases."""
    wanted = [leaf for leaf, positive in leaves(parse(query)) if positive and isinstance(leaf, (Word, Phrase))]
    match = joint.join(f'"{" ".join(fold(leaf.text))}"' for leaf in wanted) or '"the"'
    sql = "SELECT rowid FROM papers WHERE papers MATCH ? ORDER BY rank LIMIT 5"
    return connection.execute(sql, (match,)).fetchall()


def speed_table(count: int, times: dict[str, list[float]]) -> Table:
    """Percentiles, and the peer's as multiples of ours."""
    table = Table(title=f"search, {count:,} papers")
    for heading in ("", "p50, ms", "p99, ms", "p99 / goal", "p99 / Paperboy's"):
        table.add_column(heading, justify="left" if not heading else "right")
    unit = float(np.percentile(times["Paperboy"], 99))
    for name, taken in times.items():
        half, most = np.percentile(taken, (50, 99))
        goal = f"{most / GOALS[count]:.2f}" if count in GOALS and name == "Paperboy" else ""
        table.add_row(name, f"{half:.1f}", f"{most:.1f}", goal, f"{most / unit:.2f}")
    return table


if __name__ == "__main__":
    sys.exit(main())
