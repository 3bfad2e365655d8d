"""How a channel's preferences change what it is posted: never which papers, only how."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from papers.model import Destination, Preferences
from papers.planning import HEADLINE, Situation, plan
from papers.preferences import LANGUAGES
from tests.unit.test_planning import DAILY, SITUATIONS, brought, many, situation

ALL = st.builds(Preferences, language=st.sampled_from(LANGUAGES))


def preferring(given_: Situation, preferences: Preferences) -> Situation:
    return replace(given_, channel=replace(given_.channel, preferences=preferences))


@given(SITUATIONS, ALL)
def test_the_same_papers_come_in_the_same_order_whatever_is_preferred(
    given_: Situation, preferences: Preferences
) -> None:
    usual, preferred = plan(given_), plan(preferring(given_, preferences))
    assert brought(preferred.deliveries) == brought(usual.deliveries)
    assert (preferred.taken, preferred.next_slot) == (usual.taken, usual.next_slot)


@given(SITUATIONS, ALL)
def test_the_same_abstracts_are_shown_once_whatever_is_preferred(given_: Situation, preferences: Preferences) -> None:
    def shown(deliveries: Situation) -> list[str]:
        return sorted(one for delivery in plan(deliveries).deliveries for one in delivery.abstracts)

    assert shown(preferring(given_, preferences)) == shown(given_)


@given(SITUATIONS, ALL)
def test_a_message_is_the_same_decision_whatever_is_preferred(given_: Situation, preferences: Preferences) -> None:
    usual = {delivery.id for delivery in plan(given_).deliveries}
    assert {delivery.id for delivery in plan(preferring(given_, preferences)).deliveries} <= usual


def test_a_full_post_has_its_abstracts_in_the_headline_and_no_reply_for_them() -> None:
    headline, more = plan(preferring(situation(many(7)), Preferences(format="full"))).deliveries
    assert headline.abstracts == tuple(item.paper for item in headline.items)
    assert len(headline.abstracts) == HEADLINE
    assert (more.kind, len(more.abstracts)) == ("more", 2)


def test_papers_without_an_abstract_have_none_in_a_full_post_either() -> None:
    bare = situation(many(2), without_abstract=True)
    (headline,) = plan(preferring(bare, Preferences(format="full"))).deliveries
    assert headline.abstracts == ()


def test_flat_replies_follow_their_headline_in_the_channel() -> None:
    headline, *replies = plan(preferring(situation(many(7)), Preferences(replies="flat"))).deliveries
    assert not headline.flat
    assert [(reply.flat, reply.parent) for reply in replies] == [(True, headline.id)] * 2
    assert not any(one.flat for one in plan(situation(many(7))).deliveries)


def test_a_day_without_papers_is_silent_where_that_is_preferred() -> None:
    assert len(plan(situation()).deliveries) == 1
    silent = plan(preferring(situation(), Preferences(quiet=False)))
    assert silent.deliveries == ()
    assert silent.next_slot == plan(situation()).next_slot


@given(ALL)
def test_every_heading_is_in_the_channels_language(preferences: Preferences) -> None:
    for matches in ([], many(7)):
        deliveries = plan(preferring(situation(matches, schedule=DAILY), preferences)).deliveries
        assert {delivery.heading.language for delivery in deliveries} <= {preferences.language}


@given(SITUATIONS, ALL)
def test_a_mail_brings_the_same_papers_in_one_message(given_: Situation, preferences: Preferences) -> None:
    chat = preferring(given_, preferences)
    mailbox = Destination("email", "local", "0" * 24)
    mailed = plan(replace(chat, channel=replace(chat.channel, destination=mailbox))).deliveries
    assert brought(mailed) == brought(plan(chat).deliveries)
    assert len(mailed) <= 1
    assert all(one.kind in {"digest", "empty"} and one.parent is None for one in mailed)
    assert not any(one.abstracts for one in mailed if preferences.format == "compact")
