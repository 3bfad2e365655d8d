"""The desk: how much a topic brings, and moving that with Tighten and Loosen."""

from __future__ import annotations

from typing import Literal

import pytest

from papers.answers.subscriptions import Draft
from papers.errors import NotFoundError, UsageError
from papers.matching.topics import DEFAULT_BAR, LEAST_BAR
from papers.model import Asker, Want
from papers.services.desk import Desk
from papers.services.drafting import LEAST_PER_DAY, MOST_PER_DAY
from papers.wiring import Core
from papers.wording.subscriptions import label
from tests.builders import paper, store, subscribe

Way = Literal["tighten", "loosen"]

GRASPING = "a robot arm grasps objects"
WHALES = [paper(800 + n, f"Songs of whales under the ice, part {n}", abstract="Whales sing.") for n in range(4)]


def total(draft: Draft) -> int:
    return draft.preview.total


def bar(draft: Draft) -> float:
    assert draft.subscription.bar is not None
    return draft.subscription.bar


@pytest.mark.parametrize("per_day", [0.5, 1.0, 2.0])
def test_tighten_posts_fewer_and_loosen_more(desk: Desk, asker: Asker, per_day: float) -> None:
    draft = desk.draft(asker, Want(topic=GRASPING, per_day=per_day))
    tight, loose = desk.adjust(asker, draft, "tighten"), desk.adjust(asker, draft, "loosen")
    assert total(tight) < total(draft) < total(loose)
    assert bar(tight) > bar(draft) > bar(loose)


@pytest.mark.parametrize("topic", [GRASPING, "graphs and kernels", "songs of whales"])
@pytest.mark.parametrize("per_day", [None, 0.04, 0.3, 3.0, 8.0, 150.0])
def test_tighten_never_lets_more_through_and_loosen_never_less(
    desk: Desk, asker: Asker, topic: str, per_day: float | None
) -> None:
    tight = loose = desk.draft(asker, Want(topic=topic, per_day=per_day))
    for _ in range(3):
        tighter, looser = desk.adjust(asker, tight, "tighten"), desk.adjust(asker, loose, "loosen")
        assert total(tighter) <= total(tight) <= total(loose) <= total(looser)
        assert bar(tighter) >= bar(tight) >= bar(loose) >= bar(looser)
        for draft in (tighter, looser):
            assert draft.preview.label == label(draft.subscription.want)
            assert draft.per_day == total(draft) / 10
        tight, loose = tighter, looser


def test_what_brings_nothing_brings_nothing_when_tightened(desk: Desk, asker: Asker) -> None:
    draft = desk.draft(asker, Want(topic="songs of whales"))
    tight = desk.adjust(asker, draft, "tighten")
    assert (total(draft), total(tight), bar(tight)) == (0, 0, LEAST_BAR)
    desk.save(asker, tight)
    assert desk.test(asker, 1).total == 0


def test_loosening_what_a_query_narrows_shuts_nothing_out(desk: Desk, asker: Asker, core: Core) -> None:
    store(core.stores.papers, *WHALES)
    everything = Want(topic="songs of whales under the ice")
    assert total(desk.draft(asker, everything)) == 4
    for part in range(4):  # one of the four is the furthest from the topic
        draft = desk.draft(asker, Want(f"title:{part} whales", everything.topic))
        loose = desk.adjust(asker, draft, "loosen")
        assert (total(draft), total(loose), bar(loose)) == (1, 1, DEFAULT_BAR)


def test_where_no_volume_was_asked_for_that_of_the_preview_is_moved(desk: Desk, asker: Asker, core: Core) -> None:
    store(core.stores.papers, *WHALES)
    draft = desk.draft(asker, Want(topic="songs of whales under the ice"))
    assert (total(draft), draft.per_day) == (4, 0.4)
    tight, loose = desk.adjust(asker, draft, "tighten"), desk.adjust(asker, draft, "loosen")
    assert (tight.subscription.want.per_day, loose.subscription.want.per_day) == (0.2, 0.8)
    assert total(tight) < 4 < total(loose)


def test_tighten_halves_the_volume_and_loosen_doubles_it(desk: Desk, asker: Asker) -> None:
    draft = desk.draft(asker, Want(topic=GRASPING, per_day=2.0))
    assert desk.adjust(asker, draft, "tighten").subscription.want.per_day == 1.0
    assert desk.adjust(asker, draft, "loosen").subscription.want.per_day == 4.0
    assert total(desk.adjust(asker, draft, "tighten")) == pytest.approx(total(draft) / 2, abs=2)


