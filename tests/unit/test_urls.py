"""One spelling for each URL: `papers.urls`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.errors import SourceForbidden
from papers.urls import LONGEST, canonical_url, web_link


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("http://example.org:80/Feed.XML", "http://example.org/Feed.XML"),
        ("https://example.org:443/a?B=c#top", "https://example.org/a?B=c"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("  https://example.org/a/../b ", "https://example.org/b"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
    ],
)
def test_spellings_of_a_url_become_one(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "//example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "javascript:alert(1)",
        "data:text/xml,<rss/>",
        "http://",
        "http:///feed",
        "http://./",
        "https://user:secret@example.org/",
        "https://user@example.org/",
        "http://example.org\\@127.0.0.1/",
        "http://%31%32%37.0.0.1/",
        "http://exa mple.org/",
        "http://example.org:0/",
        "http://example.org:99999/",
        "http://example.org/\x00",
        "http://example.org/\ud800",
        "http://①②⑦.⓪.⓪.①/",
        "https://example.org/" + "a" * LONGEST,
    ],
)
def test_what_is_never_opened_is_refused_with_advice(url: str) -> None:
    with pytest.raises(SourceForbidden) as caught:
        canonical_url(url)
    assert caught.value.advice
    assert "secret" not in str(caught.value)


@given(st.text() | st.from_regex(r"https?://[^ ]{1,30}", fullmatch=True))
def test_any_text_is_canonical_once_and_for_all_or_refused(url: str) -> None:
    try:
        canonical = canonical_url(url)
    except SourceForbidden:
        return
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize("value", [None, 3, [], {}, "javascript:alert(1)", "https://a:b@example.org/", ""])
def test_only_a_web_address_is_a_link(value: object) -> None:
    assert web_link(value) == ""
    assert web_link("https://github.com/a/b") == "https://github.com/a/b"
