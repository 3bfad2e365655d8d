"""Hits become matches when they are planned: as the subscriptions and the papers are by then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from papers.matching.decide import KEYWORD_SCORE, TITLE_BONUS
from papers.matching.hits import Hit, topic_mark
from papers.model import Match, Paper, Reason, Subscription, Want
from papers.services.explaining import Explainer
from tests.builders import hit, paper, subscription

ONE = paper(1, "Attention on graphs", abstract="Kernels are compared in a survey.")


def explained(found: Hit, *wanted: Subscription, papers: tuple[Paper, ...] = (ONE,)) -> list[Match]:
    return Explainer().explain([found], wanted, {one.id: one for one in papers})


def test_a_hit_of_a_query_says_which_words_hit() -> None:
    wanted = subscription(3, "attention -robots")
    reason = Reason(words=("attention",), without=("robots",))
    assert explained(hit(ONE.id, 3), wanted) == [Match(ONE.id, wanted.id, 3, KEYWORD_SCORE + TITLE_BONUS, reason)]


def test_a_hit_of_a_topic_says_how_near_it_is() -> None:
    wanted = subscription(2, None, topic="graphs")
    found = hit(ONE.id, 2, z=3.21, share=0.01, topic=topic_mark("graphs"))
    assert explained(found, wanted) == [Match(ONE.id, wanted.id, 2, 3.21, Reason(topic="graphs", share=0.01))]


def test_a_hit_of_the_most_upvoted_says_its_rank() -> None:
    wanted = subscription(2, None, trending=5)
    score = round(KEYWORD_SCORE + TITLE_BONUS / 4, 3)
    assert explained(hit(ONE.id, 2, trending=4), wanted) == [Match(ONE.id, wanted.id, 2, score, Reason(trending=4))]


@pytest.mark.parametrize("now", ["robots", "attention robots", "-attention", "title:kernel"])
def test_what_a_changed_query_does_not_want_any_more_is_dropped(now: str) -> None:
    assert explained(hit(ONE.id), subscription(1, now)) == []


def test_what_a_changed_query_wants_still_is_explained_by_its_new_words() -> None:
    (found,) = explained(hit(ONE.id), subscription(1, "survey"))
    assert (found.reason.words, found.score) == (("survey",), KEYWORD_SCORE)


def test_a_paper_that_was_told_otherwise_meanwhile_is_read_as_it_is() -> None:
    explainer, wanted = Explainer(), [subscription(1, "attention OR robots")]
    told = replace(ONE, title="Robots on graphs")
    for one, words in ((ONE, ("attention",)), (told, ("robots",))):
        (found,) = explainer.explain([hit(ONE.id)], wanted, {ONE.id: one})
        assert found.reason.words == words


def test_what_has_no_subscription_or_no_paper_any_more_is_dropped() -> None:
    assert explained(hit(ONE.id, 9), subscription(1)) == []
    assert explained(hit(ONE.id), subscription(1), papers=()) == []


def test_a_query_that_the_grammar_does_not_know_any_more_is_still_posted() -> None:
    (found,) = explained(hit(ONE.id), subscription(1, "(attention"))
    assert found.reason == Reason()


@pytest.mark.parametrize(
    "now", [Want(topic="robots"), Want("attention"), Want("attention", "robots"), Want(trending=5)], ids=str
)
def test_what_was_found_for_another_topic_is_dropped(now: Want) -> None:
    assert explained(hit(ONE.id, z=3.0, topic=topic_mark("graphs")), subscription(want=now)) == []


def test_what_was_found_by_words_or_votes_is_no_hit_of_a_topic() -> None:
    topic = subscription(1, None, topic="graphs")
    assert explained(hit(ONE.id), topic) == explained(hit(ONE.id, trending=2), topic) == []
