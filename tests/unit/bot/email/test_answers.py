"""What mail servers' refusals mean, without a server."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.email.answers import LATEST, NOT_REACHED, SOONEST, TO_MEND, Stage, meaning, told
from papers.errors import Rejected, RetryAfter, Unknown

YOUNG = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("stage", "code", "words", "closed"),
    [
        ("recipient", 550, "5.1.1 no such user", True),
        ("recipient", 550, "no such user here", True),
        ("recipient", 553, "5.1.3 bad address syntax", True),
        ("recipient", 550, "5.2.1 mailbox disabled", True),
        ("recipient", 550, "5.7.1 blocked by policy", False),
        ("recipient", 552, "5.2.2 mailbox full", False),
        ("recipient", 554, "no thanks", False),
        ("mail", 550, "5.1.1 no such user", True),
        ("mail", 550, "spam", False),
        ("mail", 554, "5.7.1 spam", False),
        ("sender", 552, "5.3.4 too big", False),
    ],
)
def test_a_refusal_is_for_good_and_closes_the_address_only_where_there_is_none(
    stage: Stage, code: int, words: str, *, closed: bool
) -> None:
    meant = meaning(stage, code, words, YOUNG)
    assert isinstance(meant, Rejected)
    assert meant.suspends is closed


@pytest.mark.parametrize(
    ("stage", "code", "age", "seconds", "scope"),
    [
        ("recipient", 451, 1, SOONEST, "message"),
        ("recipient", 450, 600, 600, "message"),
        ("mail", 452, 86_400, LATEST, "message"),
        ("connection", 535, 1, TO_MEND, "platform"),
        ("connection", 454, 1, SOONEST, "platform"),
        ("connection", 554, 1, TO_MEND, "platform"),
        ("sender", 530, 1, TO_MEND, "platform"),
        ("sender", 553, 1, TO_MEND, "platform"),
        ("sender", 451, 1, SOONEST, "platform"),
        ("recipient", 421, 1, NOT_REACHED, "platform"),
        ("mail", 421, 1, NOT_REACHED, "platform"),
        ("recipient", -1, 1, NOT_REACHED, "platform"),
    ],
)
def test_what_may_pass_is_tried_again(stage: Stage, code: int, age: float, seconds: float, scope: str) -> None:
    meant = meaning(stage, code, "words", timedelta(seconds=age))
    assert isinstance(meant, RetryAfter)
    assert (meant.seconds, meant.scope) == (seconds, scope)


@pytest.mark.parametrize("code", [-1, 251, 354])
def test_what_is_no_answer_to_a_mail_leaves_it_unknown(code: int) -> None:
    assert isinstance(meaning("mail", code, "?", YOUNG), Unknown)


def test_an_address_is_masked_however_it_is_spelt_and_the_words_are_one_short_line() -> None:
    said = told(550, "5.1.1 <Ada@Example.org>: ada@example.org\r\nis \x1b[31mnobody " + "x" * 500, "ada@example.org")
    assert said.startswith("550 5.1.1 <a…@example.org>: a…@example.org is [31mnobody")
    assert len(said) <= 200
