"""Votes in Redis: one a user and paper, counted as they are given."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papers.model import Destination
from papers.wiring import Stores
from tests.builders import GENERAL, lesson

Vote = Literal[1, -1]
RANDOM = Destination("terminal", "local", "random")


def test_a_vote_is_counted_changed_and_taken_back(stores: Stores) -> None:
    votes = stores.votes
    assert votes.toggle(GENERAL, lesson("1"), "ada", 1) == (1, 1, 0)
    assert votes.toggle(GENERAL, lesson("1"), "bob", 1) == (1, 2, 0)
    assert votes.toggle(GENERAL, lesson("1"), "ada", -1) == (-1, 1, 1)
    assert votes.toggle(GENERAL, lesson("1"), "ada", -1) == (0, 1, 0)
    assert votes.all(GENERAL) == {"1": {"bob": 1}}


def test_a_channels_votes_are_its_own(stores: Stores) -> None:
    stores.votes.toggle(GENERAL, lesson("1"), "ada", 1)
    assert stores.votes.toggle(RANDOM, lesson("1"), "bob", -1) == (-1, 0, 1)
    assert (stores.votes.totals(GENERAL), stores.votes.totals(RANDOM)) == ((1, 0), (0, 1))
    assert stores.votes.totals(Destination("terminal", "local", "nowhere")) == (0, 0)


def test_a_channel_that_voted_is_known_to_backups(stores: Stores) -> None:
    stores.votes.toggle(GENERAL, lesson("1"), "ada", 1)
    assert list(stores.channels.destinations()) == [GENERAL]


PRESSES = st.lists(st.tuples(st.sampled_from("12"), st.sampled_from("abc"), st.sampled_from([1, -1])), max_size=20)


@given(PRESSES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_counts_are_those_of_the_votes(stores: Stores, presses: list[tuple[str, str, Vote]]) -> None:
    stores.server.call("FLUSHALL")
    given_: dict[tuple[str, str], int] = {}
    for paper, user, way in presses:
        now = 0 if given_.get((paper, user)) == way else way
        given_[paper, user] = now
        counted = Counter(vote for (of, _), vote in given_.items() if of == paper)
        assert stores.votes.toggle(GENERAL, lesson(paper), user, way) == (now, counted[1], counted[-1])
    everything = Counter(given_.values())
    assert stores.votes.totals(GENERAL) == (everything[1], everything[-1])
    kept = {(paper, user): vote for paper, of in stores.votes.all(GENERAL).items() for user, vote in of.items()}
    assert kept == {key: vote for key, vote in given_.items() if vote}
