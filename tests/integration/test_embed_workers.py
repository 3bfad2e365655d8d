"""The embed job among the workers: when its bell is rung, and what a worker does about its model when it starts."""

from __future__ import annotations

import pytest
from rq import Queue
from rq.serializers import JSONSerializer

from papers.errors import SettingsError
from papers.ports import Embedder
from papers.settings import Settings
from papers.stores import keys
from papers.stores.server import Server
from tests.builders import Counting, crowd, paper, store, subscription
from workers.bells import MATCH
from workers.wiring import Workshop, sweep_beside


@pytest.fixture
def workshop(server: Server) -> Workshop:
    """A workshop over an archive of thirty papers that are matched already."""
    made = Workshop(Settings.load(), server)
    papers = made.core.stores.papers
    store(papers, *crowd(30))
    papers.matched(papers.unmatched(100))
    made.core.stores.sources.ring("clean", 60)  # nobody is to be kept from embedding by that
    return made


def waiting(server: Server) -> list[str]:
    """What the match queue's jobs are to do."""
    jobs = Queue(MATCH, connection=server.raw, serializer=JSONSerializer).get_jobs()
    return [job.description or "" for job in jobs]


def work(workshop: Workshop) -> None:
    """Do what was rung for."""
    workshop.match_worker().work(burst=True, logging_level="WARNING")


def swept(workshop: Workshop) -> list[str]:
    """The bells that a sweeper rings, but for fetches."""
    return [bell for bell in workshop.sweeper().sweep() if not bell.startswith("fetch")]


def vectors(workshop: Workshop) -> int:
    """How many there are under the worker's model."""
    return int(workshop.core.stores.server.call("HLEN", keys.vectors(workshop.core.embedder.name)))


def test_a_worker_that_starts_looks_whether_its_model_is_new(workshop: Workshop, server: Server) -> None:
    sweep_beside(workshop).set()
    assert waiting(server) == ["embed"]
    work(workshop)
    assert vectors(workshop) == 30
    assert workshop.core.stores.coverage.get().mark is not None


def test_the_bell_is_rung_while_something_lacks_its_vector_and_then_no_more(workshop: Workshop, server: Server) -> None:
    assert swept(workshop) == []  # no worker ever said what it embeds with
    workshop.embed()
    server.call("DEL", keys.lease("bell:embed"))
    assert swept(workshop) == ["embed"]  # thirty papers changed: they have vectors now
    work(workshop)
    server.call("DEL", keys.lease("bell:embed"))
    assert swept(workshop) == []
    store(workshop.core.stores.papers, paper(800, "One more"), announce=False)
    assert swept(workshop) == ["embed"]
    work(workshop)
    assert vectors(workshop) == 31


def test_what_else_waits_is_done_first(workshop: Workshop, server: Server, embedder: Embedder) -> None:
    few = Counting(embedder)
    few.at_once = 5  # so that there are several steps
    workshop.core.embedder = few
    Queue(MATCH, connection=server.raw, serializer=JSONSerializer).enqueue_call("plan")
    workshop.embed()
    assert vectors(workshop) == 5
    work(workshop)
    workshop.embed()
    assert vectors(workshop) == 30


def test_the_topics_of_a_worker_are_kept_for_the_next_one(workshop: Workshop, server: Server) -> None:
    workshop.core.stores.channels.add(subscription(query=None, topic="robots"))
    workshop.match()
    assert vectors(workshop) == 1
    again = Workshop(workshop.core.settings, server)
    again.match()
    assert vectors(again) == 1


def test_a_model_that_there_is_not_is_refused_at_the_start(server: Server) -> None:
    with pytest.raises(SettingsError, match="EMBEDDING_MODEL"):
        Workshop(Settings.load().model_copy(update={"embedding_model": "/no/such/folder"}), server).match_worker()
