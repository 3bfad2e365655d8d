"""Draws a Slack message as SVG from its blocks, about as Slack shows them. Pure: JSON in, a picture out.

It knows the blocks that posts are made of. Thumbnails are placeholders, as a picture must not fetch others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any, Final

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

# Widths in ems, of a grotesque such as Arial: enough to know where a line ends.
_NARROW: Final = dict.fromkeys("iljtfrI.,:;'|!()[] ", 0.3)
_WIDE: Final = dict.fromkeys("mwMW%@—…⬆★", 0.88)
_BOLD: Final = 1.06

Run = tuple[str, str]
"""A piece of text and its CSS classes."""


@dataclass
class _Page:
    """What was drawn so far, and how far down it reaches."""

    y: float
    drawn: list[str]

    def lines(self, runs: Iterable[Run], size: float, *, width: float = WIDTH - _LEFT - _RIGHT) -> None:
        """Text that wraps, in lines of 1.47 times its size, as Slack has them."""
        for line in _wrapped(runs, size, width):
            self.y += size * 1.47
            spans = "".join(f'<tspan class="{classes}">{escape(text)}</tspan>' for text, classes in line)
            self.drawn.append(
                f'<text x="{_LEFT}" y="{self.y:.1f}" font-size="{size}" xml:space="preserve">{spans}</text>'
            )


def draw(name: str, time: str, blocks: Sequence[Mapping[str, Any]]) -> str:
    """The message as a whole SVG document."""
    page = _Page(40, [_sender(name, time)])
    for block in blocks:
        _DRAWERS[block["type"]](page, block)
    height = page.y + 24
    size = f'viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}"'
    card = f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1:.0f}" rx="10" fill="#fff" stroke="#ddd"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{_STYLE}</style>{card}{"".join(page.drawn)}</svg>\n'


def _sender(name: str, time: str) -> str:
    at = _LEFT + _width(name, "bold", 15) + 8
    return (
        '<rect x="20" y="20" width="40" height="40" rx="8" fill="#1f3a5f"/>'
        '<rect x="29" y="28" width="22" height="24" rx="2" fill="#fff"/>'
        '<path d="M32 33h16M32 38h7M32 42h7M32 46h7" stroke="#1f3a5f" stroke-width="2"/>'
        '<rect x="42" y="37" width="6" height="10" fill="#9db4d0"/>'
        f'<text class="name" x="{_LEFT}" y="34" font-size="15">{escape(name)}</text>'
        f'<rect x="{at:.0f}" y="22" width="30" height="15" rx="3" fill="#ececec"/>'
        f'<text class="small bold" x="{at + 4:.0f}" y="33.5" font-size="10">APP</text>'
        f'<text class="time" x="{at + 38:.0f}" y="34" font-size="12">{escape(time)}</text>'
    )


def _header(page: _Page, block: Mapping[str, Any]) -> None:
    page.y += 4
    page.lines([(block["text"]["text"], "header")], 18)
    page.y += 2


def _rich_text(page: _Page, block: Mapping[str, Any]) -> None:
    page.lines([_rich(part) for section in block["elements"] for part in section["elements"]], 15)


def _rich(part: Mapping[str, Any]) -> Run:
    bold = "bold" if part.get("style", {}).get("bold") else ""
    return part["text"], f"{bold} link" if part["type"] == "link" else bold


def _section(page: _Page, block: Mapping[str, Any]) -> None:
    picture, top = block.get("accessory"), page.y + 4
    for line in block["text"]["text"].split("\n"):
        page.lines(_mrkdwn(line, ""), 15, width=WIDTH - _LEFT - _RIGHT - (_THUMBNAIL + 24 if picture else 0))
    if picture:
        left = WIDTH - _RIGHT - _THUMBNAIL
        page.drawn.append(
            f'<g transform="translate({left} {top:.0f})"><title>{escape(picture["alt_text"])}</title>'
            f'<rect width="{_THUMBNAIL}" height="{_THUMBNAIL}" rx="6" fill="#e8eef5"/>'
            '<path d="M14 24h44M14 33h44M14 42h28" stroke="#a9bdd4" stroke-width="4"/>'
            '<circle cx="52" cy="50" r="8" fill="#a9bdd4"/></g>'
        )
        page.y = max(page.y, top + _THUMBNAIL)


def _context(page: _Page, block: Mapping[str, Any]) -> None:
    page.y += 3
    for line in " ".join(element["text"] for element in block["elements"]).split("\n"):
        page.lines(_mrkdwn(line, "small"), 13)


def _actions(page: _Page, block: Mapping[str, Any]) -> None:
    page.y += 10
    left: float = _LEFT
    for button in block["elements"]:
        text = button["text"]["text"]
        width = _width(text, "bold", 13) + 24
        page.drawn.append(
            f'<rect x="{left:.1f}" y="{page.y:.1f}" width="{width:.1f}" height="28" rx="6" fill="#fff" stroke="#bbb"/>'
            f'<text class="button" x="{left + width / 2:.1f}" y="{page.y + 18.5:.1f}" font-size="13" '
            f'text-anchor="middle">{escape(text)}</text>'
        )
        left += width + 8
    page.y += 30


def _divider(page: _Page, _: Mapping[str, Any]) -> None:
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


def _wrapped(runs: Iterable[Run], size: float, width: float) -> Iterator[list[Run]]:
    """The runs in lines of at most `width`, broken between words and at line breaks."""
    line: list[Run] = []
    used = 0.0
    for text, classes in runs:
        for number, row in enumerate(text.split("\n")):
            if number:
                yield line
                line, used = [], 0.0
            for word in _words(row):
                needed = _width(word, classes, size)
                if used + needed > width and line:
                    yield line
                    line, used = [], 0.0
                line.append((word, classes))
                used += needed
    yield line


def _words(row: str) -> Iterator[str]:
    """Words with the space that follows them."""
    *before, last = row.split(" ")
    yield from (f"{word} " for word in before)
    if last:
        yield last


def _width(text: str, classes: str, size: float) -> float:
    ems = sum(_NARROW.get(c) or _WIDE.get(c) or _other(c) for c in text)
    return ems * size * (_BOLD if "bold" in classes or "header" in classes else 1)


def _other(char: str) -> float:
    if not char.isascii():
        return 1.3 if ord(char) > 0xFFFF else 0.6  # noqa: PLR2004 - emoji lie beyond the first plane
    return 0.68 if char.isupper() else 0.54
