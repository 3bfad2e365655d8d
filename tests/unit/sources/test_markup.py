"""Plain text out of HTML: `papers.sources.markup`."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.sources.markup import plain


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("a <b>bold</b> word", "a bold word"),
        ("<p>one</p><p>two</p>", "one two"),
        ("one<br/>two", "one two"),
        ("A &amp; B &lt;eos&gt; &#233;", "A & B <eos> é"),
        ("<script>alert(1)</script>text<style>p{}</style>", "text"),
        ("a<!-- hidden -->b", "ab"),
        ("$p<q$ bounds", "$p<q$ bounds"),
        ("$a < b$ and $c > d$", "$a < b$ and $c > d$"),
        ("the <eos> token", "the <eos> token"),
        ('<a href="javascript:alert(1)">link</a>', "link"),
        ("<img src=x onerror=alert(1)>", ""),
        ("unclosed <b", "unclosed <b"),
    ],
)
def test_tags_go_and_what_only_looks_like_one_stays(html: str, text: str) -> None:
    assert " ".join(plain(html).split()) == text


@given(st.text(alphabet="<>/!-&;#abp \"'=?"))
def test_any_text_is_survived(html: str) -> None:
    assert isinstance(plain(html), str)


@pytest.mark.parametrize("piece", ["<", "<a ", "<b>", "</", "<!--", "&", "<p a='"])
def test_the_time_for_a_field_of_hostile_markup_is_bounded(piece: str) -> None:
    html = (piece * 60_000)[:60_000]
    begun = time.perf_counter()
    plain(html)
    assert time.perf_counter() - begun < 2
