"""What RSS and Atom share: elements of the standard library's XML writer, and papers as HTML within them.

Nothing is put together from strings: whatever a title holds, the document is well-formed and the title is text.
"""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from papers import emphasis
from papers.answers.card import Card
from papers.model import Paper
from papers.text import clean
from papers.wording.authors import authors_text
from papers.wording.badges import badges, summary_label
from papers.wording.reasons import reason_parts

AUTHORS: Final = 100
"""Authors named of one paper: the largest collaborations sign with thousands."""

_NO_CHARACTERS: Final = dict.fromkeys((0xFFFE, 0xFFFF))
"""What `clean` leaves and XML cannot hold (https://www.w3.org/TR/xml/#charsets)."""


def text(value: str) -> str:
    """`value` on one line, without what XML cannot hold."""
    return clean(value).translate(_NO_CHARACTERS)


def child(parent: Element, tag: str, value: str = "", **attributes: str) -> Element:
    """A new element at the end of `parent`. Tags are spelt with the prefixes that the root declares."""
    made = SubElement(parent, tag, {name: text(one) for name, one in attributes.items()})
    made.text = text(value) or None
    return made


def document(root: Element) -> bytes:
    """As UTF-8, with its declaration."""
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def names(paper: Paper) -> tuple[str, ...]:
    """Who signed a paper; its lab, where nobody is named."""
    signed = paper.authors[:AUTHORS] or ((paper.organization,) if paper.organization else ())
    return tuple(name for name in map(text, signed) if name)


def categories(paper: Paper) -> tuple[str, ...]:
    """A paper's categories that can be shown."""
    return tuple(name for name in map(text, paper.categories) if name)


def short(card: Card) -> str:
    """Why a paper came and what it found, as HTML."""
    return _html(_body(card, whole=False))


def whole(card: Card) -> str:
    """The same with who signed it, and its abstract."""
    return _html(_body(card, whole=True))


def _body(card: Card, *, whole: bool) -> Element:
    body = Element("div")
    for reason in card.reasons:
        line = SubElement(body, "p")
        for words, is_emphasised in reason_parts(reason):
            SubElement(line, "strong" if is_emphasised else "span").text = _kept(words)
    known_by = (authors_text(card.paper), *badges(card.paper)) if whole else ()
    body.extend(_summary(card))
    for line_of in (summary_label(card), " · ".join(filter(None, known_by)), card.paper.abstract if whole else ""):
        if text(line_of):
            child(body, "p", line_of)
    return body


def _summary(card: Card) -> list[Element]:
    """What it found, the words that were asked for emphasised."""
    if not (said := text(card.summary)):
        return []
    line = Element("p")
    for words, is_emphasised in emphasis.parts(said, emphasis.sought(card.reasons)):
        SubElement(line, "strong" if is_emphasised else "span").text = words
    return [line]


def _kept(words: str) -> str:
    """A part of a sentence, whose spaces at both ends count."""
    return words.translate(_NO_CHARACTERS)


def _html(body: Element) -> str:
    return str(tostring(body, encoding="unicode", method="html"))
