"""Plain text out of a feed's HTML. Standard library only, for it runs in the process that parses hostile feeds.

What only looks like a tag stays: titles say `$p<q$` and `<eos>` and mean it. It does not judge links or keep structure.
"""

from __future__ import annotations

from html.parser import HTMLParser

_BREAKING_TAGS = (
    "address article aside blockquote br caption center dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header "
    "hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
_INLINE_TAGS = (
    "a abbr acronym audio b bdi bdo big cite code data del details dfn em embed font i iframe img input ins kbd label "
    "link mark meta noscript object picture q s samp script small source span strike strong style sub sup svg time tt "
    "u var video wbr"
)
_BREAKING = frozenset(_BREAKING_TAGS.split())
_INLINE = frozenset(_INLINE_TAGS.split())
_SILENT = frozenset({"script", "style"})


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._tag(tag, self.get_starttag_text() or "")
        self._silent = tag in _SILENT

    def handle_endtag(self, tag: str) -> None:
        self._silent = False
        self._tag(tag, f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)

    def _tag(self, tag: str, text: str) -> None:
        if tag in _BREAKING:
            self.parts.append(" ")
        elif tag not in _INLINE:
            self.parts.append(text)


def plain(html: str) -> str:
    """The text of `html`, its character references resolved; scripts, styles, comments and known tags left out."""
    last = html.rfind(">") + 1
    text = _Text()
    text.feed(html[:last] + html[last:].replace("<", "&lt;"))  # what never closes is no tag
    text.close()
    return "".join(text.parts)
