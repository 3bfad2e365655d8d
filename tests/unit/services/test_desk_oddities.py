"""The desk, given topics and papers that nobody would have thought of: all are answered, none stands in the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from papers.answers.subscriptions import Draft
from papers.model import Asker, Paper, Want
from papers.services.desk import Desk
from papers.wiring import Core
from tests.builders import paper, store, subscribe

ABSTRACT = (
    'We present a method that draws molecules (graphs) with ~1/10 of the compute. It\'s "fast", and works: see '
    "https://lab.example/code. An energy is predicted by a network -- 95% of it. about: nothing else, NOT OR AND. "
)
SCRIPTS = ["扩散模型用于图像生成", "обучение роботов захвату предметов", "تعلم الآلة للرسوم البيانية", "グラフ 🤖 学習"]
UNHEARD_OF = "no paper at hand has a word of that topic"

LONG = paper(
    700, "Grasping everything", abstract="Robots grasp graphs. Kernels (bounded) matter; so do whispers. " * 1_600
)
EMPTY = paper(701, "Grasping without an abstract")
WORDLESS = paper(702, "???", abstract="🤖 🤖 🤖")
CHINESE = paper(703, "扩散模型用于图像生成", abstract="我们提出了一种扩散模型。")
ODD = (LONG, EMPTY, WORDLESS, CHINESE)


def drafts(desk: Desk, asker: Asker, topic: str) -> list[Draft]:
    """The topic with the default bar, and with a volume."""
    return [desk.draft(asker, Want(topic=topic, per_day=per_day)) for per_day in (None, 1.0)]


@pytest.mark.parametrize("topic", [ABSTRACT, (ABSTRACT * 9)[:2_000], ("graph networks for molecules " * 20)[:500]])
def test_an_abstract_that_was_pasted_whole_finds_what_it_is_about(desk: Desk, asker: Asker, topic: str) -> None:
    usual, daily = drafts(desk, asker, topic)
    assert daily.preview.warning is None
    assert 5 <= daily.preview.total <= 15
    for shown in (*usual.preview.latest, *daily.preview.latest):
        assert shown.paper.title.startswith("Graph networks for chemistry")


@pytest.mark.parametrize("topic", ["robots", "ROBOT", "grasping"])
def test_a_topic_of_one_word_finds_what_it_is_about(desk: Desk, asker: Asker, topic: str) -> None:
    _, daily = drafts(desk, asker, topic)
    assert 5 <= daily.preview.total <= 15
    assert all(shown.paper.title.startswith("Grasping with robots") for shown in daily.preview.latest)


@pytest.mark.parametrize("topic", [*SCRIPTS, "x" * 500, "q", "7777", "zxqv wvut"])
def test_a_topic_that_no_paper_has_a_word_of_says_so_and_can_be_saved(desk: Desk, asker: Asker, topic: str) -> None:
    for draft in drafts(desk, asker, topic):
        assert UNHEARD_OF in str(draft.preview.warning)
        assert draft.preview.total <= 15
        assert desk.save(asker, draft).subscription.want == draft.subscription.want


def test_a_topic_in_another_script_finds_the_papers_in_that_script(desk: Desk, asker: Asker, core: Core) -> None:
    store(core.stores.papers, CHINESE)
    for draft in drafts(desk, asker, CHINESE.title):
        assert CHINESE.id in [shown.paper.id for shown in draft.preview.latest]
        assert draft.preview.warning is None


def test_a_topic_that_nothing_comes_close_to_says_what_would_let_the_nearest_through(desk: Desk, asker: Asker) -> None:
    usual, daily = drafts(desk, asker, "songs of whales")
    assert usual.preview.total == 0
    assert "a volume like ~3/week" in str(usual.preview.warning)
    assert daily.preview.total > 0


@pytest.mark.parametrize("odd", ODD, ids=["100 kB", "no abstract", "no word", "another script"])
def test_an_odd_paper_is_previewed_searched_compared_and_asked_about_like_any_other(
    desk: Desk, asker: Asker, core: Core, odd: Paper
) -> None:
    store(core.stores.papers, replace(odd, upvotes=99))
    subscribe(desk, asker, Want("-zebra"))
    subscribe(desk, asker, Want(topic="graph networks", per_day=1.0))
    shown = desk.draft(asker, Want("-zebra source:huggingface")).preview
    assert odd.id in [card.paper.id for card in shown.latest]
    assert all(len(card.summary) <= 1_000 for card in shown.latest)
    assert [row.wanted for row in desk.why(asker, odd.id).rows] == [True, False]
    assert odd.id not in [card.paper.id for card in desk.similar(odd.id, page=1).cards]


@pytest.mark.parametrize(
    ("query", "found"), [("whispers -speech", LONG), ('"without an abstract"', EMPTY), ("扩散", CHINESE)]
)
def test_an_odd_paper_is_found_by_its_words(desk: Desk, asker: Asker, core: Core, query: str, found: Paper) -> None:
    store(core.stores.papers, *ODD)
    assert [card.paper.id for card in desk.draft(asker, Want(query)).preview.latest] == [found.id]
    assert desk.search(query, page=1).cards[0].paper.id == found.id


def test_one_odd_paper_does_not_move_what_a_topic_finds(desk: Desk, asker: Asker, core: Core) -> None:
    before = desk.draft(asker, Want(topic="graph networks for molecules", per_day=1.0)).preview
    store(core.stores.papers, *ODD)
    after = desk.draft(asker, Want(topic="graph networks for molecules", per_day=1.0)).preview
    assert [card.paper.id for card in after.latest] == [card.paper.id for card in before.latest]
    assert abs(after.total - before.total) <= 1
