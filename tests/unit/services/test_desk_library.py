"""The desk, while the archive's index can be asked and while it cannot."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from papers.answers.archive import SearchAnswer
from papers.errors import SearchUnavailable
from papers.matching.topics import BACKGROUND
from papers.model import Asker, Want
from papers.search.library import Library
from papers.services.desk import Desk
from papers.services.remembering import Remembering
from papers.wiring import Core
from tests.builders import TODAY, crowd, paper, store, subscribe


@pytest.fixture
def without_room(desk: Desk, core: Core, tmp_path: Path) -> Iterator[Desk]:
    """A desk whose library cannot be written."""
    remembering = Remembering(core.embedder, core.vectors)
    library = Library(core.stores.papers, remembering, tmp_path / "full", reserve=1 << 60)
    yield replace(desk, library=library)
    library.close()


def wait_for(library: Library) -> None:
    """Until it has all that the archive has: a busy machine takes more than the second that askers wait."""
    is_complete = False
    while not is_complete:
        with library.reading() as reader:
            is_complete = reader.is_complete
        time.sleep(0.05)


def test_without_an_index_search_says_why(without_room: Desk) -> None:
    with pytest.raises(SearchUnavailable, match="nearly full") as caught:
        without_room.search("grasp")
    assert caught.value.advice
    with pytest.raises(SearchUnavailable, match="nearly full"):
        without_room.similar("robots", page=1)


@pytest.mark.parametrize(
    "want", [Want("grasp"), Want(topic="a robot arm grasps objects", per_day=1.0), Want(trending=2)]
)
def test_without_an_index_everything_else_goes_on(desk: Desk, without_room: Desk, asker: Asker, want: Want) -> None:
    draft = without_room.draft(asker, want)
    assert draft.preview.total > 0
    assert draft.preview == desk.draft(asker, want).preview  # as the newest thousand are all that there are
    without_room.save(asker, draft)
    assert without_room.test(asker, 1) == draft.preview
    assert without_room.why(asker, crowd(140)[2].id).rows


def test_previews_look_back_thirty_days_however_many_papers_these_have(desk: Desk, asker: Asker, core: Core) -> None:
    more = [paper(2000 + n, f"Whales, part {n}", day=TODAY - timedelta(days=n % 25)) for n in range(BACKGROUND + 200)]
    store(core.stores.papers, *more)
    wait_for(core.library)
    draft = desk.draft(asker, Want("whales"))
    assert (draft.preview.total, draft.preview.days) == (len(more), 25)
    assert draft.per_day == len(more) / 25
    assert draft.preview.archive == len(more) + 140
    assert desk.corpus.stream().per_day == draft.preview.archive / 25


def test_the_same_searches_give_the_same_papers_in_the_same_order_in_every_process(
    desk: Desk, core: Core, tmp_path: Path
) -> None:
    desk.search("grasp")  # its index has the papers as they came, and then as they were told again
    store(core.stores.papers, *(replace(one, organization="Deep Lab") for one in crowd(140)[::3]))
    remembering = Remembering(core.embedder, core.vectors)
    library = Library(core.stores.papers, remembering, tmp_path / "another")
    other = replace(desk, library=library)
    asked = ["grasp", "-grasp", "attention OR graph*", "how do robots grasp?", "source:huggingface", "kernel zebra"]
    for query in asked:
        for page in range(1, min(desk.search(query).pages, 4) + 1):
            assert told(other.search(query, page=page)) == told(desk.search(query, page=page))
    assert told(other.search("part", sort="top")) == told(desk.search("part", sort="top"))
    assert told(other.similar("robots", page=1)) == told(desk.similar("robots", page=1))
    library.close()


def told(answer: SearchAnswer) -> tuple[object, ...]:
    return answer.total, answer.note, [card.paper.id for card in answer.cards]


def test_a_paper_is_found_as_soon_as_it_is_subscribed_to(desk: Desk, asker: Asker, core: Core) -> None:
    subscribe(desk, asker, Want("whales"))
    assert desk.search("whales -zebra title:whales").total == 0
    store(core.stores.papers, paper(900, "Whales"))
    assert desk.search("whales -zebra title:whales").total == 1
    assert desk.test(asker, 1).total == 1
