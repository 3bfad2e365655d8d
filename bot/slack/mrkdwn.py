"""Slack's mrkdwn: what of other people's text may stand in it, and what Slack makes of text typed in a command.

mrkdwn can escape & < > only (https://docs.slack.dev/messaging/formatting-message-text#escaping), but not *bold*, _low_,
~struck~, `code`, :emoji: and > quotes. So whatever is long or may be copied (abstracts, QUERYs, subscriptions' names)
stands in rich_text and plain_text, where nothing is parsed: see `bot.slack.parts`. mrkdwn is left for what they cannot
do: a picture beside a linked title, and bold words and dates in small print. There `literal` puts a sign that looks the
same in the place of each that Slack would obey.

Nothing here uses `re`; everything is linear in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import quote

from papers.emphasis import Parts
from papers.text import clean, shorten
from papers.urls import web_link

_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ALIKE: Final = {
    "*": "\N{ASTERISK OPERATOR}",
    "\N{FULLWIDTH ASTERISK}": "\N{SMALL ASTERISK}",
    "_": "\N{MODIFIER LETTER LOW MACRON}",
    "\N{FULLWIDTH LOW LINE}": "\N{MODIFIER LETTER LOW MACRON}",
    "~": "\N{TILDE OPERATOR}",
    "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
    "\N{FULLWIDTH GRAVE ACCENT}": "\N{MODIFIER LETTER GRAVE ACCENT}",
    ":": "\N{RATIO}",
}
_ESCAPING: Final = str.maketrans(_ESCAPES)
_LITERALLY: Final = str.maketrans(_ESCAPES | _ALIKE)
_BUT_COLONS: Final = {sign: shown for sign, shown in _LITERALLY.items() if sign != ord(":")}
_QUOTES: Final = (">", "\N{FULLWIDTH GREATER-THAN SIGN}")
_SOFT_HYPHEN: Final = "\N{SOFT HYPHEN}"
_ELLIPSIS: Final = "…"
_END_OF_WORD: Final = "\N{ZERO WIDTH SPACE}"
_BEFORE_BOLD: Final = "("
_AFTER_BOLD: Final = ".,;:!?)"

# All that may stand raw in an address within <…|…>: RFC 3986's characters, without those that mean something to Slack.
_IN_ADDRESS: Final = "%/:?#[]@!$&'()+,;=-._~"


def escape(text: str) -> str:
    """`text` without live mentions and links, in any mrkdwn; its formatting marks still work."""
    return text.translate(_ESCAPING)


def literal(text: str, limit: int | None = None) -> str:
    """`text` as mrkdwn that shows it and obeys nothing of it; with a `limit` (≥ 2), at most that many characters.

    What is cut off ends in an ellipsis. A quote's `>` is harmless behind a soft hyphen, which is not shown. Marks are
    replaced by signs that look alike, so this is to be read, not to be copied.
    """
    shown = text.translate(_signs(text))
    if text.startswith(_QUOTES):
        shown = _SOFT_HYPHEN + shown
    return shown if limit is None or len(shown) <= limit else _cut(shown, limit)


def _signs(text: str) -> Mapping[int, str]:
    """What stands for which sign in a text: a single colon makes no emoji."""
    return _BUT_COLONS if text.count(":") == 1 and "://" not in text else _LITERALLY


def _cut(shown: str, limit: int) -> str:
    whole = shown[: limit - 1]
    opened = whole.rfind("&")
    if opened > whole.rfind(";"):  # an entity was cut in two
        whole = whole[:opened]
    return whole.rstrip() + _ELLIPSIS


def bold(text: str, limit: int | None = None) -> str:
    """`text`, literally, in bold type; "" if it shows nothing."""
    shown = literal(text.strip(), limit)
    return f"*{shown}*" if shown else ""


def emphasised(parts: Parts, limit: int) -> str:
    """A text in parts, literally, those to be emphasised in bold; "" for a text that shows nothing.

    At most `limit` (≥ 2) characters, besides the marks and the ellipsis of what is cut off; no bold part is cut.

    Slack takes an asterisk for a mark only at the end of a word, so that within one, and among characters of a script
    without spaces, it would be shown. A space without width, which nobody sees, makes an end there, as in jsx-slack
    (https://github.com/yhatt/jsx-slack/blob/main/docs/about-escape-and-exact-mode.md).
    """
    text = "".join(part for part, _ in parts)
    signs, room = _signs(text), limit
    pieces = [(_SOFT_HYPHEN, False)] if text.startswith(_QUOTES) else []
    for part, is_strong in parts:
        shown = part.translate(signs)
        if len(shown) > room:
            pieces.append((_ELLIPSIS if is_strong or room <= 1 else _cut(shown, room), False))
            break
        pieces.append((shown, is_strong))
        room -= len(shown)
    around = ["", *(shown for shown, _ in pieces), ""]
    return "".join(
        _bold_among(around[at], shown, around[at + 2]) if is_strong else shown
        for at, (shown, is_strong) in enumerate(pieces)
    )


def _bold_among(before: str, shown: str, after: str) -> str:
    ends = not before or before[-1].isspace() or before[-1] in _BEFORE_BOLD
    begins = not after or after[0].isspace() or after[0] in _AFTER_BOLD
    return f"{'' if ends else _END_OF_WORD}*{shown}*{'' if begins else _END_OF_WORD}"


def address(url: str, limit: int) -> str:
    """`url` if it may be shown to people (http or https, no credentials) and is short enough to be shown; else ""."""
    found = quote(web_link(clean(url)), safe=_IN_ADDRESS)
    return found if len(found) <= limit else ""


def link(url: str, text: str, longest: int, limit: int | None = None) -> str:
    """`text`, literally, as a link if `url` may be shown in at most `longest` characters; `limit` as of `literal`."""
    target, shown = escape(address(url, longest)), literal(clean(text), limit)
    return f"<{target}|{shown}>" if target and shown else shown


def moment(at: datetime, fallback: str) -> str:
    """An instant that each reader's Slack tells in their own zone and language; `fallback` where it cannot."""
    shown = shorten(escape(fallback), 100)
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{shown}>"


def channel(identity: str) -> str | None:
    """`identity` if it looks like the id of a channel, which is shown by its name where the reader may know it."""
    plain = identity.isascii() and identity.isalnum() and identity.isupper()
    return identity if plain and identity[:1] in {"C", "G"} and len(identity) > 1 else None


def unescape(text: str) -> str:
    """What was typed, from what Slack made of it in a command's text or a message.

    Slack escapes & < > and puts links, people and channels between angle brackets
    (https://docs.slack.dev/interactivity/implementing-slash-commands#creating_commands): a bare bracket is Slack's own.
    Brackets that hold nothing Slack writes stay as they are. `unescape(escape(text)) == text`.
    """
    first, *pieces = text.split("<")
    return _entities(first) + "".join(map(_piece, pieces))


def _piece(piece: str) -> str:
    """What followed one opening bracket, up to the next."""
    inside, closed, after = piece.partition(">")
    typed = _typed(inside) if closed else None
    return _entities("<" + piece) if typed is None else _entities(typed + after)


def _typed(inside: str) -> str | None:
    """What one typed for a bracket's content; None for a bracket that Slack does not write."""
    target, _, shown = inside.partition("|")
    match target[:1]:
        case "@" | "#":
            return target[0] + (shown.removeprefix(target[0]) or target[1:]) if len(target) > 1 else None
        case "!":
            return shown or f"@{target[1:]}" if len(target) > 1 else None
    if target.startswith("mailto:"):
        return target.removeprefix("mailto:")
    if "://" not in target:
        return None
    bare = target.partition("://")[2]
    return shown if shown and shown in {bare, bare.removesuffix("/")} else target  # fast.ai, and not http://fast.ai


def _entities(text: str) -> str:
    """Ampersands last, so that `&amp;lt;` becomes `&lt;` and nothing is read twice."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
