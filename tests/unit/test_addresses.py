"""Which addresses are written to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers import addresses
from papers.errors import UsageError


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" ada@example.org ", "ada@example.org"),
        ("Ada.Lovelace+papers@Example.ORG", "Ada.Lovelace+papers@example.org"),
        ("o'neil@mail.example.co.uk", "o'neil@mail.example.co.uk"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_spelling(typed: str, kept: str) -> None:
    assert addresses.checked(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "ada",
        "ada@localhost",
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        '"ada b"@example.org',
        "ada..b@example.org",
        ".ada@example.org",
        "ada@-example.org",
        "ada@exa_mple.org",
        "ada@example..org",
        "ädä@example.org",
        "ada@example.org, bob@example.org",
        "Ada <ada@example.org>",
        "ada@example.org\nBcc: bob@example.org",
        "ada\r\n@example.org",
        "a" * 65 + "@example.org",
        "ada@" + "a" * 64 + ".org",
        "ada@" + ".".join(["abcdefghi"] * 26),
    ],
)
def test_what_is_none_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        addresses.checked(typed)


@given(st.text(max_size=40) | st.from_regex(r"[a-z.]{1,9}@[a-zß.-]{1,20}", fullmatch=True))
def test_what_is_taken_is_one_harmless_word_and_is_taken_again(typed: str) -> None:
    try:
        kept = addresses.checked(typed)
    except UsageError:
        return
    assert kept.isascii()
    assert kept.isprintable()
    assert not set(kept) & set(' <>(),;:\\"[]')
    assert addresses.checked(kept) == kept
