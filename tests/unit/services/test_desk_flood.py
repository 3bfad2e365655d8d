"""The desk: what would post more than anybody reads is told of, and saved only if that is confirmed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.volumes import MAX_PER_DAY
from papers.errors import FloodError
from papers.model import Asker, Want
from papers.services.backtest import FLOOD
from papers.services.desk import Desk
from papers.services.drafting import MOST_PER_DAY
from papers.stores.server import Server
from papers.wiring import Core
from tests.builders import crowd, store, subscribe
from tests.conftest import NOW
from tests.unit.services.conftest import everything

ALL = Want("-zebra")


def busy(core: Core, papers: int, days: int = 1) -> Desk:
    """A desk over so many papers."""
    store(core.stores.papers, *crowd(papers, days=days))
    return replace(core.desk, clock=lambda: NOW)


@pytest.mark.parametrize("want", [ALL, Want("attention OR -attention"), Want("-zebr*"), Want("cat:cs OR -cat:cs")])
def test_a_query_that_matches_everything_says_how_much_that_is(core: Core, asker: Asker, want: Want) -> None:
    draft = busy(core, FLOOD + 20).draft(asker, want)
    assert (draft.per_day, draft.floods) == (FLOOD + 20, True)
    assert "about 120 papers a day" in str(draft.preview.warning)


@pytest.mark.parametrize(
    ("papers", "days", "floods"), [(100, 1, False), (101, 1, True), (200, 2, False), (202, 2, True)]
)
def test_more_than_a_hundred_papers_a_day_are_a_flood(
    core: Core,
    asker: Asker,
    papers: int,
    days: int,
    floods: bool,  # noqa: FBT001 - a column
) -> None:
    assert busy(core, papers, days).draft(asker, ALL).floods is floods


def test_a_flood_is_saved_only_if_it_is_confirmed(core: Core, asker: Asker, server: Server) -> None:
    desk = busy(core, FLOOD + 1)
    draft = desk.draft(asker, ALL)
    before = everything(server)
    with pytest.raises(FloodError, match="about 101 papers a day") as caught:
        desk.save(asker, draft)
    assert caught.value.advice
    assert everything(server) == before
    assert desk.save(asker, draft, anyway=True).subscription.want == ALL


def test_an_edit_that_floods_is_confirmed_too_and_changes_nothing_until_then(core: Core, asker: Asker) -> None:
    desk = busy(core, FLOOD + 1)
    subscribe(desk, asker, Want("zebra"))
    edit = desk.draft(asker, ALL, replaces=1)
    with pytest.raises(FloodError):
        desk.save(asker, edit)
    assert [row.label for row in desk.listing(asker).rows] == ["zebra"]
    desk.save(asker, edit, anyway=True)
    assert [row.label for row in desk.listing(asker).rows] == ["-zebra"]


def test_no_volume_that_can_be_asked_for_and_none_that_loosen_comes_to_is_a_flood(core: Core, asker: Asker) -> None:
    assert MAX_PER_DAY == MOST_PER_DAY == FLOOD
    desk = busy(core, 300)
    draft = desk.draft(asker, Want(topic="graph networks", per_day=60.0))
    for _ in range(3):
        draft = desk.adjust(asker, draft, "loosen")
        assert not draft.floods
    assert draft.subscription.want.per_day == MAX_PER_DAY


def test_a_query_that_matches_nothing_says_so_and_is_saved_without_ado(core: Core, asker: Asker) -> None:
    desk = busy(core, FLOOD)
    draft = desk.draft(asker, Want("zebra"))
    assert not draft.floods
    assert draft.preview.warning == "nothing in the papers at hand matches; new ones may"
    assert desk.save(asker, draft).subscription.number == 1
