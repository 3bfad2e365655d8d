"""Channels' private feeds in a real Valkey."""

from __future__ import annotations

import pytest

from papers.model import Destination
from papers.stores import keys
from papers.wiring import Stores
from tests.builders import GENERAL
from tests.conftest import NOW

OTHER = Destination("slack", "T1", "C1")


def test_a_feed_is_found_by_its_newest_secret_only(stores: Stores) -> None:
    first, other = stores.outlets.renew(GENERAL, NOW), stores.outlets.renew(OTHER, NOW)
    second = stores.outlets.renew(GENERAL, NOW)
    assert stores.outlets.find(first.secret) is None
    assert stores.outlets.find(second.secret) == (GENERAL, second)
    assert stores.outlets.find(other.secret) == (OTHER, other)
    assert len({first.secret, second.secret, other.secret}) == 3
    assert all(len(one.secret) == 43 for one in (first, second, other))  # 256 bits
    assert (first.seed, first.made) == (second.seed, second.made)
    assert second.seed != other.seed


def test_nothing_stays_of_a_secret_that_is_none_any_more(stores: Stores) -> None:
    for _ in range(3):
        stores.outlets.renew(GENERAL, NOW)
    assert stores.server.call("HLEN", keys.OUTLETS) == 1
    stores.outlets.close(GENERAL)
    stores.outlets.close(GENERAL)
    assert stores.outlets.get(GENERAL) is None
    assert stores.server.call("HLEN", keys.OUTLETS) == 0


@pytest.mark.parametrize("secret", ["", "x", "*", "\N{SNOWMAN}", "a" * 5_000])
def test_what_is_no_secret_finds_nothing(stores: Stores, secret: str) -> None:
    stores.outlets.renew(GENERAL, NOW)
    stores.outlets.close(OTHER)
    assert stores.outlets.find(secret) is None
