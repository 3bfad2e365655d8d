"""Who is mailed to: invitations, their answers, and leaving, by the services over a real server."""

from __future__ import annotations

import os
from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from papers.addresses import masked
from papers.errors import NotAllowedError, NotFoundError, QuotaError, StoreError, UsageError
from papers.keyring import Envelope, Keyring
from papers.mailbox import Invited, Mailbox
from papers.model import Asker, Channel, Destination, Schedule, Want
from papers.services.mailing import CONFIRM, READ, Invite
from papers.stores import keys
from papers.stores.mailboxes import MailboxStore
from papers.stores.vault import Vault
from papers.wiring import Stores
from tests.builders import subscription
from tests.conftest import NOW
from tests.contract.email import mailboxes, mailing
from tests.integration.outboxes import delivery, kept

ADA = "ada@example.org"
DAILY = Schedule("daily", "08:00", "Europe/Berlin")
WANTED = (subscription(query=None, trending=10), subscription(query="diffusion"))


@dataclass
class Office:
    """The services, and a clock that can be moved. Only `counted` minds how many invitations there were."""

    stores: Stores
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.counted = mailing(self.stores, lambda: self.now)
        self.mailing = replace(self.counted, spend=lambda *_: 0.0)
        self.book = mailboxes(self.stores)

    def invite(self, address: str = ADA, workspace: str = "local", **changes: object) -> str:
        """The link's token."""
        invite = Invite(address, workspace, "Somebody", WANTED, DAILY)
        made = self.mailing.invite(replace(invite, **changes))  # type: ignore[arg-type] # fields by their names
        assert made.invitation
        return self.book.link(CONFIRM, made.id, made.invitation.id)

    def reader(self, address: str = ADA, workspace: str = "local") -> str:
        """The token of the links in that reader's mails."""
        return self.book.link(READ, self.book.id_of(workspace, address))

    def wants(self, mailbox: Mailbox) -> list[Want]:
        return [one.want for one in self.stores.channels.subscriptions(mailbox.destination)]

    def is_planned(self, mailbox: Mailbox) -> bool:
        return self.stores.server.call("ZSCORE", keys.DUE, str(mailbox.destination)) is not None


@pytest.fixture
def office(stores: Stores) -> Office:
    return Office(stores)


def test_an_invitation_subscribes_nobody_until_it_is_confirmed(office: Office) -> None:
    token = office.invite()
    mailbox, invitation = office.mailing.answering(token)
    assert (mailbox.state, office.wants(mailbox), office.is_planned(mailbox)) == ("new", [], False)
    (record,) = office.stores.outbox.history(mailbox.destination)
    assert (record.delivery.id, record.delivery.kind) == (invitation.id, "notice")
    confirmed = office.mailing.confirm(token)
    assert confirmed.state == "confirmed"
    assert office.wants(confirmed) == [one.want for one in WANTED]
    channel = office.stores.channels.channel(confirmed.destination)
    assert (channel.schedule, channel.preferences.quiet) == (DAILY, False)
    assert office.is_planned(confirmed)


@pytest.mark.parametrize("spoil", ["", "x", "0" * 46, "é" * 46, "A" * 24, "%00" * 8])
def test_no_other_token_opens_anything(office: Office, spoil: str) -> None:
    good, reading = office.invite(), office.reader()
    for token in (spoil, good[:-1], good + "A", good[:24] + reading[24:], reading[:-1]):
        with pytest.raises(NotFoundError):
            office.mailing.confirm(token)
    for token in (spoil, good, reading[:-1], "a" * 24 + reading[24:]):
        with pytest.raises(NotFoundError):
            office.mailing.leave(token)


def test_who_refuses_is_not_invited_again_from_anywhere(office: Office) -> None:
    refused = office.mailing.refuse(office.invite())
    assert refused.state == "refused"
    for workspace in ("local", "slack-T1"):
        with pytest.raises(NotAllowedError):
            office.invite(workspace=workspace)
    with pytest.raises(NotAllowedError):
        office.invite(ADA.upper())
    office.mailing.confirm(office.invite(again=True))
    office.now += timedelta(days=2)
    office.invite()  # who confirms by themselves may be invited to more


