"""The embed job over a real server: everything gets its vector under the model of today, whatever happens meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import pytest
from structlog.testing import capture_logs

from papers.lesson import Lesson
from papers.matching.topics import text_of
from papers.ports import Embedder, Vectors
from papers.services.corpus import Corpus
from papers.services.remembering import Remembering, paper_key
from papers.stores import keys
from papers.stores.lessons import packed
from papers.stores.server import Server
from papers.stores.vectors import VectorStore
from papers.wiring import Stores
from tests.builders import GENERAL, Counting, crowd, paper, store, subscription
from tests.conftest import NOW
from tests.repository import ROOT
from workers.embed import LONGEST, EmbedStage

FEW = 3
TOPICS = ["diffusion of pictures", "robots that grasp"]

KILLED = """
import os, sys
from papers.embedding import load_embedder
from papers.stores.server import Server
from papers.wiring import Stores
from tests.integration.test_embed import Model, never, stage
class Mortal(Model):
    def embed(self, texts):
        if len(self.texts) >= 20:
            os.kill(os.getpid(), 9)
        return super().embed(texts)
stage(Stores(Server(sys.argv[1])), Mortal(load_embedder("wordllama"))).run(never)
"""


class Model(Counting):
    """An embedder of another name, that embeds three texts at once, and may tell when."""

    def __init__(self, embedder: Embedder, name: str = "new") -> None:
        super().__init__(embedder, name)
        self.at_once = FEW

    @property
    def texts(self) -> list[str]:
        """All that it embedded, in order."""
        return list(chain(*self.asked))


@dataclass
class Clock:
    """Seconds that pass by `step` at each look."""

    step: float = 0.0
    now: float = 0.0

    def __call__(self) -> float:
        """The time."""
        self.now += self.step
        return self.now


def stage(stores: Stores, model: Embedder, clock: Clock | None = None) -> EmbedStage:
    """What a worker with that model has."""
    vectors = VectorStore(stores.server, model.name, model.dim)
    return EmbedStage(
        papers=stores.papers,
        channels=stores.channels,
        lessons=stores.lessons,
        vectors=vectors,
        coverage=stores.coverage,
        remembering=Remembering(model, vectors),
        clock=clock or Clock(),
    )


def never() -> bool:
    """Nobody else wants the worker."""
    return False


def always() -> bool:
    """Somebody does."""
    return True


def kept(server: Server, model: str) -> int:
    """How many vectors there are of a model."""
    return int(server.call("HLEN", keys.vectors(model)))


@pytest.fixture
def model(embedder: Embedder) -> Model:
    return Model(embedder)


@pytest.fixture
def archive(stores: Stores) -> list[str]:
    """Forty papers of ten days, newest first, embedded with an older model; and two channels with a topic each."""
    store(stores.papers, *crowd(40))
    for channel, topic in zip(("vision", "general"), TOPICS, strict=True):
        stores.channels.add(subscription(query=None, topic=topic, destination=replace(GENERAL, channel=channel)))
    vectors = VectorStore(stores.server, "old", 2)
    vectors.put({paper_key(one): np.ones(2, np.float32) for one in crowd(40)})
    return stores.papers.recent(100)


def test_topics_come_first_then_papers_newest_first(stores: Stores, model: Model, archive: list[str]) -> None:
    stage(stores, model).run(never)
    papers = stores.papers.get(archive)
    assert model.texts == [*TOPICS[::-1], *(text_of(papers[one]) for one in archive)]


@pytest.mark.usefixtures("archive")
def test_when_all_is_done_that_is_known_and_older_vectors_are_gone(stores: Stores, model: Model) -> None:
    job = stage(stores, model)
    job.run(never)
    covered = stores.coverage.get()
    assert (covered.model, covered.done, covered.total) == ("new", 40, 40)
    assert (kept(stores.server, "new"), kept(stores.server, "old")) == (42, 0)
    job.run(never)  # the vectors themselves were changes
    assert not stores.coverage.get().lags(stores.papers.newest_change())
    assert len(model.texts) == 42


@pytest.mark.usefixtures("archive")
def test_who_is_wanted_stops_after_a_few_and_goes_on_where_it_was(stores: Stores, model: Model) -> None:
    job = stage(stores, model)
    for rung in range(1, 4):
        job.run(always)
        assert len(model.texts) <= FEW * rung
    assert kept(stores.server, "old") == 40
    before = len(model.texts)
    job.run(never)
    assert len(model.texts) == 42 > before > 2
    assert len(set(model.texts)) == 42


@pytest.mark.usefixtures("archive")
def test_one_job_works_no_longer_than_it_may(stores: Stores, model: Model) -> None:
    stage(stores, model, Clock(step=LONGEST / 4)).run(never)
    assert 0 < len(model.texts) < 20
    assert stores.coverage.get().mark is None


@pytest.mark.usefixtures("archive")
def test_what_is_done_can_be_seen_meanwhile(stores: Stores, model: Model) -> None:
    job = stage(stores, model)
    seen = []
    for _ in range(5):
        job.run(always)
        seen.append((stores.coverage.get().done, stores.coverage.get().total))
    assert seen[-1] == (12, 40)
    assert stores.coverage.get().lags(0.0)


def test_a_worker_that_is_killed_in_the_middle_did_not_work_in_vain(
    stores: Stores, model: Model, archive: list[str]
) -> None:
    words = [sys.executable, "-c", KILLED, stores.server.url]
    died = subprocess.run(words, check=False, cwd=ROOT, env=os.environ, timeout=60)  # noqa: S603 - ourselves
    assert died.returncode == -signal.SIGKILL
    done = kept(stores.server, "new")
    assert 0 < done < 42
    assert stores.coverage.get().mark is None
    job = stage(stores, model)
    job.run(never)
    assert model.texts == []  # the dead one's lease stands
    stores.server.call("DEL", keys.lease("embed"))
    job.run(never)
    assert (len(model.texts), kept(stores.server, "new")) == (42 - done, 42)
    assert stores.coverage.get().mark is not None
    assert text_of(stores.papers.get(archive)[archive[-1]]) == model.texts[-1]


@pytest.mark.usefixtures("archive")
def test_two_workers_share_the_work_and_neither_does_the_others(stores: Stores, embedder: Embedder) -> None:
    one, other = Model(embedder), Model(embedder)
    jobs = [stage(stores, one), stage(stores, other)]
    for turn in range(60):
        jobs[turn % 2].run(always)
    assert sorted(one.texts + other.texts) == sorted(set(one.texts + other.texts))
    assert (kept(stores.server, "new"), stores.coverage.get().mark is not None) == (42, True)


@pytest.mark.usefixtures("archive")
def test_of_two_models_that_workers_have_the_one_that_began_last_stays(stores: Stores, embedder: Embedder) -> None:
    first, last = Model(embedder, "first"), Model(embedder, "last")
    earlier, later = stage(stores, first), stage(stores, last)
    earlier.run(always)
    later.run(always)
    for _ in range(3):
        earlier.run(never)
    assert (len(first.texts), stores.coverage.get().model) == (2 + FEW, "last")  # it notices after its next step
    later.run(never)
    assert (kept(stores.server, "first"), kept(stores.server, "last")) == (0, 42)
    earlier.run(never)
    assert (stores.coverage.get().model, kept(stores.server, "last")) == ("last", 42)


@pytest.mark.usefixtures("archive")
def test_what_arrives_or_changes_afterwards_is_embedded_alone(stores: Stores, model: Model) -> None:
    job = stage(stores, model)
    job.run(never)
    model.asked.clear()
    new, old = paper(800, "One more"), crowd(40)[4]
    told = replace(old, abstract=f"{old.abstract} And that was not all.")
    store(stores.papers, new, told)
    assert stores.coverage.get().lags(stores.papers.newest_change())
    job.run(never)
    assert sorted(model.texts) == sorted([text_of(told), "One more"])


def test_a_failure_in_the_middle_is_not_taken_for_the_end(
    stores: Stores, embedder: Embedder, archive: list[str]
) -> None:
    class Faulty(Model):
        failed = False

        def embed(self, texts: Sequence[str]) -> Vectors:
            if len(self.texts) == 11 and not self.failed:
                self.failed = True
                raise RuntimeError("no memory")
            return super().embed(texts)

    job = stage(stores, model := Faulty(embedder))
    with pytest.raises(RuntimeError, match="no memory"):
        job.run(never)
    assert stores.coverage.get().mark is None
    job.run(never)
    assert len(model.texts) == len(archive) + 2


@pytest.mark.usefixtures("archive")
def test_topics_that_votes_moved_are_moved_again_when_papers_have_vectors(stores: Stores, model: Model) -> None:
    lesson = Lesson(paper(1).id, paper_key(paper(1)), {}, ("1:1",), NOW, up=1, down=0)
    stores.server.call("HSET", keys.lessons(GENERAL), lesson.paper, packed(lesson))
    before = stores.channels.last_change()
    job = stage(stores, model)
    job.run(always)
    assert stores.channels.changes(before)[0] == []
    job.run(never)
    changed, newest = stores.channels.changes(before)
    assert changed == [GENERAL]
    job.run(never)
    assert stores.channels.last_change() == newest


def test_a_first_model_is_no_change_of_models(stores: Stores, model: Model, embedder: Embedder) -> None:
    changed = "workers embed with another model from now on"
    with capture_logs() as logs:
        stage(stores, model).run(never)
    assert changed not in [one["event"] for one in logs]
    with capture_logs() as logs:
        stage(stores, Model(embedder, "newer")).run(never)
    assert changed in [one["event"] for one in logs]


def test_an_empty_archive_is_covered_at_once(stores: Stores, model: Model) -> None:
    stage(stores, model).run(never)
    assert stores.coverage.get().mark == 0.0
    assert model.asked == []


def test_a_bot_learns_of_vectors_that_come(stores: Stores, embedder: Embedder, archive: list[str]) -> None:
    model = Model(embedder)
    bot = Corpus(stores.papers, VectorStore(stores.server, model.name, model.dim), model)
    before = bot.stream()
    assert len(model.texts) == FEW  # no more, while somebody waits
    assert [bool(entry.vector.any()) for entry in before.entries] == [True] * FEW + [False] * (len(archive) - FEW)
    stage(stores, Model(embedder)).run(never)
    after = bot.stream()
    assert len(model.texts) == FEW
    for entry in after.entries:
        assert entry.vector == pytest.approx(embedder.embed([text_of(entry.paper)])[0], abs=1e-3)


def test_what_arrives_has_its_vector_before_it_is_matched(
    stores: Stores, embedder: Embedder, archive: list[str]
) -> None:
    corpus = Corpus(stores.papers, VectorStore(stores.server, "new", embedder.dim), Model(embedder))
    corpus.stream()
    arrivals = corpus.around(list(stores.papers.get(archive[10:30]).values()))
    assert all(entry.vector.any() for entry in arrivals.entries)
    found = {entry.paper.id for entry in corpus.stream().entries if entry.vector.any()}
    assert {*archive[:FEW], *archive[10:30]} <= found < {*archive}
