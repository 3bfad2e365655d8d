"""The feeds that a web page names."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.sources.discovery import MOST, is_page, links

RSS = '<link rel="alternate" type="application/rss+xml" href="/feed" title="Posts">'


def test_a_link_of_the_head_is_found_with_its_name() -> None:
    assert links(f"<!doctype html><head>{RSS}".encode()) == ("", [("/feed", "Posts")])


@pytest.mark.parametrize(
    "link",
    [
        '<LINK REL="Alternate nofollow" TYPE="application/atom+xml; charset=utf-8" HREF="/feed">',
        "<link href=/feed type=application/rdf+xml rel=alternate />",
    ],
)
def test_however_it_is_spelt(link: str) -> None:
    assert links(link.encode())[1] == [("/feed", "")]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="stylesheet" type="application/rss+xml" href="/feed">',
        '<link rel="alternate" type="text/html" hreflang="de" href="/de">',
        '<link rel="alternate" type="application/feed+json" href="/feed.json">',
        '<link rel="alternate" type="application/rss+xml">',
        f"<!-- {RSS} -->",
        f"<script>'{RSS}'</script>",
    ],
)
def test_what_is_no_feed_that_can_be_read_is_not_found(link: str) -> None:
    assert links(link.encode())[1] == []


def test_the_first_base_counts_and_no_feed_twice() -> None:
    assert links(f'<base href="https://x.org/"><base href="/y">{RSS * 3}'.encode()) == (
        "https://x.org/",
        [("/feed", "Posts")],
    )


def test_of_a_million_only_some_are_looked_at() -> None:
    page = "".join(RSS.replace("/feed", f"/feed/{number}") for number in range(10_000)).encode()
    assert len(links(page)[1]) == MOST


@pytest.mark.parametrize("piece", [b"<!--", b"<a ", b"<![CDATA[", b"&#x", b"<link a=b ", b"</", b"<script>", b"\xff"])
def test_five_hostile_megabytes_take_no_time(piece: bytes) -> None:
    begun = time.process_time()
    links((piece * (5 * 1024 * 1024 // len(piece)))[: 5 * 1024 * 1024])
    assert time.process_time() - begun < 4.0, "and the child that this runs in is killed after five seconds"


@given(st.binary())
def test_any_bytes_are_read(body: bytes) -> None:
    base, found = links(body)
    assert isinstance(base, str)
    assert len(found) <= MOST


@pytest.mark.parametrize(
    ("body", "page"),
    [(b"\xef\xbb\xbf \n<!DOCTYPE HTML>", True), (b"<html lang=de>", True), (b"<?xml version='1.0'?><rss>", False)],
)
def test_a_page_says_so_at_its_beginning(body: bytes, page: object) -> None:
    assert is_page(body) is page
