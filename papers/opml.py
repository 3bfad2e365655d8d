"""OPML, the list of feeds that readers exchange: bytes to feeds, and back. Pure; nothing is fetched.

    <opml version="2.0" xmlns:paperboy="urn:paperboy:opml"><body>
    <outline type="rss" text="Lab" title="Lab" xmlUrl="https://lab.org/feed.xml" paperboy:words="diffusion -survey"/>
    </body></opml>

http://opml.org/spec2.opml, which wants attributes of one's own in a namespace; readers pass over them. Folders are
opened, for a channel has none. The file comes from strangers, so it is read by expat itself, as a stream: a document
type (with which every bomb of entities begins) ends the reading, depth and number are limited, and nothing but
`xmlUrl`, a name and our own attribute is looked at. What that says is not parsed here: words as a person types them
behind an address that is subscribed to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from papers.errors import UsageError
from papers.text import clean

MAX_BYTES = 5 * 1024 * 1024
"""Of a file: 20,000 feeds."""
MAX_DEPTH = 32
"""Of folders in folders."""
MAX_FEEDS = 20_000
NAME = 200
"""Characters kept of a feed's name."""
NAMESPACE = "urn:paperboy:opml"
PREFIX = "paperboy"
WORDS = f"{PREFIX}:words"
"""Our attribute, by the prefix that we write: files that never declare the prefixes they use are read as well."""
MAX_WORDS = 8_000
"""Characters of them, as of a command's line; longer ones are cut, and refused where they are read."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed as an OPML file names it; the address is as it stands there. `words`: what of it is wanted, "" for all."""

    url: str
    name: str = ""
    words: str = ""


class _Reader:
    def __init__(self) -> None:
        self.depth = 0
        self.is_opml = False
        self.found: dict[tuple[str, str], Outline] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.is_opml = self.is_opml or (tag.lower() == "opml" and self.depth == 0)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _refused(f"folders are more than {MAX_DEPTH} deep")
        url = attributes.get("xmlUrl", "").strip() if tag.lower() == "outline" else ""
        if not url:
            return
        name = clean(attributes.get("title") or attributes.get("text", ""))[:NAME]
        words = clean(attributes.get(WORDS, ""))[:MAX_WORDS]
        self.found.setdefault((url, words), Outline(url, name, words))
        if len(self.found) > MAX_FEEDS:
            raise _refused(f"it names more than {MAX_FEEDS:,} feeds")

    def end(self, tag: str) -> None:
        del tag
        self.depth -= 1

    def doctype(self, *_: object) -> None:
        raise _refused("it declares a document type, which no OPML needs")


def read(body: bytes) -> tuple[Outline, ...]:
    """The feeds of a file in order, each address once with the same words.

    Raises UsageError for what is no OPML, or too much of it.
    """
    if len(body) > MAX_BYTES:
        raise _refused(f"it is longer than {MAX_BYTES:,} bytes")
    reader, parser = _Reader(), expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _refused(f"it is not well-formed XML: {error}") from error
    if not reader.is_opml:
        raise _refused("its outermost element is not opml")
    return tuple(reader.found.values())


def write(folders: Mapping[str, Iterable[Outline]]) -> bytes:
    """Feeds by the folder that they are in, as a file that every reader takes."""
    rows = ['<?xml version="1.0" encoding="UTF-8"?>', f'<opml version="2.0" xmlns:{PREFIX}="{NAMESPACE}">']
    rows += ["<head><title>Paperboy</title></head>", "<body>"]
    for folder, outlines in folders.items():
        rows.append(f"<outline text={_quoted(folder)}>")
        rows += map(_row, outlines)
        rows.append("</outline>")
    return "\n".join([*rows, "</body>", "</opml>", ""]).encode("utf-8", "replace")


def _row(one: Outline) -> str:
    words = f" {WORDS}={_quoted(one.words)}" if one.words else ""
    name = _quoted(one.name)
    return f'  <outline type="rss" text={name} title={name} xmlUrl={_quoted(one.url)}{words}/>'


def _quoted(text: str) -> str:
    return quoteattr(clean(text))


def _refused(reason: str) -> UsageError:
    return UsageError(f"that is not an OPML file that can be read: {reason}", advice="export it anew from your reader")
