r"""Discord's markdown: what of other people's text may stand in it.

A backslash takes the meaning from any sign that follows it
(https://support.discord.com/hc/en-us/articles/210298617), so what is escaped is shown as it was written, and can be
copied. Escaped is everything that begins something: emphasis, code, spoilers, masked links, mentions of people, roles,
channels and commands, times, emoji; of a bare address the colon, without which it is none; at a line's beginning, what
makes a quote, a heading, small print or a list of it.

Two places obey no backslash, and get signs that look the same: code, which a grave accent would end, and the text of a
link. Discord takes a link for `[`, balanced brackets, `](`, whether they are escaped or not. For the same reason a
`](` never stands in escaped text, not even as `\](`: it would belong to a bracket of ours before it.

Nothing here uses `re`; everything is linear in the text.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import quote

from papers.emphasis import Parts
from papers.text import clean, shorten
from papers.urls import web_link

_BACKSLASH: Final = "\\"
_OBEYED: Final = r"\*_~`|<[](:@"
_ESCAPES: Final = str.maketrans({sign: _BACKSLASH + sign for sign in _OBEYED})
_AT_BEGINNING: Final = (">", "#", "-", "+")
_DIGITS: Final = "0123456789"
_ELLIPSIS: Final = "…"
_ALIKE: Final = str.maketrans({"[": "\N{FULLWIDTH LEFT SQUARE BRACKET}", "]": "\N{FULLWIDTH RIGHT SQUARE BRACKET}"})
_NO_GRAVE: Final = str.maketrans({"`": "\N{MODIFIER LETTER GRAVE ACCENT}"})

# All that may stand raw in an address within (…): RFC 3986's characters, without those that end a link or emphasis.
_IN_ADDRESS: Final = "%/:?#@!$&+,;=-._~"


def escape(text: str, limit: int | None = None) -> str:
    """`text` as markdown that shows it and obeys nothing of it; with a `limit` (≥ 1), in at most that many characters.

    Line breaks become spaces; what is cut off ends in an ellipsis.
    """
    if "\n" in text or not text.isprintable():
        text = " ".join(text.splitlines())
    shown = _begun(text.translate(_ESCAPES))
    return shown if limit is None or len(shown) <= limit else _cut(shown, limit)


def emphasised(parts: Parts, limit: int | None = None) -> str:
    """A cleaned text in parts, escaped, those to be emphasised in bold; with a `limit` (≥ 1), within that.

    What is cut off ends in an ellipsis; no bold part is cut. Discord's marks may stand within a word.
    """
    pieces = [f"**{text.translate(_ESCAPES)}**" if is_strong else text.translate(_ESCAPES) for text, is_strong in parts]
    pieces[:1] = [_begun(piece) for piece in pieces[:1]]
    said = ""
    for at, piece in enumerate(pieces):
        room = len(piece) if limit is None else limit - len(said) - (at < len(pieces) - 1)
        if len(piece) > room:
            return said.rstrip() + _ELLIPSIS if parts[at][1] or room < 1 else said + _cut(piece, room)
        said += piece
    return said


def _cut(shown: str, limit: int) -> str:
    whole = shorten(shown, limit).removesuffix(_ELLIPSIS)
    if (len(whole) - len(whole.rstrip(_BACKSLASH))) % 2:  # a sign was cut from its backslash
        whole = whole[:-1]
    return whole + _ELLIPSIS


def _begun(shown: str) -> str:
    """With a backslash where the beginning would make a line more than a line."""
    line = shown.lstrip()
    blank = shown[: len(shown) - len(line)]
    if line.startswith(_AT_BEGINNING):
        return blank + _BACKSLASH + line
    after = line.lstrip(_DIGITS)
    if after != line and (after == "." or after.startswith(". ")):
        return blank + line[: len(line) - len(after)] + _BACKSLASH + after
    return shown


def quoted(text: str, limit: int) -> str:
    """Other people's text, cleaned and escaped; "" if nothing of it can be shown."""
    return escape(clean(text), limit)


def bold(text: str, limit: int) -> str:
    """The same in bold type."""
    shown = quoted(text, limit)
    return f"**{shown}**" if shown else ""


def address(url: str, limit: int) -> str:
    """`url` if it may be shown to people (http or https, no credentials) and is short enough to be shown; else ""."""
    found = quote(web_link(clean(url)), safe=_IN_ADDRESS)
    host = found.partition("://")[2].partition("/")[0]
    return found if len(found) <= limit and "%" not in host else ""  # an IPv6 address needs its brackets


def link(url: str, text: str, longest: int, limit: int) -> str:
    """Other people's text, a link if `url` may be shown in at most `longest` characters; `limit` as of `escape`."""
    target, shown = address(url, longest), quoted(text.translate(_ALIKE), limit)
    return f"[{shown}]({target})" if target and shown else shown


def code(text: str, limit: int) -> str:
    """Other people's text in a fixed-width font, on one line; "" if nothing of it can be shown."""
    shown = shorten(clean(text).translate(_NO_GRAVE), limit)
    return f"`{shown}`" if shown else ""


def code_block(text: str, limit: int) -> str:
    """Lines in a fixed-width font, each as it is. Not for text that was not made printable."""
    return f"```\n{shorten(text.translate(_NO_GRAVE), limit)}\n```"


def moment(at: datetime) -> str:
    """An instant that each reader's Discord tells in their own zone and language, and how far away it is.

    https://discord.com/developers/docs/reference#message-formatting-timestamp-styles
    """
    unix = int(at.timestamp())
    return f"<t:{unix}:f> (<t:{unix}:R>)"


def channel(identity: str) -> str:
    """A channel by its name, for those who see it; text that is no channel's id is shown as it is."""
    return f"<#{identity}>" if is_id(identity) else quoted(identity, 100)


def is_id(text: str) -> bool:
    """Whether `text` looks like an id of Discord's (https://discord.com/developers/docs/reference#snowflakes)."""
    return text.isascii() and text.isdecimal() and len(text) <= 20  # noqa: PLR2004 - digits of 64 bits
