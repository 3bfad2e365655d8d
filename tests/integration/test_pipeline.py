"""From a source to a channel: what is posted, when, and that nothing is posted twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from papers.stores.server import Server
from tests.fakes.entries import arxiv_entry, entry, item, rss
from tests.fakes.upstream import Upstream
from tests.integration.line import Line

WEDNESDAY = datetime(2025, 3, 12, 8, 0, tzinfo=UTC)
"""Long past, so that what is due then may be posted at once."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ONE, TWO = "2503.00001", "2503.00002"
TITLE = "A diffusion model of everything and nothing"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


@pytest.fixture
def line(server: Server, upstream: Upstream) -> Line:
    return Line(server, upstream)


def listed(upstream: Upstream, *ids: str, day: datetime = WEDNESDAY, upvotes: int = 3) -> None:
    """Let Hugging Face list these papers, and no others, on a day."""
    upstream.day(day.date(), [item(one, f"{TITLE}, {one}", upvotes=upvotes) for one in ids])


def test_what_matches_is_posted_with_its_reason_and_what_does_not_is_not(line: Line, upstream: Upstream) -> None:
    line.say("subscribe diffusion -survey")
    upstream.day("2025-03-12", [item(ONE, TITLE), item(TWO, "A survey of diffusion"), item("2503.00003", "Robots")])
    assert line.poll().new == 3
    assert line.work() == 1
    (post,) = line.posts()
    assert [(one.paper, one.title, one.reason) for one in post.items] == [(ONE, TITLE, "matches diffusion, -survey")]
    assert TITLE in post.text


def test_a_volume_asked_for_before_anything_was_polled_is_kept_to(line: Line, upstream: Upstream) -> None:
    line.say("subscribe about: diffusion models of images ~3/day")
    subjects = ["Diffusion models of images", "Robots that grasp", "Graphs and their kernels", "Proofs of bounds"]
    upstream.day("2025-03-12", [item(f"2503.000{n}", f"{subjects[n % 4]}, part {n}") for n in range(10, 50)])
    line.poll()
    line.work()
    assert len(line.papers()) == 3


def test_a_source_polled_ten_times_is_posted_once(line: Line, upstream: Upstream) -> None:
    line.say("subscribe diffusion")
    for upvotes in range(10):
        listed(upstream, ONE, TWO, upvotes=upvotes)
        line.poll()
        line.work()
    assert sorted(line.papers()) == [ONE, TWO]


def test_what_is_added_to_a_day_later_comes_too(line: Line, upstream: Upstream) -> None:
    line.say("subscribe diffusion")
    listed(upstream, ONE)
    line.poll()
    line.work()
    listed(upstream, ONE, TWO)
    line.poll()
    line.work()
    assert line.papers() == [ONE, TWO]


def test_what_came_before_the_subscription_is_not_posted(line: Line, upstream: Upstream) -> None:
    listed(upstream, ONE)
    line.poll()
    line.say("subscribe diffusion")
    line.work()
    listed(upstream, ONE, TWO)
    line.poll()
    line.work()
    assert line.papers() == [TWO]


def test_one_paper_of_hugging_face_arxiv_and_a_blog_is_posted_once(server: Server, upstream: Upstream) -> None:
    arxiv = upstream.feed("/rss/cs.LG", rss([arxiv_entry(f"{ONE}v1", TITLE, "An abstract.")]))
    blog = upstream.feed("/blog", rss([entry(TITLE, link=f"https://arxiv.org/abs/{ONE}", guid="blog/1")]))
    listed(upstream, ONE)
    line = Line(server, upstream, "huggingface", arxiv, blog)
    line.say("subscribe diffusion")
    for source in ("huggingface", arxiv, blog):
        assert line.poll(source).error is None
        line.work()
    assert line.papers() == [ONE]
    paper = line.stores.papers.find(ONE)
    assert paper is not None
    assert set(paper.sources) >= {"huggingface", "arxiv"}


def test_a_blog_that_names_no_arxiv_id_is_known_by_its_title(server: Server, upstream: Upstream) -> None:
    blog = upstream.feed("/blog", rss([entry(TITLE, link="https://lab.example/post", guid="blog/1")]))
    upstream.day("2025-03-12", [item(ONE, TITLE)])
    line = Line(server, upstream, "huggingface", blog)
    line.say("subscribe diffusion")
    for source in ("huggingface", blog):
        assert line.poll(source).error is None
        line.work()
    assert line.papers() == [ONE]


def test_a_second_version_is_not_another_paper(server: Server, upstream: Upstream) -> None:
    arxiv = upstream.feed("/rss/cs.LG", rss([arxiv_entry(f"{ONE}v1", TITLE)]))
    line = Line(server, upstream, arxiv)
    line.say("subscribe diffusion")
    line.poll(arxiv)
    line.work()
    upstream.feed("/rss/cs.LG", rss([arxiv_entry(f"{ONE}v2", TITLE, announce="replace")]))
    assert line.poll(arxiv).known == 1
    line.work()
    assert line.papers() == [ONE]


def test_a_paper_two_subscriptions_want_is_one_card_with_both_reasons(line: Line, upstream: Upstream) -> None:
    line.say("subscribe diffusion")
    line.say("subscribe title:everything")
    listed(upstream, ONE)
    line.poll()
    assert line.work() == 1
    (shown,) = line.posts()[0].items
    assert (shown.paper, shown.reason) == (ONE, "matches diffusion; matches title:everything")