@pytest.mark.parametrize(("way", "end"), [("tighten", LEAST_PER_DAY), ("loosen", MOST_PER_DAY)])
def test_the_volume_stops_at_its_ends(desk: Desk, asker: Asker, way: Way, end: float) -> None:
    draft = desk.draft(asker, Want(topic="graphs", per_day=3.0))
    for _ in range(12):
        draft = desk.adjust(asker, draft, way)
    assert draft.subscription.want.per_day == pytest.approx(end, abs=0.01)


def test_adjusting_an_edit_is_still_that_edit(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want(topic="graphs", per_day=2.0))
    edit = desk.adjust(asker, desk.draft(asker, Want(topic="robots", per_day=2.0), replaces=1), "loosen")
    assert desk.save(asker, edit).subscription.number == 1
    (row,) = desk.listing(asker).rows
    assert (row.subscription.number, row.label) == (1, "about: robots ~4/day")


@pytest.mark.parametrize(("way", "per_day"), [("loosen", 2.0), ("tighten", 2.0), ("tighten", None)])
def test_an_adjusted_edit_is_refused_after_somebody_elses(
    desk: Desk, asker: Asker, way: Way, per_day: float | None
) -> None:
    subscribe(desk, asker, Want("graph"))
    edit = desk.draft(asker, Want(topic="songs of whales", per_day=per_day), replaces=1)
    desk.save(asker, desk.draft(asker, Want("kernel"), replaces=1))
    with pytest.raises(UsageError, match="somebody else changed"):
        desk.save(asker, desk.adjust(asker, edit, way))
    (row,) = desk.listing(asker).rows
    assert row.label == "kernel"


def test_a_volume_alone_changes_how_much_a_topic_brings_and_nothing_else(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want("robots", topic=GRASPING, per_day=1.0))
    draft = desk.with_volume(asker, 1, 3.0)
    assert draft == desk.draft(asker, Want("robots", topic=GRASPING, per_day=3.0), replaces=1)
    assert desk.save(asker, draft).changed


def test_a_volume_alone_says_nothing_of_a_query_or_of_a_number_that_there_is_not(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want("robots"))
    with pytest.raises(UsageError, match="only a topic has a volume"):
        desk.with_volume(asker, 1, 3.0)
    with pytest.raises(NotFoundError):
        desk.with_volume(asker, 2, 3.0)


@pytest.mark.parametrize(
    ("want", "nearest"),
    [
        (Want('"KV cache" OR quant* -survey'), '"KV cache" OR quant* -survey about: KV cache ~3/day'),
        (Want("title:robots author:ng"), "title:robots author:ng about: robots ~3/day"),
        (Want("author:ng"), None),
        (Want(trending=5), "trending top:3"),
    ],
)
def test_where_a_volume_alone_cannot_be_the_nearest_that_has_one_is_suggested(
    desk: Desk, asker: Asker, want: Want, nearest: str | None
) -> None:
    subscribe(desk, asker, want)
    with pytest.raises(UsageError) as caught:
        desk.with_volume(asker, 1, 3.0)
    assert caught.value.suggestion == (nearest and f"/papers edit 1 {nearest}")


def test_a_query_has_no_volume_to_move(desk: Desk, asker: Asker) -> None:
    draft = desk.draft(asker, Want("robots"))
    assert not draft.can_tighten
    with pytest.raises(UsageError, match="only a topic has a volume"):
        desk.adjust(asker, draft, "tighten")


def test_what_was_previewed_is_what_is_saved_and_tested(desk: Desk, asker: Asker) -> None:
    draft = desk.draft(asker, Want(topic="graph networks", per_day=2.0))
    saved = desk.save(asker, draft)
    assert saved.subscription.bar is None  # it moves with the stream
    assert saved.preview == draft.preview
    assert desk.test(asker, 1) == draft.preview
    assert desk.test(asker, Want(topic="graph networks", per_day=2.0)) == draft.preview


def test_a_topic_without_a_volume_gets_the_usual_bar(desk: Desk, asker: Asker) -> None:
    draft = desk.draft(asker, Want(topic="graph networks"))
    assert LEAST_BAR < bar(draft) < DEFAULT_BAR  # a hundredth of the stream does not reach the higher one
    assert total(draft) == 2
    assert desk.save(asker, draft).subscription.bar is None
