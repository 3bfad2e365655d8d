"""A mail as HTML: a few tags that every mail program knows, styles in place, nothing that is fetched. Pure.

No picture and no style sheet from anywhere: what is fetched tells its owner who reads. No colour of text or ground: a
dark inbox keeps its own.
"""

from __future__ import annotations

from html import escape
from typing import Final

from bot.email.content import Content, Entry
from papers.emphasis import Parts

BODY: Final = "margin:0 auto;padding:16px;max-width:640px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif"
HEAD: Final = "margin:0 0 16px;font-size:20px;line-height:1.3"
TITLE: Final = "margin:0;font-size:17px;line-height:1.35"
CARD: Final = "margin:0 0 24px"
SMALL: Final = "margin:4px 0 0;font-size:14px;opacity:.75"
BUTTON: Final = "display:inline-block;padding:8px 16px;border:1px solid;border-radius:6px;text-decoration:none"


def render(content: Content) -> str:
    """A whole document."""
    body = [f'<h1 style="{HEAD}">{escape(content.subject)}</h1>']
    body += [f"<p>{escape(line)}</p>" for line in content.lines]
    body += [_card(number, entry) for number, entry in enumerate(content.entries, start=1)]
    if content.more:
        rows = "".join(f"<li>{_linked(entry.url, entry.title)}</li>" for entry in content.more)
        body.append(f"<p>And by their titles:</p><ul>{rows}</ul>")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(content.subject)}</title></head>\n"
        f'<body style="{BODY}">\n' + "\n".join([*body, *_footer(content)]) + "\n</body></html>\n"
    )


def _card(number: int, entry: Entry) -> str:
    lines = [f'<h2 style="{TITLE}">{number}. {_linked(entry.url, entry.title)}</h2>']
    if entry.text:
        lines.append(f'<p style="margin:4px 0 0">{_set(entry.text)}</p>')
    facts = " · ".join(_linked(where, text) for text, where in entry.facts)
    reasons = "; ".join(map(_set, entry.reasons))
    lines += [f'<p style="{SMALL}">{said}</p>' for said in (facts, reasons) if said]
    return f'<div style="{CARD}">' + "".join(lines) + "</div>"


def _set(parts: Parts) -> str:
    return "".join(f"<strong>{escape(text)}</strong>" if strong else escape(text) for text, strong in parts)


def _footer(content: Content) -> list[str]:
    """Below a rule, small; links that are the mail's point are buttons, and no footer."""
    if not content.small:
        return [
            f'<p><a style="{BUTTON}" href="{escape(where)}">{escape(what)}</a></p>' for what, where in content.links
        ]
    said = [f'<p style="{SMALL}">{escape(line)}</p>' for line in content.small]
    links = " · ".join(f'<a href="{escape(where)}">{escape(what)}</a>' for what, where in content.links)
    return ['<hr style="border:0;border-top:1px solid;opacity:.25">', *said, f'<p style="{SMALL}">{links}</p>']


def _linked(url: str, text: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)
