"""A mail's HTML as a careful mail program reads it: words, links, and whatever is more than words. Strict on tags."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

BLOCKS: Final = frozenset({"p", "h1", "h2", "div", "li", "ul", "hr"})
KNOWN: Final = BLOCKS | {"html", "head", "meta", "title", "body", "a", "strong"}
VOID: Final = frozenset({"meta", "hr"})
ATTRIBUTES: Final = frozenset({"href", "style", "lang", "charset", "name", "content"})


@dataclass
class Read:
    """What is in a mail.

    Attributes:
        text: what is shown, a line a block; `before_rule` is that without the footer.
        links: (address) of every link, in order.
        strange: tags and attributes that this project's mails do not have, and tags that are not closed.
    """

    text: str = ""
    before_rule: str = ""
    links: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.read, self.lines, self.rule = Read(), [""], -1
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.read.strange += [tag] if tag not in KNOWN else []
        self.read.strange += [f"{tag} {name}" for name in given if name not in ATTRIBUTES]
        self.read.strange += ["style fetches"] if "url(" in (given.get("style") or "") else []
        if tag == "a":
            self.read.links.append(given.get("href") or "")
        if tag == "hr":
            self.rule = len(self.lines)
        if tag in BLOCKS:
            self.lines.append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.read.strange.append(f"/{tag}")
        if tag in BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if "title" not in self._open:
            self.lines[-1] += data


def read(html: str) -> Read:
    """Read it to its end."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.read.strange += [f"{tag} is not closed" for tag in reader._open]
    reader.read.text = _tidy(reader.lines)
    reader.read.before_rule = _tidy(reader.lines[: reader.rule] if reader.rule > 0 else reader.lines)
    return reader.read


def _tidy(lines: list[str]) -> str:
    return "\n".join(line.strip() for line in lines if line.strip())
