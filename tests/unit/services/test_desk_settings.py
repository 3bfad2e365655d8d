"""The desk: a channel's preferences, its votes, what it may send again, and the audit log of all that changed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from papers.errors import NotFoundError, UsageError
from papers.model import Asker, Delivery, Destination, Preferences, Schedule, Want
from papers.services.desk import Desk
from papers.stores.outbox import Verdict
from papers.wiring import Core
from tests.builders import ELSEWHERE, GENERAL, crowd, paper, subscribe
from tests.conftest import NOW
from tests.integration.outboxes import LEASE, claimed, delivery, put, replies
from tests.unit.services.conftest import Shelf, everything

GRASPING = crowd(140)[2]


def test_settings_are_shown_and_changed_by_name(desk: Desk, asker: Asker) -> None:
    assert desk.settings(asker, {}).preferences == Preferences()
    answer = desk.settings(asker, {"format": "full", "language": "pt-br"})
    assert (answer.preferences, answer.changed) == (Preferences(format="full", language="pt_BR"), True)
    assert desk.settings(asker, {"quiet": "off"}).preferences == Preferences("full", language="pt_BR", quiet=False)
    assert not desk.settings(asker, {}).changed
    assert desk.settings(ELSEWHERE, {}).preferences == Preferences()


def test_what_is_so_already_is_said_to_be_and_neither_stored_nor_audited(desk: Desk, asker: Asker, core: Core) -> None:
    assert not desk.pause(asker, paused=True).already
    assert not desk.settings(asker, {"language": "de"}).already
    before = everything(core.stores.server)
    with capture_logs() as logs:
        assert desk.pause(asker, paused=True).already
        answer = desk.settings(asker, {"language": "de", "quiet": "on"})
    assert (answer.already, answer.changed, answer.preferences.language) == (True, False, "de")
    assert logs == []
    assert everything(core.stores.server) == before
    assert desk.settings(asker, {"language": "de", "quiet": "off"}).changed
    assert [desk.pause(asker, paused=False).already for _ in range(2)] == [False, True]
    assert not desk.settings(asker, {}).already


def test_of_settings_of_which_one_is_wrong_none_is_changed(desk: Desk, asker: Asker, core: Core) -> None:
    before = everything(core.stores.server)
    with pytest.raises(UsageError, match="format"):
        desk.settings(asker, {"quiet": "off", "format": "enormous"})
    assert everything(core.stores.server) == before


def test_settings_do_not_put_off_a_post_that_is_due(desk: Desk, asker: Asker, core: Core) -> None:
    due = desk.set_schedule(asker, Schedule("daily", "09:00", "UTC")).next_post
    assert due is not None
    late = replace(desk, clock=lambda: due + timedelta(seconds=5))
    late.settings(asker, {"format": "full"})
    assert core.stores.inbox.next_slot(GENERAL) == due


def test_a_vote_is_the_users_own_and_the_list_counts_them(desk: Desk, asker: Asker) -> None:
    grace = replace(asker, user="grace")
    voted = desk.vote(asker, f"https://arxiv.org/abs/{GRASPING.id}v2", 1)
    assert (voted.paper.id, voted.vote, voted.up, voted.down) == (GRASPING.id, 1, 1, 0)
    assert desk.vote(grace, GRASPING.id, -1).down == 1
    assert (desk.listing(asker).up, desk.listing(asker).down) == (1, 1)
    assert desk.vote(asker, GRASPING.id, 1).vote == 0
    assert desk.listing(asker).up == 0


def test_a_vote_for_a_paper_that_was_never_polled_is_refused(desk: Desk, asker: Asker) -> None:
    with pytest.raises(NotFoundError, match=r"2601\.99999"):
        desk.vote(asker, "2601.99999", 1)


def test_similar_takes_an_id_a_link_or_a_text(desk: Desk) -> None:
    by_id = desk.similar(GRASPING.id, page=1)
    assert by_id == desk.similar(f"https://arxiv.org/abs/{GRASPING.id}", page=1)
    assert (by_id.query, by_id.like) == ("", GRASPING.title)
    assert GRASPING.id not in {card.paper.id for card in by_id.cards}
    assert all("Grasping" in card.paper.title for card in desk.similar("robots that grasp", page=1).cards)
    with pytest.raises(NotFoundError):
        desk.similar("2601.99999", page=1)
    with pytest.raises(NotFoundError):
        desk.similar("https://example.org/nothing", page=1)


def test_a_card_is_that_of_a_paper_that_was_polled(desk: Desk) -> None:
    found = desk.card(f"https://huggingface.co/papers/{GRASPING.id}")
    assert found is not None
    assert (found.paper.id, found.reasons) == (GRASPING.id, ())
    assert desk.card("https://example.org/nothing") is None


def test_an_overview_has_the_channels_that_subscribed_to_something(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want("robots"))
    desk.set_schedule(ELSEWHERE, Schedule("daily"))
    (only,) = desk.overview([ELSEWHERE.destination, GENERAL, Destination("slack", "T9", "C9")])
    assert (only.destination, only.listing) == (GENERAL, desk.listing(asker))


def park(core: Core, *deliveries: Delivery) -> None:
    put(core.stores, *deliveries)
    for _ in deliveries:
        if core.stores.outbox.ready("terminal"):
            core.stores.outbox.settle(claimed(core.stores), Verdict("parked", detail="possibly sent"))
            core.stores.outbox.claim(GENERAL, LEASE)


def states(core: Core) -> Sequence[str]:
    return [record.state for record in reversed(core.stores.outbox.history(GENERAL))]


def named(identity: str) -> Delivery:
    return replace(delivery(1), id=identity)


def test_what_was_possibly_sent_goes_out_again_by_the_beginning_of_its_id(desk: Desk, asker: Asker, core: Core) -> None:
    park(core, named("abcdef" + "0" * 18))
    assert desk.resend(asker, "ABCDEF").delivery == "abcdef" + "0" * 18
    assert states(core) == ["pending"]
    with pytest.raises(NotFoundError):
        desk.resend(asker, "abcdef")


def test_a_reply_goes_out_again_with_its_headline(desk: Desk, asker: Asker, core: Core) -> None:
    head = delivery(1)
    (reply,) = replies(head, 1)
    put(core.stores, head, reply)
    core.stores.outbox.settle(claimed(core.stores), Verdict("parked"))
    core.stores.outbox.claim(GENERAL, LEASE)
    assert desk.resend(asker, reply.id).delivery == head.id
    assert states(core) == ["pending", "pending"]


def test_an_id_that_is_ambiguous_too_short_or_nobodys_is_refused(desk: Desk, asker: Asker, core: Core) -> None:
    one, other = named("abcdef1" + "0" * 17), named("abcdef2" + "0" * 17)
    for each in (one, other):
        put(core.stores, each)
        core.stores.outbox.settle(claimed(core.stores), Verdict("parked"))
    for delivery_id, error in (("abcdef", UsageError), ("abc", UsageError), ("fedcba", NotFoundError)):
        with pytest.raises(error) as caught:
            desk.resend(asker, delivery_id)
        assert caught.value.advice
    with pytest.raises(NotFoundError):
        desk.resend(ELSEWHERE, "abcdef1")
    assert desk.resend(asker, "abcdef2").delivery == other.id
    assert states(core) == ["parked", "pending"]


def test_every_change_is_in_the_audit_log_with_who_and_where_and_nothing_that_was_typed(
    desk: Desk, asker: Asker, core: Core, shelf: Shelf
) -> None:
    feed = "https://lab.example/feed?key=secret"
    shelf.feeds[feed] = [paper(1)]
    park(core, named("abcdef" + "0" * 18))
    with capture_logs() as logs:
        subscribe(desk, asker, Want(feed=feed))
        desk.save(asker, desk.draft(asker, Want(topic="secret plans"), replaces=1))
        desk.unsubscribe(asker, 1)
        desk.set_schedule(asker, Schedule("daily", "09:00"))
        desk.settings(asker, {"quiet": "off"})
        desk.settings(asker, {})
        desk.pause(asker, paused=True)
        desk.pause(asker, paused=False)
        desk.resend(asker, "abcdef")
        desk.vote(asker, GRASPING.id, 1)
    audited = [line for line in logs if line["event"] == "audit"]
    whats = ["subscribed", "changed", "unsubscribed", "schedule", "settings", "paused", "resumed", "resent"]
    assert [line["what"] for line in audited] == whats
    assert {(line["channel"], line["user"]) for line in audited} == {(str(GENERAL), "ada")}
    assert "secret" not in str(logs)


def test_what_was_refused_is_not_in_the_audit_log(desk: Desk, asker: Asker) -> None:
    subscribe(desk, asker, Want("robots"))
    draft = desk.draft(asker, Want("graph"))
    later = replace(desk, clock=lambda: NOW + timedelta(hours=1))
    desk.save(asker, draft)
    with capture_logs() as logs:
        for refused in (
            lambda: later.save(asker, draft),
            lambda: desk.unsubscribe(asker, 9),
            lambda: desk.settings(asker, {"quiet": "maybe"}),
            lambda: desk.resend(asker, "abcdef"),
        ):
            with pytest.raises((UsageError, NotFoundError)):
                refused()
    assert logs == []
