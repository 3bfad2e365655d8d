"""When something on the way fails: a source, a feed's entry, or a process between two stages."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.terminal.talk import channel
from papers.matching.shards import WHOLE, Shard
from papers.stores import keys
from papers.stores.papers import Arrival, PaperStore
from papers.stores.server import Server
from papers.wiring import clock
from tests.fakes.entries import arxiv_entry, entry, item, rss
from tests.fakes.upstream import Upstream
from tests.integration.line import HF, Line
from tests.integration.outboxes import time_passes
from workers.match import MatchStage

ONE, TWO, THREE = "2503.00001", "2503.00002", "2503.00003"
TITLE = "A diffusion model of everything and nothing"
LISTING = "/api/daily_papers"

FAULTS = {
    "429": "127.0.0.1 asks to wait ",
    "500": "127.0.0.1 answered 500 ",
    "cut": "the answer broke off ",
    "html": "Hugging Face's answer is not JSON",
    "empty": "Hugging Face's answer is not JSON",
    "huge": "the answer is longer than ",
}


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


@pytest.fixture
def line(server: Server, upstream: Upstream) -> Line:
    return Line(server, upstream)


def blog(upstream: Upstream, *titles: str) -> str:
    """Let a blog have these entries, and no others."""
    stamp = "Wed, 12 Mar 2025 00:00:00 GMT"
    entries = [entry(one, link=f"https://lab.example/{one}", guid=one, pubDate=stamp) for one in titles]
    return upstream.feed("/blog", rss(entries))


@pytest.mark.parametrize(("fault", "error"), FAULTS.items())
def test_a_source_that_fails_is_named_and_left_alone_longer_each_time_and_loses_nothing(
    line: Line, upstream: Upstream, fault: str, error: str
) -> None:
    line.say("subscribe diffusion")
    upstream.day("2025-03-12", [item(ONE, TITLE)])
    line.poll()
    before = line.state()
    upstream.day("2025-03-13", [item(TWO, TITLE + " else"), item(THREE, TITLE + " again")])
    upstream.fail(fault, times=None)
    for failures, minutes in ((1, 5), (2, 10), (3, 20)):
        said = line.poll().error
        assert said is not None
        assert said.startswith(error)
        state = line.state()
        assert (state.failures, state.error, state.cursor, state.ok_at) == (failures, said, before.cursor, before.ok_at)
        assert state.next_due is not None
        assert state.polled_at is not None
        assert minutes <= (state.next_due - state.polled_at) / timedelta(minutes=1) <= minutes * 1.2 + 0.01
    upstream.heal()
    assert line.poll().error is None
    state = line.state()
    assert (state.failures, state.error) == (0, None)
    line.work()
    assert sorted(line.papers()) == [ONE, TWO, THREE]


def test_a_source_that_says_how_long_to_wait_is_believed(line: Line, upstream: Upstream) -> None:
    upstream.fail("429", retry_after="3600")
    line.poll()
    state = line.state()
    assert state.next_due is not None
    assert state.polled_at is not None
    assert state.next_due - state.polled_at >= timedelta(hours=1)


def test_a_source_that_fails_does_not_affect_another(server: Server, upstream: Upstream) -> None:
    arxiv = upstream.feed("/rss/cs.LG", rss([arxiv_entry(f"{ONE}v1", TITLE)]))
    line = Line(server, upstream, HF, arxiv)
    line.say("subscribe diffusion")
    upstream.fail("500", path=LISTING, times=None)
    assert line.poll().error is not None
    assert line.poll(arxiv).error is None
    line.work()
    assert line.papers() == [ONE]
    assert (line.state().failures, line.state(arxiv).failures) == (1, 0)


def test_an_empty_day_of_a_failing_source_says_that_it_failed(line: Line, upstream: Upstream) -> None:
    line.say("daily 09:00 UTC")
    line.say("subscribe diffusion")
    upstream.fail("500", times=None)
    line.workshop.sweeper().sweep()
    line.poll()
    slot = line.stores.inbox.next_slot(channel("general"))
    assert slot is not None
    line.now = slot
    assert line.plan() == 1
    (record,) = line.stores.outbox.history(channel("general"))
    assert record.delivery.kind == "empty"
    assert "huggingface is failing: 127.0.0.1 answered 500" in (record.delivery.heading.note or "")


def test_an_entry_that_is_no_paper_spoils_no_other(line: Line, upstream: Upstream) -> None:
    line.say("subscribe diffusion")
    upstream.day("2025-03-12", [item(ONE, TITLE), "not a row", {"paper": None}, item(TWO, ""), item(THREE, TITLE)])
    poll = line.poll()
    assert (poll.new, len(poll.skipped), poll.error) == (2, 3, None)
    line.work()
    assert sorted(line.papers()) == [ONE, THREE]


def test_two_polls_of_one_source_at_once_are_one(line: Line, upstream: Upstream) -> None:
    upstream.day("2025-03-12", [item(ONE, TITLE)])
    assert line.stores.sources.lease(HF, 60)
    assert line.poll().busy
    assert upstream.requests == []


def test_a_feeds_entries_of_before_are_never_posted_and_new_ones_are(line: Line, upstream: Upstream) -> None:
    url = blog(upstream, "Old", "Older")
    line.say(f"subscribe {url}")
    assert line.poll(url).known == 2
    assert line.work() == 0
    blog(upstream, "New", "Old", "Older")
    line.poll(url)
    line.work()
    assert [shown.title for shown in line.posts()[0].items] == ["New"]
    assert line.posts()[0].items[0].reason.startswith("from the feed 127.0.0.1")
    assert len(line.posts()) == 1


def test_a_feed_with_a_query_brings_what_matches(line: Line, upstream: Upstream) -> None:
    url = blog(upstream, "Old diffusion")
    line.say(f"subscribe {url} diffusion")
    blog(upstream, "New diffusion", "New robots", "Old diffusion")
    line.poll(url)
    line.work()
    assert [shown.title for shown in line.posts()[0].items] == ["New diffusion"]


def test_a_feed_is_its_subscribers_alone(line: Line, upstream: Upstream) -> None:
    url = blog(upstream, "Old")
    line.say(f"subscribe {url}", "mine")
    line.say("subscribe diffusion", "theirs")
    blog(upstream, "New diffusion", "Old")
    line.poll(url)
    line.work()
    assert (len(line.posts("mine")), line.posts("theirs")) == (1, [])


def test_a_paper_that_somebodys_feed_held_first_still_reaches_the_others(line: Line, upstream: Upstream) -> None:
    url = upstream.feed("/blog", rss([entry(TITLE, link=f"https://arxiv.org/abs/{ONE}", guid="1")]))
    line.say(f"subscribe {url}", "mine")
    line.say("subscribe diffusion", "theirs")
    upstream.day("2025-03-12", [item(ONE, TITLE)])
    line.poll()
    line.work()
    assert line.papers("theirs") == [ONE]


def test_a_feed_that_answers_garbage_is_not_subscribed_to(line: Line, upstream: Upstream) -> None:
    url = blog(upstream, "Old")
    upstream.fail("html")
    with pytest.raises(Exception, match="feed") as caught:
        line.say(f"subscribe {url}")
    assert type(caught.value).__name__ == "SourcePage"
    assert line.stores.channels.feeds() == []
    assert line.stores.channels.subscriptions(channel("general")) == ()


def test_a_running_worker_learns_of_a_new_subscription(line: Line, upstream: Upstream) -> None:
    line.say("subscribe robots")
    upstream.day("2025-03-12", [item(ONE, TITLE)])
    line.poll()
    line.match()
    line.say("subscribe diffusion")
    upstream.day("2025-03-12", [item(ONE, TITLE), item(TWO, TITLE + " else")])
    line.poll()
    line.work()
    assert line.papers() == [TWO]


class Interrupted(PaperStore):
    """Arrivals; something happens when the first of them have just been matched."""

    def __init__(self, server: Server, meanwhile: Callable[[], object]) -> None:
        super().__init__(server)
        self._meanwhile: list[Callable[[], object]] = [meanwhile]

    def matched(self, arrivals: Iterable[Arrival], shard: Shard = WHOLE) -> None:
        super().matched(arrivals, shard)
        if self._meanwhile:
            self._meanwhile.pop()()


def test_a_subscription_made_during_a_match_run_gets_what_arrives_after_it(
    line: Line, server: Server, upstream: Upstream
) -> None:
    def meanwhile() -> None:
        line.say("subscribe diffusion")
        upstream.day("2025-03-12", [item(ONE, TITLE), item(TWO, TITLE + " else")])
        line.poll()

    upstream.day("2025-03-12", [item(ONE, TITLE)])
    line.poll()
    core = line.workshop.core
    papers = Interrupted(server, meanwhile)
    MatchStage(papers, core.stores.channels, core.stores.inbox, core.corpus, core.compiler).run(clock())
    line.work()
    assert line.papers() == [TWO]


def test_a_subscription_made_while_a_source_is_read_gets_what_it_brings(line: Line, upstream: Upstream) -> None:
    upstream.day("2025-03-12", [item(ONE, TITLE)])
    upstream.fail("slow", seconds=0.5)
    with ThreadPoolExecutor(1) as pool:
        polled = pool.submit(line.poll)
        while not upstream.requests:
            time.sleep(0.01)
        line.say("subscribe diffusion")
        assert polled.result().new == 1
    line.work()
    assert line.papers() == [ONE]


def test_what_was_matched_but_not_planned_when_the_machine_died_is_posted(
    line: Line, server: Server, upstream: Upstream
) -> None:
    line.say("subscribe diffusion")
    upstream.day("2025-03-12", [item(ONE, TITLE)])
    line.poll()
    assert line.match() == 1
    again = Line(server, upstream)
    assert again.work() == 1
    assert again.papers() == [ONE]


def test_what_was_planned_but_not_sent_when_the_machine_died_is_posted(
    line: Line, server: Server, upstream: Upstream
) -> None:
    line.say("subscribe diffusion")
    upstream.day("2025-03-12", [item(ONE, TITLE, summary="An abstract.")])
    line.poll()
    line.match()
    assert line.plan() == 2
    again = Line(server, upstream)
    assert again.work() == 2
    assert [post.kind for post in again.posts()] == ["digest", "abstracts"]


def test_what_was_on_its_way_when_the_machine_died_is_posted_once(
    line: Line, server: Server, upstream: Upstream
) -> None:
    line.say("subscribe diffusion")
    upstream.day("2025-03-12", [item(ONE, TITLE)])
    line.poll()
    line.match()
    line.plan()
    assert line.stores.outbox.claim(channel("general"), 60)
    again = Line(server, upstream)
    assert again.work() == 0
    time_passes(again.stores, 61)
    assert again.work() == 1
    assert again.papers() == [ONE]


def test_arrivals_matched_twice_are_posted_once(line: Line, server: Server, upstream: Upstream) -> None:
    line.say("subscribe diffusion")
    upstream.day("2025-03-12", [item(ONE, TITLE), item(TWO, TITLE + " else")])
    line.poll()
    before = server.call("ZRANGE", keys.UNMATCHED, 0, -1, "WITHSCORES")
    line.match()
    for name, score in before:  # the worker died before it forgot them
        server.call("ZADD", keys.UNMATCHED, score, name)
    line.work()
    for name, score in before:
        server.call("ZADD", keys.UNMATCHED, score, name)
    line.work()
    assert sorted(line.papers()) == [ONE, TWO]
