"""Draws a Slack message as SVG from its blocks, about as Slack shows them. Pure: JSON in, a picture out.

It knows the blocks that posts are made of. Thumbnails are placeholders, as a picture must not fetch others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape, unescape
from typing import Any, Final

from typeset import MARK, Page, Run, width

WIDTH: Final = 760
_LEFT: Final = 72
_RIGHT: Final = 28
_THUMBNAIL: Final = 72
_FONT: Final = "Lato, 'Helvetica Neue', Helvetica, 'Segoe UI', Arial, sans-serif"

_STYLE: Final = f"""
text {{ font-family: {_FONT}; fill: #1d1c1d; }}
.bold, .name, .header, .button {{ font-weight: 700; }}
.small, .time {{ fill: #616061; }}
.link {{ fill: #1264a3; }}
"""


def draw(name: str, time: str, blocks: Sequence[Mapping[str, Any]]) -> str:
    """The message as a whole SVG document."""
    page = Page(_LEFT, WIDTH - _LEFT - _RIGHT, 1.47, 40, [_sender(name, time)])  # Slack's lines are 22 of 15
    for block in blocks:
        _DRAWERS[block["type"]](page, block)
    height = page.y + 24
    size = f'viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}"'
    card = f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1:.0f}" rx="10" fill="#fff" stroke="#ddd"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{_STYLE}</style>{card}{"".join(page.drawn)}</svg>\n'


def _sender(name: str, time: str) -> str:
    at = _LEFT + width(name, "bold", 15) + 8
    return (
        '<rect x="20" y="20" width="40" height="40" rx="8" fill="#1f3a5f"/>'
        f"{MARK}"
        f'<text class="name" x="{_LEFT}" y="34" font-size="15">{escape(name)}</text>'
        f'<rect x="{at:.0f}" y="22" width="30" height="15" rx="3" fill="#ececec"/>'
        f'<text class="small bold" x="{at + 4:.0f}" y="33.5" font-size="10">APP</text>'
        f'<text class="time" x="{at + 38:.0f}" y="34" font-size="12">{escape(time)}</text>'
    )


def _header(page: Page, block: Mapping[str, Any]) -> None:
    page.y += 4
    page.lines([(block["text"]["text"], "header")], 18)
    page.y += 2


def _rich_text(page: Page, block: Mapping[str, Any]) -> None:
    page.lines([_rich(part) for section in block["elements"] for part in section["elements"]], 15)


def _rich(part: Mapping[str, Any]) -> Run:
    bold = "bold" if part.get("style", {}).get("bold") else ""
    return part["text"], f"{bold} link" if part["type"] == "link" else bold


def _section(page: Page, block: Mapping[str, Any]) -> None:
    picture, top = block.get("accessory"), page.y + 4
    for line in block["text"]["text"].split("\n"):
        page.lines(_mrkdwn(line, ""), 15, narrower=_THUMBNAIL + 24 if picture else 0)
    if picture:
        left = WIDTH - _RIGHT - _THUMBNAIL
        page.drawn.append(
            f'<g transform="translate({left} {top:.0f})"><title>{escape(picture["alt_text"])}</title>'
            f'<rect width="{_THUMBNAIL}" height="{_THUMBNAIL}" rx="6" fill="#e8eef5"/>'
            '<path d="M14 24h44M14 33h44M14 42h28" stroke="#a9bdd4" stroke-width="4"/>'
            '<circle cx="52" cy="50" r="8" fill="#a9bdd4"/></g>'
        )
        page.y = max(page.y, top + _THUMBNAIL)


def _context(page: Page, block: Mapping[str, Any]) -> None:
    page.y += 3
    for line in " ".join(element["text"] for element in block["elements"]).split("\n"):
        page.lines(_mrkdwn(line, "small"), 13)


def _actions(page: Page, block: Mapping[str, Any]) -> None:
    page.y += 10
    left: float = _LEFT
    for button in block["elements"]:
        text = button["text"]["text"]
        wide = width(text, "bold", 13) + 24
        page.drawn.append(
            f'<rect x="{left:.1f}" y="{page.y:.1f}" width="{wide:.1f}" height="28" rx="6" fill="#fff" stroke="#bbb"/>'
            f'<text class="button" x="{left + wide / 2:.1f}" y="{page.y + 18.5:.1f}" font-size="13" '
            f'text-anchor="middle">{escape(text)}</text>'
        )
        left += wide + 8
    page.y += 30


def _divider(page: Page, _: Mapping[str, Any]) -> None:
    page.y += 14
    page.drawn.append(f'<path d="M{_LEFT} {page.y:.1f}H{WIDTH - _RIGHT}" stroke="#ddd"/>')
    page.y += 4


_DRAWERS: Final = {
    "header": _header,
    "rich_text": _rich_text,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
}


def _mrkdwn(text: str, plain: str) -> Iterator[Run]:
    """The runs of a line: bold words and links among others, whose classes are `plain`."""
    for number, piece in enumerate(text.split("*")):
        classes = f"{plain} bold" if number % 2 else plain
        first, *links = piece.split("<")
        yield unescape(first), classes
        for link in links:
            target, _, after = link.partition(">")
            yield unescape(target.partition("|")[2]), f"{classes} link"
            yield unescape(after), classes
