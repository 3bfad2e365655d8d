"""What RQ may run for us: the jobs on the list, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rq import Queue, SimpleWorker, Webhook
from rq.job import Callback, Job
from rq.serializers import JSONSerializer
from rq.timeouts import TimerDeathPenalty

from papers.stores.server import Server
from tests.fakes.upstream import Upstream
from workers.bells import FETCH, MATCH, QUEUES, UnknownBellError, bell_class, bell_queue, ring


@dataclass
class Rung:
    """Jobs that were run."""

    jobs: list[str] = field(default_factory=list)

    def fetch(self) -> None:
        """Fetches nothing."""
        self.jobs.append("fetch")

    def match(self) -> None:
        """Matches nothing."""
        self.jobs.append("match")


class Worker(SimpleWorker):
    """One that needs no signals."""

    death_penalty_class = TimerDeathPenalty


@pytest.fixture
def rung() -> Rung:
    return Rung()


@pytest.fixture
def work(server: Server, rung: Rung) -> Callable[[], None]:
    """Empties both queues."""
    bells = bell_class({"fetch": rung.fetch, "match": rung.match})
    return lambda: run(server, bells)


def run(server: Server, job_class: type[Job]) -> None:
    for name in (FETCH, MATCH):
        queue = Queue(name, connection=server.raw, serializer=JSONSerializer)
        worker = Worker([queue], connection=server.raw, job_class=job_class, serializer=JSONSerializer)
        worker.work(burst=True, logging_level="CRITICAL")


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module `stranger` that could be imported, and the file that it writes if it ever is."""
    (tmp_path / "stranger.py").write_text(
        "open('was_here', 'w').close()\ndef call(*args): open('was_called', 'w').close()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path / "was_here"
    sys.modules.pop("stranger", None)


def test_a_bell_runs_its_job(server: Server, work: Callable[[], None], rung: Rung) -> None:
    ring("match", connection=server.raw)
    ring("fetch", connection=server.raw)
    work()
    assert rung.jobs == ["fetch", "match"]


@pytest.mark.parametrize(("job", "queue"), QUEUES.items())
def test_each_job_has_one_queue(server: Server, job: str, queue: str) -> None:
    ring(job, connection=server.raw)
    assert bell_queue(job, server.raw).name == queue
    assert Queue(queue, connection=server.raw, serializer=JSONSerializer).count == 1


def test_a_job_that_there_is_not_cannot_be_rung(server: Server) -> None:
    with pytest.raises(KeyError):
        ring("stranger.call", connection=server.raw)


def test_a_function_that_is_not_on_the_list_is_not_run_and_not_even_imported(
    server: Server, work: Callable[[], None], rung: Rung, stranger: Path
) -> None:
    queue = bell_queue("match", server.raw)
    job = queue.enqueue_call("stranger.call", failure_ttl=60)
    work()
    assert queue.failed_job_registry.get_job_ids() == [job.id]
    assert "stranger" not in sys.modules
    assert not stranger.exists()
    assert rung.jobs == []


def test_rq_alone_would_have_run_it(server: Server, stranger: Path) -> None:
    bell_queue("match", server.raw).enqueue_call("stranger.call")
    run(server, Job)
    assert stranger.exists()


@pytest.mark.parametrize("name", ["os.system", "builtins.eval", "workers.bells.ring", "", "Fetch"])
def test_no_other_name_is_on_the_list(server: Server, name: str) -> None:
    bell = bell_class({"fetch": print})
    job = bell.create("fetch", connection=server.raw, serializer=JSONSerializer)
    assert job.func is print
    job.func_name = name
    with pytest.raises(UnknownBellError, match="not a job of Paperboy's"):
        assert job.func is None


def test_callbacks_in_a_jobs_hash_are_ignored(
    server: Server, work: Callable[[], None], rung: Rung, stranger: Path
) -> None:
    stranger_calls = Callback("stranger.call")
    bell_queue("match", server.raw).enqueue_call("match", on_success=stranger_calls, on_stopped=stranger_calls)
    bell_queue("match", server.raw).enqueue_call("nothing", on_failure=stranger_calls)
    work()
    assert rung.jobs == ["match"]
    assert "stranger" not in sys.modules
    assert not stranger.exists()


def test_rq_alone_would_have_called_them_back(server: Server, stranger: Path) -> None:
    bell_queue("match", server.raw).enqueue_call("os.getpid", on_success=Callback("stranger.call"))
    run(server, Job)
    assert stranger.exists()


def hooks(upstream: Upstream) -> list[Webhook]:
    """Calls that RQ would make when a job is done."""
    return [Webhook(f"{upstream.url}/{status}", status) for status in ("finished", "failed")]


def test_webhooks_in_a_jobs_hash_call_nobody(server: Server, work: Callable[[], None], rung: Rung) -> None:
    with Upstream() as upstream:
        bell_queue("match", server.raw).enqueue_call("match", webhooks=hooks(upstream))
        bell_queue("match", server.raw).enqueue_call("nothing", webhooks=hooks(upstream))
        work()
        assert (rung.jobs, upstream.connections) == (["match"], 0)


def test_rq_alone_would_have_called_them(server: Server) -> None:
    with Upstream() as upstream:
        bell_queue("match", server.raw).enqueue_call("os.getpid", webhooks=hooks(upstream))
        bell_queue("match", server.raw).enqueue_call("os.nothing", webhooks=hooks(upstream))
        run(server, Job)
        assert [request.path for request in upstream.requests] == ["/finished", "/failed"]


def test_a_job_that_fails_does_not_stop_the_worker(server: Server, work: Callable[[], None], rung: Rung) -> None:
    bell_queue("fetch", server.raw).enqueue_call("stranger.call", failure_ttl=60)
    ring("fetch", connection=server.raw)
    work()
    assert rung.jobs == ["fetch"]


def test_a_finished_job_leaves_nothing_behind(server: Server, work: Callable[[], None]) -> None:
    ring("match", connection=server.raw)
    work()
    assert server.call("KEYS", "rq:job:*") == []
