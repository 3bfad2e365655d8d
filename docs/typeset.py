"""Sets text into lines of an SVG, for pictures of chat messages. Pure; widths are near enough for a grotesque."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Final

# Widths in ems, of a grotesque such as Arial: enough to know where a line ends.
_NARROW: Final = dict.fromkeys("iljtfrI.,:;'|!()[] ", 0.3)
_WIDE: Final = dict.fromkeys("mwMW%@—…⬆★", 0.88)
_BOLD: Final = 1.06

MARK: Final = (
    '<rect x="29" y="28" width="22" height="24" rx="2" fill="#fff"/>'
    '<path d="M32 33h16M32 38h7M32 42h7M32 46h7" stroke="#1f3a5f" stroke-width="2"/>'
    '<rect x="42" y="37" width="6" height="10" fill="#9db4d0"/>'
)
"""Paperboy's mark, for a tile of 40 at (20, 20)."""

Run = tuple[str, str]
"""A piece of text and its CSS classes."""


@dataclass
class Page:
    """What was drawn so far, and how far down it reaches. `leading`: a line's height by its text's size."""

    left: float
    width: float
    leading: float
    y: float
    drawn: list[str] = field(default_factory=list)

    def lines(self, runs: Iterable[Run], size: float, *, narrower: float = 0) -> None:
        """Text that wraps."""
        for line in _wrapped(runs, size, self.width - narrower):
            self.y += size * self.leading
            spans = "".join(f'<tspan class="{classes}">{escape(text)}</tspan>' for text, classes in line)
            self.drawn.append(
                f'<text x="{self.left}" y="{self.y:.1f}" font-size="{size}" xml:space="preserve">{spans}</text>'
            )


def width(text: str, classes: str, size: float) -> float:
    """How wide a text is, about."""
    ems = sum(_NARROW.get(c) or _WIDE.get(c) or _other(c) for c in text)
    return ems * size * (_BOLD if "bold" in classes or "header" in classes else 1)


def _other(char: str) -> float:
    if not char.isascii():
        return 1.3 if ord(char) > 0xFFFF else 0.6  # noqa: PLR2004 - emoji lie beyond the first plane
    return 0.68 if char.isupper() else 0.54


def _wrapped(runs: Iterable[Run], size: float, room: float) -> Iterator[list[Run]]:
    """The runs in lines as wide as `room`, broken between words and at line breaks."""
    line: list[Run] = []
    used = 0.0
    for text, classes in runs:
        for number, row in enumerate(text.split("\n")):
            if number:
                yield line
                line, used = [], 0.0
            for word in _words(row):
                needed = width(word, classes, size)
                if used + needed > room and line:
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
