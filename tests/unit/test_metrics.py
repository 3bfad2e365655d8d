"""What is counted has closed sets of labels, and counts what it says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from prometheus_client import REGISTRY

from bot.asks import Command
from bot.tally import MISTYPED, NAMES, name, tallied
from papers import metrics
from papers.errors import StoreUnavailable, UsageError
from papers.model import Delivery, DeliveryState, Destination, Heading, Platform
from tests.observed import Counted

LABELS = {"kind", "outcome", "novelty", "platform", "state", "vote", "command", "shard"}
NOW = datetime(2026, 3, 11, tzinfo=UTC)
HERE = Destination("slack", "T1", "C1")


def delivery(kind: Any = "digest") -> Delivery:
    return Delivery("0" * 24, HERE, kind, Heading(NOW.date(), 1), NOW)


def families() -> list[Any]:
    return [one for one in REGISTRY.collect() if one.name.startswith("paperboy_")]


def test_labels_are_of_closed_sets_and_no_other() -> None:
    metrics.answered("slack", "search", "answered", 0.1)
    used = {label for family in families() for one in family.samples for label in one.labels}
    assert used <= LABELS | {"le"}
    platforms = {one.labels["platform"] for family in families() for one in family.samples if "platform" in one.labels}
    assert platforms == set(get_args(Platform))


def test_every_state_of_a_delivery_is_told_from_the_beginning_as_none() -> None:
    for platform in get_args(Platform):
        for state in get_args(DeliveryState):
            labels = {"platform": platform, "state": state}
            assert REGISTRY.get_sample_value("paperboy_deliveries_total", labels) is not None


def test_an_edit_is_no_delivery_and_only_what_was_sent_was_late() -> None:
    sent = Counted("paperboy_deliveries_total", platform="slack", state="sent")
    dead = Counted("paperboy_deliveries_total", platform="slack", state="dead")
    edits = Counted("paperboy_edits_total", platform="slack", state="sent")
    late = Counted("paperboy_delivery_seconds_count", platform="slack")
    metrics.settled(delivery(), "sent", 2.0)
    metrics.settled(delivery(), "dead", 2.0)
    metrics.settled(delivery("edit"), "sent", 2.0)
    assert (sent.grew, dead.grew, edits.grew, late.grew) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(UsageError("no"), "refused"), (StoreUnavailable("away"), "failed"), (ValueError("broken"), "failed")],
)
def test_who_asked_wrongly_was_refused_and_what_is_our_fault_failed(error: Exception, outcome: str) -> None:
    counted = Counted("paperboy_commands_total", platform="slack", command="digest", outcome=outcome)
    with pytest.raises(type(error)), tallied("slack", "digest"):
        raise error
    assert counted.grew == 1


def test_a_verb_that_nobody_knows_makes_no_series_of_its_own() -> None:
    counted = Counted("paperboy_commands_total", platform="discord", command=MISTYPED, outcome="answered")
    with tallied("discord", "forged by a stranger"):
        pass
    assert counted.grew == 1


def test_every_command_has_a_name() -> None:
    assert {kind.__name__.lower() for kind in get_args(Command)} < NAMES

    def wrong() -> Command:
        raise UsageError("no")

    assert name(wrong) == MISTYPED
