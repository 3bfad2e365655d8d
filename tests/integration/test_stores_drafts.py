"""Drafts that wait: kept whole, a day long, for one taker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from papers.answers.card import Card
from papers.answers.subscriptions import Draft, Preview
from papers.model import Asker, Reason
from papers.stores import keys
from papers.stores.drafts import WAITING
from papers.wiring import Stores
from tests.builders import GENERAL, paper, subscription
from tests.conftest import NOW

ADA = Asker(GENERAL, "ada")
CARD = Card(paper(1, upvotes=3, published=NOW), "What it found.", (Reason(("attention",), share=0.01),), 3.5)
DRAFT = Draft(
    subscription=subscription(3, topic="robots", per_day=2.5, bar=2.25, created_by="ada"),
    preview=Preview("attention", 30, 14, 1_204, (CARD,), "a warning"),
    replaces=3,
    can_tighten=True,
    per_day=2.5,
    before=subscription(3, created_at=NOW),
)


def test_a_draft_comes_back_as_it_was_put(stores: Stores) -> None:
    token = stores.drafts.put(DRAFT, ADA)
    assert stores.drafts.get(token) == stores.drafts.get(token) == DRAFT
    assert stores.drafts.take(token) == DRAFT


def test_of_many_who_take_a_draft_at_once_one_gets_it(stores: Stores) -> None:
    token = stores.drafts.put(DRAFT, ADA)
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(stores.drafts.take, [token] * 16))
    assert [one for one in taken if one is not None] == [DRAFT]
    assert stores.drafts.get(token) is None


def test_a_draft_that_is_given_back_can_be_taken_again(stores: Stores) -> None:
    token = stores.drafts.put(DRAFT, ADA)
    taken = stores.drafts.take(token)
    assert taken is not None
    stores.drafts.give_back(token, taken)
    assert stores.drafts.take(token) == DRAFT


def test_a_draft_waits_a_day_also_when_it_was_given_back(stores: Stores) -> None:
    token = stores.drafts.put(DRAFT, ADA)
    assert 86_390 < stores.server.call("TTL", keys.draft(token)) <= 86_400
    stores.drafts.give_back(token, DRAFT)
    assert 86_390 < stores.server.call("TTL", keys.draft(token)) <= 86_400


def test_tokens_are_long_and_none_is_like_another(stores: Stores) -> None:
    tokens = {stores.drafts.put(DRAFT, ADA) for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(one) >= 12 and one.replace("-", "").replace("_", "").isalnum() for one in tokens)
    assert stores.drafts.take("a token of nobody's") is None


def test_of_too_many_drafts_of_one_user_the_oldest_go_and_nobody_elses(stores: Stores) -> None:
    others = stores.drafts.put(DRAFT, Asker(GENERAL, "grace"))
    tokens = [stores.drafts.put(DRAFT, ADA) for _ in range(WAITING + 3)]
    assert [stores.drafts.get(one) is not None for one in tokens] == [False] * 3 + [True] * WAITING
    assert stores.drafts.get(others) == DRAFT
