"""Real RQ workers over a real server: bells are rung, jobs run, and nothing that is not on the list ever does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from bot.terminal.talk import channel
from bot.wiring import terminal_sender
from papers.sources.http import MAX_SECONDS
from papers.sources.parser import WALL_SECONDS
from papers.stores import keys
from papers.stores.server import Server
from papers.wiring import clock
from tests.fakes.entries import entry, item, rss
from tests.fakes.upstream import Upstream
from tests.integration.burst import burst
from tests.integration.line import HF, Line
from workers.bells import FETCH, MATCH, ring
from workers.fetch import LEASE, LISTING_LEASE, Fetcher
from workers.giveup import Notifier

GENERAL = channel("general")
PAPERS = [item("2503.00001", "A diffusion model"), item("2503.00002", "Robots")]


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        running.day("2025-03-12", PAPERS)
        yield running


@pytest.fixture
def line(server: Server, upstream: Upstream) -> Line:
    return Line(server, upstream)


def work(line: Line, what: str) -> str:
    """Run a worker, as a process of its own, until its queue is empty; what it logged."""
    settings = line.workshop.core.settings
    environment = {"REDIS_URL": line.stores.server.url, "HF_ENDPOINT": settings.hf_endpoint}
    return burst(what, {**environment, "PAPERBOY_ALLOW_PRIVATE_FEEDS": "true"})


def waiting(line: Line, queue: str) -> list[str]:
    """What the queue's jobs are to do."""
    jobs = Queue(queue, connection=line.stores.server.raw, serializer=JSONSerializer).get_jobs()
    return [job.description or "" for job in jobs]


def test_bells_are_answered_from_a_source_that_is_due_to_a_post(line: Line) -> None:
    line.say("subscribe diffusion")
    sweeper = line.workshop.sweeper()
    assert sweeper.sweep() == ["fetch", "clean"]
    work(line, "fetch")
    assert line.stores.papers.count() == 2
    assert line.state().error is None
    assert waiting(line, MATCH) == ["clean", "match"]
    work(line, "match")
    assert line.stores.outbox.by_state(GENERAL) == {"pending": 1}
    asyncio.run(terminal_sender(line.workshop.core).drain())
    assert line.papers() == ["2503.00001"]
    assert sweeper.sweep() == []


def test_a_bell_that_is_rung_twice_does_the_work_once(line: Line, upstream: Upstream) -> None:
    line.say("subscribe diffusion")
    line.workshop.sweeper().sweep()
    for _ in range(3):
        ring("fetch", connection=line.stores.server.raw)
    work(line, "fetch")
    assert len(upstream.requests) == 1
    for _ in range(3):
        ring("match", connection=line.stores.server.raw)
        ring("plan", connection=line.stores.server.raw)
    work(line, "match")
    assert line.stores.outbox.by_state(GENERAL) == {"pending": 1}


def test_sources_that_fail_leave_a_worker_that_works(line: Line, upstream: Upstream) -> None:
    sources = line.stores.sources
    feed = upstream.feed("/feed", rss([entry("A Post")]))
    sources.settle_on([HF, feed, "ftp://no.such/scheme", f"{upstream.url}/none"], clock())
    upstream.fail("500", path="/api/daily_papers")
    ring("fetch", connection=line.stores.server.raw)
    work(line, "fetch")
    assert [line.state(name).failures for name in (HF, feed, f"{upstream.url}/none")] == [1, 0, 1]
    assert line.state(feed).ok_at is not None


def test_the_sweeper_rings_for_what_a_lost_job_left_undone(line: Line) -> None:
    line.say("subscribe diffusion")
    sweeper = line.workshop.sweeper()
    line.poll()
    assert "match" in sweeper.sweep()
    queue = Queue(MATCH, connection=line.stores.server.raw, serializer=JSONSerializer)
    queue.empty()  # type: ignore[no-untyped-call] # RQ's
    assert "match" not in sweeper.sweep()  # not again so soon
    line.stores.server.call("DEL", keys.lease("bell:match"))
    assert "match" in sweeper.sweep()
    line.match()
    assert "plan" in sweeper.sweep()


def test_sources_of_users_and_of_the_operator_are_swept(line: Line, upstream: Upstream) -> None:
    upstream.feed("/feed", b'<rss version="2.0"><channel><title>T</title></channel></rss>')
    sweeper = line.workshop.sweeper()
    assert sweeper.sweep() == ["fetch", "clean"]
    assert waiting(line, FETCH) == ["fetch"]
    assert line.stores.sources.names() == [HF]
    line.say(f"subscribe {upstream.url}/feed")
    assert sweeper.sweep() == [], "the bell was rung a moment ago"
    assert line.stores.sources.names() == [f"{upstream.url}/feed", HF]
    line.say("unsubscribe 1")
    sweeper.sweep()
    assert line.stores.sources.names() == [HF]


@pytest.mark.parametrize(("what", "queue"), [("fetch", FETCH), ("match", MATCH)])
def test_a_job_that_names_another_function_fails_without_running(
    line: Line, tmp_path: Path, what: str, queue: str
) -> None:
    trace = tmp_path / "it-ran"
    mail = Queue(queue, connection=line.stores.server.raw, serializer=JSONSerializer)
    job = mail.enqueue_call("os.system", args=(f"touch {trace}",), failure_ttl=60)
    logged = work(line, what)
    assert not trace.exists()
    failed = Job.fetch(job.id, connection=line.stores.server.raw, serializer=JSONSerializer)
    assert failed.is_failed
    assert "'os.system' is not a job of Paperboy's" in f"{logged}{failed.latest_result()}"


@dataclass(frozen=True)
class Deadly:
    """A source in the midst of whose fetch the worker dies."""

    name: str

    def fetch(self, cursor: str | None) -> None:
        raise KeyboardInterrupt(cursor)


@pytest.mark.parametrize(("name", "seconds"), [("https://example.org/feed", LEASE), (HF, LISTING_LEASE)])
def test_what_a_killed_worker_polled_is_left_alone_no_longer_than_a_poll_may_take(
    line: Line, name: str, seconds: float
) -> None:
    stores = line.stores
    fetcher = Fetcher(stores.sources, stores.papers, clock, Notifier(stores.channels, stores.outbox))
    with pytest.raises(KeyboardInterrupt):
        fetcher.poll(Deadly(name), scopes=["*"])
    assert fetcher.poll(Deadly(name), scopes=["*"]).busy
    assert seconds - 5 < stores.server.call("PTTL", keys.lease(name)) / 1000 <= seconds


def test_a_feed_s_lease_outlasts_its_reading_and_parsing() -> None:
    assert MAX_SECONDS + WALL_SECONDS < LEASE <= 60 < LISTING_LEASE