def test_who_leaves_is_mailed_nothing_until_they_come_back(office: Office) -> None:
    office.mailing.confirm(office.invite())
    for _ in range(2):  # a mail program may press twice
        left = office.mailing.leave(office.reader())
        assert (left.state, office.wants(left), office.is_planned(left)) == ("left", [], False)
    assert office.stores.outbox.suspended(left.destination)
    with pytest.raises(NotAllowedError):
        office.invite()
    office.now += timedelta(days=30)
    back = office.mailing.come_back(office.reader())
    assert (back.state, office.wants(back)) == ("confirmed", [one.want for one in WANTED])
    assert office.is_planned(back)
    assert office.stores.outbox.suspended(back.destination) is None


def test_what_is_removed_leaves_no_address_and_is_not_invited_by_chance(office: Office) -> None:
    office.mailing.confirm(office.invite())
    (gone,) = office.mailing.remove(ADA)
    assert (gone.address, gone.kept) == ("", ())
    assert ADA not in str(kept(office.stores.server))
    assert office.mailing.come_back(office.reader()).state == "left"  # nobody knows to whom
    with pytest.raises(NotAllowedError):
        office.invite()
    office.mailing.confirm(office.invite(again=True))
    with pytest.raises(NotFoundError):
        office.mailing.remove("nobody@example.org")


def test_an_address_is_removed_wherever_it_was_invited_from(office: Office) -> None:
    office.mailing.confirm(office.invite())
    offered = office.invite(workspace="slack-T1")
    bob = office.mailing.confirm(office.invite("bob@example.org"))
    office.mailing.remove(ADA, "slack-T1")
    assert sorted(one.address for one in office.book.all()) == ["", ADA, "bob@example.org"]
    assert len(office.mailing.remove(ADA)) == 2
    assert ADA not in str(kept(office.stores.server))
    assert [one for one in office.book.all() if one.address] == [bob]
    with pytest.raises(NotFoundError):
        office.mailing.confirm(offered)
    with pytest.raises(NotAllowedError):
        office.invite(workspace="slack-T1")


def test_who_never_answered_is_forgotten(office: Office) -> None:
    office.invite()
    office.mailing.confirm(office.invite("bob@example.org"))
    office.invite("bob@example.org")
    assert office.mailing.forget_unanswered() == 0
    office.now += timedelta(days=3, seconds=1)
    fresh = office.invite("eve@example.org")
    assert office.mailing.forget_unanswered() == 2
    assert sorted(one.address for one in office.book.all()) == ["", "bob@example.org", "eve@example.org"]
    assert ADA not in str(kept(office.stores.server))
    assert office.mailing.confirm(fresh).state == "confirmed"
    office.invite()  # and may be invited again


def test_workspaces_know_nothing_of_each_other(office: Office) -> None:
    ours = office.mailing.confirm(office.invite())
    theirs = office.mailing.confirm(office.invite(workspace="slack-T1"))
    assert ours.destination != theirs.destination
    assert office.reader() != office.reader(workspace="slack-T1")
    office.mailing.leave(office.reader())
    assert office.wants(theirs) == [one.want for one in WANTED]
    assert office.stores.outbox.suspended(theirs.destination) is None


def test_nobody_is_flooded_with_invitations(office: Office) -> None:
    office.mailing = office.counted
    for _ in range(2):
        office.invite()
    with pytest.raises(QuotaError):
        office.invite(workspace="slack-T1")
    for number in range(10):
        office.invite(f"reader{number}@example.org", asker="slack:T1:U1")
    with pytest.raises(QuotaError):
        office.invite("one-more@example.org", asker="slack:T1:U1")
    office.invite("one-more@example.org", asker="slack:T1:U2")


