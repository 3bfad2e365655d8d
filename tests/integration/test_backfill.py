"""The archive filled from the past: whole, by whoever asks, however often killed; and never a post for it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import cli
from papers.courtesy import ARXIV_REST, courtesy
from papers.errors import SourceError
from papers.settings import Settings
from papers.sources.arxiv_listing import ArxivListing
from papers.sources.huggingface import HuggingFace
from papers.stores.backfills import Listed
from papers.stores.server import Server
from papers.wiring import Core, Stores
from tests.fakes.entries import arxiv_entry, item, rss
from tests.fakes.upstream import Upstream
from tests.integration.line import HF, Line
from workers.backfill import Missed, Stored
from workers.past import GIVE_UP, TRIES, Span
from workers.wiring import Workshop

ROOT = Path(cli.__file__).parents[1]
DAY = timedelta(days=1)
TODAY = datetime.now(UTC).date()
SPAN = Span(date(2025, 3, 1), date(2025, 3, 10))


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """Ten days: three papers on each, but none on the sixth and the seventh."""
    with Upstream() as running:
        for day in SPAN.days():
            running.day(day, [] if day.day in {6, 7} else [paper(day, number) for number in range(3)])
        yield running


class Filling(Line):
    """A line whose archive is filled too; `waited` are the pauses that it would have made, in seconds."""

    def __init__(self, server: Server, upstream: Upstream, *sources: str) -> None:
        super().__init__(server, upstream, *sources)
        settings = Settings.model_construct(
            hf_endpoint=upstream.url, arxiv_endpoint=upstream.url, paperboy_sources=sources or (HF,)
        )
        self.workshop = Workshop(settings, server)
        self.waited: list[float] = []

    def fill(self, span: Span = SPAN, source: str = HF, *, again: bool = False) -> list[Stored | Missed]:
        past = self.workshop.core.past(source, gap=0)
        assert past is not None
        backfiller = self.workshop.backfiller(self._wait)
        return list(backfiller.fill(past, backfiller.days(past, span, again=again), again=again))

    def _wait(self, seconds: float, _: SourceError) -> None:
        self.waited.append(seconds)


@pytest.fixture
def line(server: Server, upstream: Upstream) -> Filling:
    return Filling(server, upstream)


def paper(day: date, number: int, **values: object) -> dict[str, object]:
    title = f"Diffusion {number} of {day}" if number == 0 else f"Robots {number} of {day}"
    return item(f"25{day:%m}.{day:%d}{number:03}", title, upvotes=10 - number, **values)


def asked(upstream: Upstream) -> list[str]:
    """Days in the order they were asked for."""
    return [request.query["date"] for request in upstream.requests if "date" in request.query]


def spelt(days: Sequence[date]) -> list[str]:
    return [day.isoformat() for day in days]


def test_every_day_is_stored_newest_first_and_asked_for_once(line: Filling, upstream: Upstream) -> None:
    outcomes = line.fill()
    assert asked(upstream) == spelt(SPAN.days())
    assert [outcome.new for outcome in outcomes if isinstance(outcome, Stored)] == [3, 3, 3, 0, 0, 3, 3, 3, 3, 3]
    assert (line.stores.papers.count(), line.stores.papers.extent()) == (24, (SPAN.first, SPAN.last, 8))
    assert line.stores.papers.unmatched(9) == []
    assert set(line.stores.backfills.days(HF).values()) == {Listed(3, final=True), Listed(0, final=True)}


def test_days_that_are_there_are_not_asked_for_again_unless_wanted(line: Filling, upstream: Upstream) -> None:
    line.fill()
    assert line.fill(Span(SPAN.first - DAY, SPAN.last)) == [Stored(SPAN.first - DAY, 0)]
    assert len(line.fill(again=True)) == 10
    assert Counter(asked(upstream)) == {**dict.fromkeys(spelt(SPAN.days()), 2), "2025-02-28": 1}


def test_a_day_that_may_get_more_papers_is_asked_for_again(line: Filling, upstream: Upstream) -> None:
    upstream.day(TODAY, [item("2611.00001", "Early")])
    span = Span(TODAY - 3 * DAY, TODAY)
    line.fill(span)
    assert line.stores.backfills.day(HF, TODAY) == Listed(1, final=False)
    upstream.day(TODAY, [item("2611.00001", "Early"), item("2611.00002", "Late")])
    assert line.fill(span) == [Stored(TODAY, 2, new=1), Stored(TODAY - DAY, 0), Stored(TODAY - 2 * DAY, 0)]


def test_what_was_polled_is_known_and_stays(line: Filling, upstream: Upstream) -> None:
    line.poll()
    before = line.stores.papers.get([one.id for one in line.stores.papers.of_day(SPAN.last)])
    assert line.fill()[0] == Stored(SPAN.last, 3, new=0)
    assert line.stores.papers.get(list(before)) == before
    assert line.stores.papers.count() == 24
    assert len(asked(upstream)) == 10


NEWS = [item("2503.50001", "A late diffusion paper", upvotes=99), item("2503.50002", "Other robots")]


def brought(server: Server, *fills: str, subscribed: str = "first") -> list[list[str]]:
    """What channels are brought by three polls; backfills happen where they are named: start, between, end."""
    server.call("FLUSHALL")
    with Upstream() as upstream:
        line = Filling(server, upstream)
        for day in SPAN.days():
            upstream.day(day, [paper(day, number) for number in range(3)])
        if subscribed != "first":
            line.fill()
        line.say("subscribe diffusion")
        line.say("subscribe trending top:2", "trends")
        seen = [polled(line, filled="start" in fills)]
        upstream.day(SPAN.last, [*[paper(SPAN.last, number) for number in range(3)], NEWS[1]])
        upstream.day(SPAN.last + DAY, [NEWS[0]])
        seen += [polled(line, filled=step in fills) for step in ("between", "end")]
        return seen


def polled(line: Filling, *, filled: bool) -> list[str]:
    """What both channels show after a poll, perhaps with a backfill before it, which must not be seen."""
    if filled:
        line.fill(Span(SPAN.first, SPAN.last + DAY))
        assert (line.match(), line.plan(), line.stores.papers.unmatched(9)) == (0, 0, [])
    line.poll()
    line.work()
    return [*sorted(line.papers()), *sorted(line.papers("trends"))]


def test_no_order_of_polls_and_backfills_loses_or_makes_a_post(server: Server) -> None:
    without = brought(server)
    assert [len(papers) for papers in without] == [3, 5, 5]
    for fills in (["start"], ["start", "between", "end"]):
        assert brought(server, *fills) == without, fills
    assert brought(server, "start", subscribed="after a backfill") == without


def test_the_most_upvoted_of_a_day_that_only_a_backfill_brought_are_posted_nowhere(line: Filling) -> None:
    line.say("subscribe trending top:2")
    line.fill(Span(SPAN.first, SPAN.last))
    assert (line.work(), line.posts()) == (0, [])


def test_a_polled_days_ranking_is_made_of_what_was_polled(line: Filling, upstream: Upstream) -> None:
    line.say("subscribe trending top:1")
    line.poll()
    upstream.day(SPAN.last, [paper(SPAN.last, 0), paper(SPAN.last, 1), NEWS[0]])
    line.fill()
    line.work()
    assert line.papers() == ["2503.10000"]


def test_days_that_only_a_backfill_brought_do_not_hide_polled_ones(server: Server, upstream: Upstream) -> None:
    feed = f"{upstream.url}/rss/cs.LG"
    line = Filling(server, upstream, HF, feed)
    line.say("subscribe trending top:1")
    line.poll()
    for number in (1, 2):
        upstream.submitted(f"2503.6000{number}v1", "Robots", f"2025-03-1{number}T11:00:00Z")
    line.fill(Span(SPAN.last + DAY, SPAN.last + 2 * DAY), feed)
    line.work()
    assert line.papers() == ["2503.10000"]


def test_faults_that_pass_are_waited_out_as_long_as_they_ask(line: Filling, upstream: Upstream) -> None:
    upstream.fail("429", times=1, retry_after="7")
    upstream.fail("500", times=2)
    upstream.fail("html", times=1)
    assert all(isinstance(outcome, Stored) for outcome in line.fill())
    assert line.waited == [7.0, 2.0, 4.0, 8.0]
    assert Counter(asked(upstream))[str(SPAN.last)] == 5


def test_a_day_that_keeps_failing_is_missing_and_the_rest_is_stored(line: Filling, upstream: Upstream) -> None:
    upstream.fail("500", times=TRIES)
    outcomes = line.fill()
    assert isinstance(outcomes[0], Missed)
    assert all(isinstance(outcome, Stored) for outcome in outcomes[1:])
    assert line.stores.backfills.days(HF)[SPAN.last] is None
    assert [type(outcome) for outcome in line.fill()] == [Stored]


def test_a_source_that_fails_day_after_day_is_left_alone(line: Filling, upstream: Upstream) -> None:
    upstream.fail("404", times=None)
    outcomes = line.fill()
    assert [isinstance(outcome, Missed) and outcome.last for outcome in outcomes] == [False, False, True]
    assert len(upstream.requests) == GIVE_UP
    upstream.heal()
    assert len(line.fill()) == 10


def test_a_source_that_wants_to_be_left_alone_for_hours_is(line: Filling, upstream: Upstream) -> None:
    upstream.fail("429", times=None, retry_after="7200")
    outcomes = line.fill()
    assert len(outcomes) == len(upstream.requests) == 1
    assert isinstance(outcomes[0], Missed)
    assert outcomes[0].last


def test_arxiv_is_filled_by_day_and_an_empty_answer_is_not_its_last_word(server: Server, upstream: Upstream) -> None:
    feed = upstream.feed("/rss/cs.LG", rss([arxiv_entry("2503.60001v1", "Diffusion again")]))
    line = Filling(server, upstream, HF, feed)
    line.say("subscribe diffusion")
    upstream.submitted("2503.60001v1", "Diffusion again", "2025-03-09T11:00:00Z")
    assert [
        one.new for one in line.fill(Span(date(2025, 3, 8), date(2025, 3, 9)), feed) if isinstance(one, Stored)
    ] == [
        1,
        0,
    ]
    assert line.stores.backfills.days(feed) == {
        date(2025, 3, 8): Listed(0, final=False),
        SPAN.last - DAY: Listed(1, True),
    }
    assert (line.work(), line.posts()) == (0, [])
    line.poll(feed)
    line.work()
    assert line.papers() == ["2503.60001"]


def test_both_pasts_wait_for_what_others_ask_the_same_hosts(stores: Stores) -> None:
    core = Core(Settings.load(), stores.server)
    huggingface, arxiv = core.past(HF), core.past("https://rss.arxiv.org/rss/cs.LG")
    assert isinstance(huggingface, HuggingFace)
    assert isinstance(arxiv, ArxivListing)
    with huggingface._fetcher.turn(), arxiv._fetcher.turn():
        assert 0.5 < stores.quota.spend(f"host:{HF}", 1, 0.75) <= 0.75
        assert stores.hosts.take(courtesy("https://rss.arxiv.org/rss/cs.CL"), "a poll") == ARXIV_REST
    assert core.past("https://blog.example/feed") is None


def run(server: Server, upstream: Upstream, *words: str) -> int:
    """A backfill in a process of its own; its exit status."""
    command = [sys.executable, "-m", "tests.integration.backfill_role", server.url, upstream.url]
    days = [SPAN.first.isoformat(), SPAN.last.isoformat()]
    return subprocess.run([*command, *days, *words], check=False, cwd=ROOT, timeout=60).returncode  # noqa: S603 - ours


def test_killed_at_any_moment_it_goes_on_without_a_gap(server: Server, upstream: Upstream) -> None:
    line = Filling(server, upstream)
    line.say("subscribe diffusion")
    interrupted = []
    for where in ("save:after:2", "note:before:4"):
        assert run(server, upstream, "--die", where) == -signal.SIGKILL
        interrupted.append(asked(upstream)[-1])
    assert run(server, upstream) == 0
    assert Counter(asked(upstream)) == {**dict.fromkeys(spelt(SPAN.days()), 1), **dict.fromkeys(interrupted, 2)}
    assert line.stores.papers.count() == 24
    assert all(listed and listed.final for listed in line.stores.backfills.days(HF).values())
    assert (line.work(), line.posts()) == (0, [])


def test_the_day_that_somebody_else_is_at_comes_last(line: Filling, upstream: Upstream) -> None:
    with line.stores.backfills.lease(HF, SPAN.last):
        line.fill()
    assert asked(upstream) == [*spelt(SPAN.days()[1:]), str(SPAN.last)]


def test_two_at_once_share_the_days(server: Server, upstream: Upstream) -> None:
    lines = [Filling(Server(server.url), upstream) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        outcomes = [outcome for done in pool.map(Filling.fill, lines) for outcome in done]
    assert sum(outcome.new for outcome in outcomes if isinstance(outcome, Stored)) == 24
    assert lines[0].stores.papers.count() == 24
    assert len(asked(upstream)) <= len(SPAN.days()) + len(lines)
    for line in lines:
        line.stores.server.close()
