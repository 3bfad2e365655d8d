"""Links of invitations, also where one address has two of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from papers.errors import NotFoundError
from papers.model import Schedule
from tests.builders import subscription
from tests.integration.test_mailing import DAILY, WANTED, Office, office

__all__ = ["office"]

EVENING = Schedule("daily", "20:00", "UTC")
ROBOTS = (subscription(query="robots"),)


def test_of_two_invitations_each_link_settles_what_its_own_offered(office: Office) -> None:
    first = office.invite()
    office.now += timedelta(minutes=1)
    second = office.invite(wanted=ROBOTS, schedule=EVENING)
    confirmed = office.mailing.confirm(first)
    here = office.stores.channels.channel(confirmed.destination)
    assert (here.schedule, office.wants(confirmed)) == (DAILY, [one.want for one in WANTED])
    both = office.mailing.confirm(second)
    here = office.stores.channels.channel(both.destination)
    assert (here.schedule, len(office.wants(both))) == (EVENING, 3)
    for used in (first, second):
        with pytest.raises(NotFoundError):
            office.mailing.confirm(used)


def test_who_refuses_one_of_two_invitations_refuses_both(office: Office) -> None:
    first = office.invite()
    office.now += timedelta(minutes=1)
    second = office.invite()
    office.mailing.refuse(first)
    with pytest.raises(NotFoundError):
        office.mailing.confirm(second)


def test_a_link_confirms_once_and_for_three_days(office: Office) -> None:
    first = office.invite()
    office.now += timedelta(minutes=1)
    second = office.invite()
    office.now += timedelta(days=3)
    assert office.mailing.forget_unanswered() == 1  # the first is too old, the second keeps the address
    with pytest.raises(NotFoundError):
        office.mailing.confirm(first)
    office.mailing.confirm(second)
    with pytest.raises(NotFoundError):
        office.mailing.confirm(second)
    late = office.invite("bob@example.org")
    office.now += timedelta(days=3, seconds=1)
    with pytest.raises(NotFoundError):
        office.mailing.confirm(late)
