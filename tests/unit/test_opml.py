"""OPML: lists of feeds out of strangers' files, and back."""

from __future__ import annotations

import time
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.errors import UsageError
from papers.opml import MAX_BYTES, MAX_DEPTH, MAX_FEEDS, NAMESPACE, Outline, read, write
from papers.text import clean

EXPORTED = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Labs"><outline type="rss" text="Lab" title="The Lab" xmlUrl=" https://lab.org/feed.xml "/>
<outline text="deeper"><outline text="A &amp; B" xmlUrl="https://b.org/atom?a=1&amp;b=2"/></outline></outline>
<outline text="again" xmlUrl="https://lab.org/feed.xml"/><outline text="a note"/>
</body></opml>"""


def opml(inner: str) -> bytes:
    return f"<opml><body>{inner}</body></opml>".encode()


def test_feeds_are_found_in_every_folder_and_each_once() -> None:
    assert read(EXPORTED) == (
        Outline("https://lab.org/feed.xml", "The Lab"),
        Outline("https://b.org/atom?a=1&b=2", "A & B"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_encodings_that_xml_promises_are_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><opml><outline text="café" xmlUrl="https://x.org/"/></opml>'
    assert read(text.encode(encoding)) == (Outline("https://x.org/", "café"),)


LOL = b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'lol'>" + b"<!ENTITY b '&a;&a;&a;'>" + b"]><opml>&b;</opml>"
HOSTILE = {
    "entities": (LOL, "document type"),
    "external": (b"<!DOCTYPE o [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><opml><x>&x;</x></opml>", "document type"),
    "depth": (opml("<outline>" * (MAX_DEPTH + 1)), "deep"),
    "cut": (EXPORTED[:200], "well-formed"),
    "long": (b"<opml>" + b" " * MAX_BYTES, "longer than"),
    "many": (opml("".join(f'<outline xmlUrl="x:{n}"/>' for n in range(MAX_FEEDS + 1))), "more than 20,000"),
    "html": (b"<html></html>", "not opml"),
    "unknown charset": (b"<?xml version='1.0' encoding='x-no-such'?><opml/>", "well-formed"),
    "nul": (b"\x00" * 1000, "well-formed"),
    "empty": (b"", "well-formed"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason(name: str) -> None:
    body, reason = HOSTILE[name]
    with pytest.raises(UsageError, match=reason):
        read(body)


def test_five_megabytes_of_attributes_take_seconds_and_not_minutes() -> None:
    body = opml("<outline " + " ".join(f"a{number}=''" for number in range(400_000)) + "/>")
    begun = time.process_time()
    assert read(body[:MAX_BYTES]) == ()
    assert time.process_time() - begun < 5.0


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read(body)
    except UsageError:
        return


ADDRESSES = st.text(st.characters(codec="utf-8"), min_size=1).map(clean).filter(bool)


TEXTS = st.text(st.characters(codec="utf-8")).map(clean)


@given(st.lists(st.tuples(ADDRESSES, TEXTS, TEXTS), unique_by=lambda row: (row[0], row[2])))
def test_what_is_written_is_read_again(rows: list[tuple[str, str, str]]) -> None:
    outlines = [Outline(url, name[:200], words) for url, name, words in rows]
    assert read(write({"<all> & 'more'": outlines})) == tuple(outlines)


def test_what_is_written_is_opml_2_for_every_reader() -> None:
    written = fromstring(write({"mine": [Outline("https://lab.org/f", "The Lab", "diffusion")]}))  # noqa: S314 - ours
    (row,) = written.findall(".//outline[@xmlUrl]")
    assert (written.get("version"), row.get("type"), row.get("text"), row.get("title")) == (
        "2.0",
        "rss",
        *["The Lab"] * 2,
    )
    assert row.get(f"{{{NAMESPACE}}}words") == "diffusion"
