"""What a sentence transformer costs, a text at a time as Paperboy runs it, against fastembed's batches in one run.

    python -m benchmarks.embedding FOLDER [--texts 64]

FOLDER holds a model as EMBEDDING_MODEL takes it. The texts are the bundled sample's titles and abstracts. Each row is a
process of its own, so that its peak memory is its own. "Company" is how far a text's vector is, at worst, from the
one that it has alone: 1 - cosine.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Sequence
from datetime import date
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from papers import sample
from papers.embedding import load_embedder
from papers.embedding.wordllama import WordLlama, bundled
from papers.ports import Vectors

BATCHES = (8, 32, 256)
"""Of fastembed's; the last one is its default."""

MEGABYTE = 1024 if sys.platform != "darwin" else 1024 * 1024
"""Of what the system calls ru_maxrss."""

Measured = tuple[float, float, float, Vectors]


def texts_of_sample(count: int) -> list[str]:
    """So many titles with abstracts, again from the first after the last."""
    items = [item["paper"] for day in sample.days(date(2026, 3, 11)).values() for item in day]
    return list(islice(cycle(f"{one['title']}. {one['summary']}" for one in items), count))


def measure(folder: str, batch: int | None, texts: Sequence[str]) -> Measured:
    """Milliseconds and processor's milliseconds a text, peak MB, and the vectors; `batch` None is Paperboy's way."""
    embedder: Any = load_embedder(folder)
    embed = embedder.embed if batch is None else lambda some: _batched(embedder, some, batch)
    began, worked = time.perf_counter(), time.process_time()
    vectors = embed(texts)
    took, work = time.perf_counter() - began, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    return took / len(texts) * 1000, work / len(texts) * 1000, peak, vectors


def _batched(embedder: Any, texts: Sequence[str], batch: int) -> Vectors:
    """As fastembed does it by itself."""
    return np.stack(list(embedder._model.embed(list(texts), batch_size=batch)))  # noqa: SLF001 - the peer


def static(texts: Sequence[str]) -> float:
    """Milliseconds a text of the default model."""
    embedder = WordLlama(bundled())
    began = time.perf_counter()
    embedder.embed(texts)
    return (time.perf_counter() - began) / len(texts) * 1000


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="A sentence transformer, a text at a time and in batches.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", type=int, default=64)
    options = parser.parse_args()
    texts = texts_of_sample(options.texts)
    rows: dict[str, Measured] = {}
    for name, batch in {"one at a time (Paperboy)": None, **{f"batches of {one}": one for one in BATCHES}}.items():
        with get_context("spawn").Pool(1) as pool:
            rows[name] = pool.apply(measure, (str(options.folder), batch, texts))
    table = Table(title=f"{load_embedder(str(options.folder)).name}, {options.texts} abstracts")
    for heading in ("", "ms a text", "CPU ms a text", "peak MB", "company"):
        table.add_column(heading, justify="right" if heading else "left")
    alone = rows["one at a time (Paperboy)"][3]
    for name, (took, work, peak, vectors) in rows.items():
        company = 1 - float((alone * vectors).sum(axis=1).min())
        table.add_row(name, f"{took:.1f}", f"{work:.1f}", f"{peak:.0f}", f"{max(company, 0):.4f}")
    table.add_row("static vectors (the default)", f"{static(texts):.2f}", "", "", "")
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
