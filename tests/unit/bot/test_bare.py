"""Addresses without `https://`: which words are taken for one, and what `subscribe` says then."""

from __future__ import annotations

import pytest

from bot.bare import completed
from bot.wants import read_want, spelt
from papers.errors import UsageError
from papers.model import Want


@pytest.mark.parametrize(
    ("word", "address"),
    [
        ("rss.arxiv.org/rss/cs.LG", "https://rss.arxiv.org/rss/cs.LG"),
        ("Lab.org/feed.xml", "https://Lab.org/feed.xml"),
        ("lab.org/", "https://lab.org/"),
        ("www.lab.org/feed.xml", "https://www.lab.org/feed.xml"),
        ("www.lab.org", "https://www.lab.org"),
        ("lab.org:443/feed.xml", "https://lab.org:443/feed.xml"),
        ("127.0.0.1:18798/feed1.xml", "http://127.0.0.1:18798/feed1.xml"),
        ("localhost:8000/feed.xml", "http://localhost:8000/feed.xml"),
    ],
)
def test_an_address_is_completed_by_its_scheme(word: str, address: str) -> None:
    assert completed(word) == address


@pytest.mark.parametrize(
    "word",
    [
        *("node.js", "node.js/deno", "text/image", "C++/CUDA", "and/or", "Llama-3.1", "Llama-3.1/3.2", "GPT-4o/4.1"),
        *(
            "cs.LG",
            "cs.LG/cs.CL",
            "2301.00001",
            "2301.00001v2",
            "hep-th/9901001",
            "math.GT/0309136",
            "math.gt/0309136v1",
        ),
        *(
            "cat:cs.LG",
            "title:node.js/deno",
            "ASP.NET/C#",
            "i.e./e.g.",
            "1/2",
            "3.5/4.0",
            "w.r.t.",
            "lab.org",
            "author:li/wu",
        ),
        *('"lab.org/feed.xml"', "-lab.org/feed.xml", "(lab.org/feed.xml", "ada@lab.org/x", "~3/day", "top:5"),
    ],
)
def test_words_are_no_addresses(word: str) -> None:
    assert completed(word) is None


@pytest.mark.parametrize("rest", ["", " title:agents", " about: tools ~1/day"])
def test_a_feed_without_its_scheme_is_asked_back_about_and_nothing_else_is_lost(rest: str) -> None:
    with pytest.raises(UsageError, match=r"“rss\.arxiv\.org/rss/cs\.LG” looks like a web address") as caught:
        read_want(f"rss.arxiv.org/rss/cs.LG{rest}", lambda better: f"/papers subscribe {better}")
    assert caught.value.suggestion == f"/papers subscribe https://rss.arxiv.org/rss/cs.LG{rest}"
    read_want(caught.value.suggestion.removeprefix("/papers subscribe "), str)


def test_in_quotes_it_is_looked_for_as_words() -> None:
    quoted = spelt("lab.org/feed.xml")
    assert read_want(quoted, str) == Want(query='"lab.org/feed.xml"')