def test_a_channel_offers_what_it_is_subscribed_to_just_then(office: Office) -> None:
    ada = Asker(Destination("slack", "T1", "C1"), "U1")
    with pytest.raises(UsageError, match="no subscriptions"):
        office.mailing.offer(ada, ADA)
    office.stores.channels.add(subscription(query="robots", destination=ada.destination, created_by="U1"))
    zoned = Schedule("instant", zone="Asia/Tokyo")
    office.stores.channels.set_channel(Channel(ada.destination, zoned), None, NOW)
    invited = office.mailing.offer(ada, ADA)
    assert invited == Invited("a…@example.org", 1, Schedule("daily", "08:00", "Asia/Tokyo"))
    office.stores.channels.add(subscription(query="later", destination=ada.destination))
    mailbox = office.book.get(office.book.id_of("slack-T1", ADA))
    assert mailbox
    assert mailbox.invitation
    confirmed = office.mailing.confirm(office.book.link(CONFIRM, mailbox.id, mailbox.invitation.id))
    (kept_,) = office.stores.channels.subscriptions(confirmed.destination)
    assert (kept_.want.query, kept_.created_by) == ("robots", "")  # nobody is told of its suspension elsewhere
    assert len(office.stores.channels.subscriptions(ada.destination)) == 2


def test_more_is_offered_to_who_is_mailed_already_and_changes_nothing_by_itself(office: Office) -> None:
    office.mailing.confirm(office.invite())
    more = (subscription(query="robots"),)
    token = office.invite(wanted=more, schedule=Schedule("daily", "20:00", "UTC"))
    mailbox, _ = office.mailing.answering(token)
    assert (mailbox.state, len(office.wants(mailbox))) == ("confirmed", 2)
    assert office.mailing.refuse(token).state == "confirmed"
    office.now += timedelta(days=2)
    office.mailing.confirm(office.invite(wanted=more, again=True))
    assert len(office.wants(mailbox)) == 3


def test_confirming_may_be_broken_off_and_done_again(office: Office) -> None:
    token = office.invite()
    mailbox, invitation = office.mailing.answering(token)
    office.mailing._subscribe(mailbox, invitation.wanted)  # and then the process died
    assert office.mailing.confirm(token).state == "confirmed"
    assert len(office.wants(mailbox)) == 2


def test_mail_that_came_back_is_told_to_whoever_invites_again(office: Office) -> None:
    confirmed = office.mailing.confirm(office.invite())
    office.stores.outbox.suspend(confirmed.destination, "550 5.1.1 no such user", "a claim")
    with pytest.raises(NotAllowedError, match="no such user"):
        office.invite()
    office.invite(again=True)
    assert office.stores.outbox.suspended(confirmed.destination) is None


@pytest.mark.parametrize(
    "wrong", ["", "ada", "ada@", "@example.org", "a b@example.org", "ada@example", "ada@example.org\r\nBcc: all@x.org"]
)
def test_what_is_no_address_is_refused_and_nothing_is_kept(office: Office, wrong: str) -> None:
    before = kept(office.stores.server)
    with pytest.raises(UsageError):
        office.invite(wrong)
    assert kept(office.stores.server) == before


def test_an_address_is_in_no_key_and_sealed_where_there_is_a_key(office: Office) -> None:
    office.mailing.confirm(office.invite())
    everything = str(kept(office.stores.server))
    assert ADA in everything  # in the one record, as there is no key
    assert not any("example" in key for key in office.stores.server.call("KEYS", "*"))
    name = office.book.id_of("local", ADA)
    ring = Keyring.parse(b64encode(os.urandom(32)).decode())
    sealed = MailboxStore(Vault(office.stores.server, Envelope(ring)))
    assert [one.address for one in sealed.all()] == [ADA]  # read once, it is sealed
    assert sealed.id_of("local", ADA) == name
    assert ADA not in str(kept(office.stores.server))
    with pytest.raises(StoreError):
        office.book.get(name)  # without the key


def test_what_is_shown_of_an_address_is_not_enough_to_write_to_it() -> None:
    assert masked("ada.lovelace@example.org") == "a…@example.org"


def test_a_mail_that_may_be_lost_is_sent_again_by_its_reader_alone(office: Office) -> None:
    ada = office.mailing.confirm(office.invite())
    office.mailing.confirm(office.invite("bob@example.org"))
    lost = delivery(1, "2603.00001", where=ada.destination, due=office.now)
    office.stores.outbox.put([lost], office.now)
    office.stores.server.call("HSET", keys.delivery(ada.destination, lost.id), "state", "parked")
    assert [one.id for one in office.mailing.missed(ada)] == [lost.id]
    assert not office.mailing.send_again(office.reader("bob@example.org"), lost.id)
    assert office.mailing.send_again(office.reader(), lost.id)
    assert not office.mailing.send_again(office.reader(), lost.id)
