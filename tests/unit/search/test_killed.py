"""However often its process is killed, a library has every paper once, as it is told now."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from cli.embedded import EmbeddedValkey
from papers.model import Paper
from papers.ports import Embedder
from papers.query import analyse, matches, parse
from papers.search.library import Library
from papers.services.remembering import Remembering
from papers.stores.server import Server
from papers.stores.vectors import VectorStore
from papers.wiring import Stores
from tests.builders import WORDS, crowd, store

ROUNDS = 6
READER = """
import sys
from pathlib import Path
from papers.embedding import load_embedder
from papers.search import library as module
from papers.search.library import Library
from papers.services.remembering import Remembering
from papers.stores.server import Server
from papers.stores.vectors import VectorStore
from papers.wiring import Stores

module.TOGETHER = 10
url, home = sys.argv[1:]
server, embedder = Server(url), load_embedder("wordllama")
remembering = Remembering(embedder, VectorStore(server, embedder.name, embedder.dim))
library = Library(Stores(server).papers, remembering, Path(home), reserve=0, at_once=5)
print("begun", flush=True)
while True:
    with library.reading() as reader:
        pass
"""


def retold(papers: list[Paper], times: int, dice: random.Random) -> list[Paper]:
    """Some of them told otherwise, at greater length each time."""
    more = [" ".join(dice.choices(WORDS, k=3 * times + 3)) for _ in papers]
    return [
        replace(one, abstract=f"{one.abstract} {words}")
        for one, words in dice.sample([*zip(papers, more, strict=True)], 40)
    ]


def killed_amid(server: Server, home: Path, write: Callable[[], object], seconds: float) -> None:
    """Kill a library's process while papers come."""
    reader = subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-c", READER, server.url, str(home)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    try:
        assert reader.stdout is not None
        reader.stdout.readline()
        write()
        time.sleep(seconds)
    finally:
        reader.kill()
        reader.communicate()


def test_it_does_not_matter_when_a_process_is_killed(
    valkey: EmbeddedValkey, server: Server, stores: Stores, embedder: Embedder, tmp_path: Path
) -> None:
    dice = random.Random(11)  # noqa: S311 - where it is killed
    home, papers = tmp_path / "search", crowd(200)
    store(stores.papers, *papers)
    for times in range(ROUNDS):
        others = retold(papers, times, dice)
        killed_amid(server, home, partial(store, stores.papers, *others), dice.uniform(0, 0.25))

    told = stores.papers.get([one.id for one in papers])
    remembering = Remembering(embedder, VectorStore(server, embedder.name, embedder.dim))
    library = Library(stores.papers, remembering, home, reserve=0, at_once=10_000)
    with library.reading() as reader:
        view = reader.view
    library.close()
    assert len({one.abstract for one in told.values()} - {one.abstract for one in papers}) > 40
    assert sorted(view.named(np.flatnonzero(view.alive))) == sorted(told)
    for query in (*WORDS, "-graph", '"graph kernel"', "atten* -survey"):
        expr = parse(query)
        held = view.named(np.flatnonzero(view.holding(expr) & view.alive))
        assert sorted(held) == sorted(one.id for one in told.values() if matches(expr, analyse(one)))
    assert view.words.rows(parse("-zebra")).size == len(told)
    assert (view.meanings.step[view.alive] > 0).all()
    assert valkey.answers()
