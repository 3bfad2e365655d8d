"""Runs one target until its time or its number of inputs is up, or an input breaks it, which libFuzzer writes down.

Status 0: nothing was found. How many inputs there were is libFuzzer's last line.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import mkdtemp

SLOWEST = 25
"""Seconds for one input; a feed's child has 5 s of CPU without the instruments."""

MEMORY = 2_048
"""MB."""

TARGETS = ("feed", "page", "json", "normaliser", "identity", "query", "commands", "slack", "discord", "plain", "xml")


def main() -> None:
    """Fuzz; libFuzzer ends the process."""
    parser = argparse.ArgumentParser(description="Fuzzes one target.")
    parser.add_argument("--target", choices=TARGETS, required=True)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--runs", type=int, default=-1, help="inputs at most; any number, if not given")
    parser.add_argument(
        "--corpus", type=Path, help="inputs to begin with, and where new ones are kept; a new folder, if not given"
    )
    given = parser.parse_args()
    try:
        import atheris  # noqa: PLC0415 - whoever only reads the help has not installed it
    except ImportError:
        sys.exit("fuzzing takes atheris: pip install atheris")
    with atheris.instrument_imports(include=["papers", "bot", "feedparser"]):
        from benchmarks.fuzz import rendering, targets  # noqa: PLC0415 - instrumented while they are imported
    target = {**targets.TARGETS, **rendering.TARGETS}[given.target]
    limits = [f"-max_total_time={int(given.minutes * 60)}", f"-runs={given.runs}", "-max_len=8192"]
    limits += [f"-timeout={SLOWEST}", f"-rss_limit_mb={MEMORY}", "-print_final_stats=1"]
    corpus = given.corpus or Path(mkdtemp(prefix=f"paperboy-fuzz-{given.target}-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(targets.seeds(given.target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], *limits, str(corpus)], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
