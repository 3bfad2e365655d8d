r"""Draws a Discord message as SVG from its components, about as Discord shows them. Pure: JSON in, a picture out.

It knows the components that posts are made of, and of markdown what Paperboy writes: headings, small print, **bold**,
[links](https://example.org) and \escapes. Thumbnails are placeholders, as a picture must not fetch others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from typeset import MARK, Page, Run, width

WIDTH: Final = 760
_LEFT: Final = 92
_RIGHT: Final = 44
_TOP: Final = 46
_THUMBNAIL: Final = 80
_FONT: Final = "'gg sans', 'Noto Sans', 'Helvetica Neue', Helvetica, 'Segoe UI', Arial, sans-serif"

_STYLE: Final = f"""
text {{ font-family: {_FONT}; fill: #dbdee1; }}
.bold, .name, .header {{ font-weight: 700; fill: #f2f3f5; }}
.small {{ fill: #a5a8b0; }}
.time {{ fill: #949ba4; }}
.link {{ fill: #4aa8ff; }}
.button {{ font-weight: 500; fill: #fff; }}
"""


def draw(name: str, time: str, payload: Mapping[str, Any]) -> str:
    """The message as a whole SVG document: its one container."""
    (container,) = payload["components"]
    page = Page(_LEFT, WIDTH - _LEFT - _RIGHT, 1.4, _TOP + 10)
    for component in container["components"]:
        _DRAWERS[component["type"]](page, component)
    bottom = page.y + 18
    size = f'viewBox="0 0 {WIDTH} {bottom + 20:.0f}" width="{WIDTH}" height="{bottom + 20:.0f}"'
    inside = f'x="72" y="{_TOP}" width="{WIDTH - 100}" height="{bottom - _TOP:.0f}" rx="8"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{_STYLE}</style>'
        f'<clipPath id="container"><rect {inside}/></clipPath>'
        f'<rect width="{WIDTH}" height="{bottom + 20:.0f}" rx="10" fill="#313338"/>{_sender(name, time)}'
        f'<rect {inside} fill="#2b2d31" stroke="#3f4147"/>'
        f'<rect x="72" y="{_TOP}" width="4" height="{bottom - _TOP:.0f}" fill="#{container["accent_color"]:06x}" '
        f'clip-path="url(#container)"/>{"".join(page.drawn)}</svg>\n'
    )


def _sender(name: str, time: str) -> str:
    at = 72 + width(name, "bold", 16) + 8
    return (
        f'<circle cx="40" cy="40" r="20" fill="#1f3a5f"/>{MARK}'
        f'<text class="name" x="72" y="34" font-size="16">{escape(name)}</text>'
        f'<rect x="{at:.0f}" y="21" width="30" height="16" rx="4" fill="#5865f2"/>'
        f'<text class="button" x="{at + 15:.0f}" y="33" font-size="10.5" text-anchor="middle">APP</text>'
        f'<text class="time" x="{at + 38:.0f}" y="34" font-size="12">{escape(time)}</text>'
    )


def _text(page: Page, component: Mapping[str, Any], narrower: float = 0) -> None:
    page.y += 4
    for line in component["content"].split("\n"):
        if line.startswith("### "):
            page.lines(_runs(line.removeprefix("### "), "header"), 18, narrower=narrower)
        elif line.startswith("-# "):
            page.lines(_runs(line.removeprefix("-# "), "small"), 13, narrower=narrower)
        else:
            page.lines(_runs(line, ""), 15.5, narrower=narrower)


def _section(page: Page, component: Mapping[str, Any]) -> None:
    top = page.y + 10
    for said in component["components"]:
        _text(page, said, _THUMBNAIL + 20)
    left = WIDTH - _RIGHT - _THUMBNAIL
    page.drawn.append(
        f'<g transform="translate({left} {top:.0f})"><title>{escape(component["accessory"]["description"])}</title>'
        f'<rect width="{_THUMBNAIL}" height="{_THUMBNAIL}" rx="8" fill="#3c4048"/>'
        '<path d="M16 27h48M16 37h48M16 47h30" stroke="#6d7888" stroke-width="4"/>'
        '<circle cx="58" cy="56" r="8" fill="#6d7888"/></g>'
    )
    page.y = max(page.y, top + _THUMBNAIL)


def _row(page: Page, component: Mapping[str, Any]) -> None:
    page.y += 12
    left: float = _LEFT
    for button in component["components"]:
        text = button["label"]
        wide = width(text, "", 14) + 32
        page.drawn.append(
            f'<rect x="{left:.1f}" y="{page.y:.1f}" width="{wide:.1f}" height="32" rx="8" fill="#4a4d55"/>'
            f'<text class="button" x="{left + wide / 2:.1f}" y="{page.y + 21:.1f}" font-size="14" '
            f'text-anchor="middle">{escape(text)}</text>'
        )
        left += wide + 8
    page.y += 38


_DRAWERS: Final = {1: _row, 9: _section, 10: _text}
"""By type (https://discord.com/developers/docs/components/reference#component-object-component-types)."""


def _runs(line: str, plain: str) -> Iterator[Run]:
    """The runs of a line: bold words and links among others, whose classes are `plain`."""
    for classes, signs in groupby(_signs(line, plain), itemgetter(1)):
        yield "".join(sign for sign, _ in signs), classes


def _signs(line: str, plain: str) -> Iterator[Run]:
    """Each sign that is shown, with its classes."""
    bold = link = ""
    place = 0
    while place < len(line):
        if line.startswith("**", place):
            bold = "" if bold else " bold"
            place += 2
        elif line[place] == "[":
            link = " link"
            place += 1
        elif line.startswith("](", place):
            link = ""
            place = line.index(")", place) + 1
        else:
            place += line[place] == "\\"
            yield line[place], f"{plain}{bold}{link}"
            place += 1
