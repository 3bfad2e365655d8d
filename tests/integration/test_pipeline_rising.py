"""What rises days after it came: polled again in turn, counted, shown, and never posted as news."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from papers.answers.archive import DigestAnswer
from papers.errors import NotFoundError
from papers.stores.server import Server
from papers.wiring import clock
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.line import Line

OLD, LATE = "2611.00001", "2611.00002"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


@pytest.fixture
def line(server: Server, upstream: Upstream) -> Line:
    return Line(server, upstream)


def ago(days: int) -> date:
    return clock().date() - timedelta(days=days)


def list_old(upstream: Upstream, upvotes: int, *others: dict[str, Any]) -> None:
    upstream.day(ago(5), [item(OLD, "A diffusion model", upvotes=upvotes), *others])


@pytest.fixture
def later(line: Line, upstream: Upstream) -> None:
    """A paper came five days ago, and was posted; the listing went on since, but for one day."""
    line.say("subscribe diffusion")
    list_old(upstream, 20)
    line.poll()
    line.work()
    for day in (4, 2, 1):
        upstream.day(ago(day), [item(f"2611.1000{day}", f"Robots, {day} days ago", upvotes=1)])
    line.poll()
    line.work()


def rising(line: Line) -> dict[str, int]:
    answer = line.say("trending by:growth")
    assert isinstance(answer, DigestAnswer)
    return {card.paper.id: card.gained.upvotes for card in answer.cards if card.gained}


@pytest.mark.usefixtures("later")
def test_an_old_paper_that_people_vote_for_rises_and_its_card_is_edited(line: Line, upstream: Upstream) -> None:
    assert OLD not in rising(line)
    list_old(upstream, 90)
    for _ in range(3):
        line.poll()
        line.work()
    assert rising(line)[OLD] == 70
    line.workshop.revise()
    line.work()
    (post,) = line.posts()
    assert "⬆ 90" in post.text


@pytest.mark.usefixtures("later")
def test_what_is_listed_on_an_old_day_so_late_is_found_but_not_posted(line: Line, upstream: Upstream) -> None:
    list_old(upstream, 20, item(LATE, "A late diffusion model", upvotes=3))
    for _ in range(3):
        line.poll()
        assert line.work() == 0
    answer = line.say(f"digest {ago(5)}")
    assert isinstance(answer, DigestAnswer)
    assert [card.paper.id for card in answer.cards] == [OLD, LATE]


@pytest.mark.usefixtures("later")
def test_a_day_that_was_polled_without_papers_is_told_apart_from_one_that_never_was(line: Line) -> None:
    with pytest.raises(NotFoundError, match="Hugging Face listed no paper on"):
        line.say(f"digest {ago(3)}")
    with pytest.raises(NotFoundError, match="Paperboy was not running then") as caught:
        line.say(f"digest {ago(6)}")
    assert f"paperboy backfill --since {ago(6)} --until {ago(6)}" in caught.value.advice
