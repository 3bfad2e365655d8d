"""How soon the demo shows its first post, and how much memory its whole process tree takes, against their limits.

    python -m benchmarks.demo [--runs 5]

Memory is the sum of resident sets, sampled; pages that processes share are counted for each of them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from statistics import median

import psutil
from rich.console import Console
from rich.table import Table

FIRST_POST = 5.0
"""Seconds that the first post may take."""

TREE = 300.0
"""Megabytes that the tree may take."""

SAMPLE = 0.01
"""Seconds between two looks at the memory."""

POST = "─"
"""A post's headline is ruled off with it; nothing before the first post is."""


@dataclass
class Run:
    """One demo: seconds until its first post and until its end, peak megabytes of its tree."""

    first: float = 0.0
    whole: float = 0.0
    peak: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)

    def measure(self) -> Run:
        """Run the demo once."""
        begun = time.perf_counter()
        command = [sys.executable, "-m", "cli", "demo", "--once"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:  # noqa: S603 - ourselves, no shell
            watcher = threading.Thread(target=self._watch, args=(psutil.Process(demo.pid),))
            watcher.start()
            for line in demo.stdout or ():
                if not self.first and line.startswith(POST):
                    self.first = time.perf_counter() - begun
        self.whole = time.perf_counter() - begun
        self._done.set()
        watcher.join()
        return self

    def _watch(self, root: psutil.Process) -> None:
        while not self._done.wait(SAMPLE):
            self.peak = max(self.peak, _resident(root))


def _resident(root: psutil.Process) -> float:
    total = 0
    try:
        for process in [root, *root.children(recursive=True)]:
            total += process.memory_info().rss
    except psutil.Error:  # one of them has just ended
        return 0.0
    return total / 1e6


def main() -> int:
    """Print the table; 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description="The demo against its limits.")
    parser.add_argument("--runs", type=int, default=5)
    runs = [Run().measure() for _ in range(parser.parse_args().runs)]
    table = Table(title=f"paperboy demo --once, {len(runs)} runs")
    for heading in ("", "median", "worst", "limit", "worst / limit"):
        table.add_column(heading, justify="right" if heading else "left")
    first, peak = [run.first for run in runs], [run.peak for run in runs]
    for name, figures, limit in (("first post, s", first, FIRST_POST), ("tree's memory, MB", peak, TREE)):
        worst = max(figures)
        table.add_row(name, f"{median(figures):.2f}", f"{worst:.2f}", f"{limit:g}", f"{worst / limit:.2f}")
    table.add_row("to its end, s", f"{median([run.whole for run in runs]):.2f}", "", "", "")
    Console().print(table)
    return int(max(first) > FIRST_POST or max(peak) > TREE)


if __name__ == "__main__":
    sys.exit(main())
