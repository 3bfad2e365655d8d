"""The terminal platform's memory: each delivery once, in the order it was posted."""

from __future__ import annotations

import pytest

from papers.model import Destination
from papers.stores.posts import Post, PostedItem
from papers.wiring import Stores
from tests.builders import GENERAL
from tests.conftest import NOW

RANDOM = Destination("terminal", "local", "random")
ITEM = PostedItem("2603.00001", "Attention on graphs", "matches attention", 3.0)


def post(delivery: str, text: str = "text", *items: PostedItem) -> Post:
    return Post(delivery, "general", "digest", NOW, text, items)


def test_posts_are_numbered_and_shown_in_their_order(stores: Stores) -> None:
    posts = [post("c"), post("a", "ünïcödé\nand lines", ITEM), post("b")]
    assert [stores.posts.put(GENERAL, one) for one in posts] == [1, 2, 3]
    assert stores.posts.all(GENERAL) == posts
    assert [stores.posts.number(GENERAL, one.delivery) for one in posts] == [1, 2, 3]


def test_a_delivery_posted_twice_is_one_post_with_its_first_number_and_text(stores: Stores) -> None:
    stores.posts.put(GENERAL, post("a", "first"))
    stores.posts.put(GENERAL, post("b"))
    assert stores.posts.put(GENERAL, post("a", "second")) == 1
    assert stores.posts.all(GENERAL) == [post("a", "first"), post("b")]


@pytest.mark.parametrize("where", [GENERAL, RANDOM])
def test_a_post_stands_in_its_own_channel_only(stores: Stores, where: Destination) -> None:
    stores.posts.put(where, post("a"))
    for channel in (GENERAL, RANDOM):
        assert len(stores.posts.all(channel)) == (channel == where)
        assert stores.posts.number(channel, "a") == (1 if channel == where else None)