def test_a_daily_channel_gets_one_post_at_its_time_and_nothing_before(line: Line, upstream: Upstream) -> None:
    line.now = WEDNESDAY
    line.say("daily 09:00 UTC")
    line.say("subscribe diffusion")
    listed(upstream, ONE)
    line.poll()
    assert line.work() == 0
    listed(upstream, ONE, TWO)
    line.poll()
    line.now = WEDNESDAY + HOUR - timedelta(seconds=1)
    assert line.work() == 0
    line.now = WEDNESDAY + HOUR
    assert line.work() == 1
    assert line.work() == 0
    assert [post.kind for post in line.posts()] == ["digest"]
    assert sorted(line.papers()) == [ONE, TWO]


def test_an_empty_day_has_one_quiet_line_with_its_cause(line: Line, upstream: Upstream) -> None:
    line.now = WEDNESDAY
    line.say("daily 09:00 UTC")
    line.say("subscribe diffusion")
    upstream.day("2025-03-12", [item(ONE, "Robots")])
    line.poll()
    line.now = WEDNESDAY + HOUR
    line.work()
    line.work()
    (post,) = line.posts()
    assert (post.kind, post.items) == ("empty", ())
    assert "nothing new passed the bar" in post.text
    assert len(post.text.strip().splitlines()) == 1


def test_a_slot_missed_by_hours_is_posted_once_and_says_so(line: Line, upstream: Upstream) -> None:
    line.now = WEDNESDAY
    line.say("daily 09:00 UTC")
    line.say("subscribe diffusion")
    listed(upstream, ONE)
    line.poll()
    line.match()
    line.now = WEDNESDAY + 6 * HOUR
    line.work()
    line.work()
    (post,) = line.posts()
    assert "late: Paperboy was down" in post.text
    assert post.items[0].paper == ONE


def test_a_slot_missed_by_a_day_comes_with_the_next(line: Line, upstream: Upstream) -> None:
    line.now = WEDNESDAY
    line.say("daily 09:00 UTC")
    line.say("subscribe diffusion")
    listed(upstream, ONE)
    line.poll()
    line.match()
    line.now = WEDNESDAY + 14 * HOUR
    assert line.work() == 0
    line.now = WEDNESDAY + DAY + HOUR
    assert line.work() == 1
    assert line.papers() == [ONE]


def test_subscribing_does_not_put_off_a_post_that_is_due(line: Line, upstream: Upstream) -> None:
    line.now = WEDNESDAY
    line.say("daily 09:00 UTC")
    line.say("subscribe diffusion")
    listed(upstream, ONE)
    line.poll()
    line.match()
    line.now = WEDNESDAY + 2 * HOUR  # nothing ran at nine
    line.say("subscribe robots")
    line.work()
    assert line.papers() == [ONE]


def test_a_paused_channel_waits_and_posts_when_it_resumes(line: Line, upstream: Upstream) -> None:
    line.say("subscribe diffusion")
    line.say("pause")
    listed(upstream, ONE)
    line.poll()
    assert line.work() == 0
    line.say("resume")
    assert line.work() == 1
    assert line.papers() == [ONE]


def test_a_channel_that_becomes_instant_gets_what_waited(line: Line, upstream: Upstream) -> None:
    line.say("daily 09:00 UTC")
    line.say("subscribe diffusion")
    listed(upstream, ONE)
    line.poll()
    assert line.work() == 0
    line.say("instant")
    assert line.work() == 1
    assert line.papers() == [ONE]


def test_unsubscribing_drops_what_waited_for_it_alone(line: Line, upstream: Upstream) -> None:
    line.say("subscribe diffusion")
    line.say("subscribe robots")
    line.say("pause")
    upstream.day("2025-03-12", [item(ONE, TITLE), item(TWO, "Robots"), item("2503.00003", "Diffusion for robots")])
    line.poll()
    line.match()
    line.say("unsubscribe 2")
    line.say("resume")
    line.work()
    assert sorted(line.papers()) == [ONE, "2503.00003"]
    assert [shown.reason for shown in line.posts()[0].items] == ["matches diffusion"] * 2


def test_a_channel_without_a_subscription_gets_no_quiet_lines(line: Line) -> None:
    line.now = WEDNESDAY
    line.say("daily 09:00 UTC")
    line.say("subscribe diffusion")
    line.say("unsubscribe 1")
    line.now = WEDNESDAY + HOUR
    assert line.work() == 0
    assert line.posts() == []


def test_trending_is_posted_once_a_day_when_the_day_has_closed(line: Line, upstream: Upstream) -> None:
    line.say("subscribe trending top:2")
    day = (datetime.now(UTC) - 5 * DAY).date()
    upstream.day(day, [item(f"2503.0000{n}", f"Paper {n}", upvotes=n * 10) for n in range(4)])
    for _ in range(3):
        line.poll()
        line.work()
    assert line.papers() == ["2503.00003", "2503.00002"]
    assert "#1 of the day's most upvoted" in line.posts()[0].items[0].reason
    upstream.day(day + DAY, [item(TWO, "Paper 2, again", upvotes=90), item("2503.00009", "Paper 9", upvotes=5)])
    line.poll()
    line.work()
    assert line.papers()[2:] == ["2503.00009"]


def test_trending_waits_for_a_day_that_is_still_open(line: Line, upstream: Upstream) -> None:
    line.say("subscribe trending top:2")
    upstream.day(datetime.now(UTC).date(), [item(ONE, TITLE, upvotes=10)])
    line.poll()
    assert line.work() == 0
    line.now = datetime.now(UTC) + 3 * DAY
    assert line.match() == 1
