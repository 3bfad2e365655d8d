"""The pages that links in mails lead to, as HTML. Pure. A form without an address posts to where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final

from papers.addresses import masked
from papers.mailbox import Invitation, Mailbox
from papers.model import Channel, Delivery, Subscription
from papers.wording.dates import day_text, schedule_text, when_text
from papers.wording.subscriptions import label

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
}
"""A page's address is its key: it is told to nobody, kept nowhere, and the page stands in no frame."""

STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem}"
    "button{font:inherit;padding:.5rem 1rem;margin:.25rem .5rem .25rem 0}form{display:inline}"
)


def asked(mailbox: Mailbox, invitation: Invitation, token: str) -> str:
    """What is offered, and both answers."""
    rows = _rows(invitation.wanted)
    body = (
        f"<p>{escape(invitation.by)} offers to mail you, at <b>{escape(masked(mailbox.address))}</b>, "
        f"{escape(schedule_text(invitation.schedule))}:</p>{rows}"
        f"{_button('Yes, mail me these')}"
        f"{_button('No, and let nobody invite me again', f'../refuse/{token}')}"
    )
    return page("Papers by mail?", body)


def confirmed(channel: Channel, slot: datetime | None, now: datetime, manage: str) -> str:
    """When the first mail comes."""
    first = (
        f"<p>The first mail comes {escape(when_text(slot, channel.schedule.zone, now))}," if slot else "<p>Mails come"
    )
    see = f'<a href="{escape(manage)}">What you get, and when</a>'
    return page("You will get papers by mail", f"{first} if there is something for you by then.</p><p>{see}</p>")


def refused() -> str:
    """That it is done."""
    return page("Nobody will invite you again", "<p>There is nothing else to do.</p>")


def leaving(mailbox: Mailbox) -> str:
    """The button that a link scanner does not press."""
    body = f"<p>Papers are mailed to <b>{escape(masked(mailbox.address))}</b>.</p>{_button('Unsubscribe')}"
    return page("Unsubscribe?", body)


def left(token: str) -> str:
    """That it is done, and the way back."""
    body = f"<p>Nothing more is mailed to you.</p>{_button('Subscribe again', f'../again/{token}')}"
    return page("You are unsubscribed", body)


def managed(  # noqa: PLR0917 - what a page shows
    mailbox: Mailbox,
    subscriptions: Sequence[Subscription],
    channel: Channel,
    closed: str | None,
    missed: Sequence[Delivery],
    token: str,
) -> str:
    """What is mailed, and when; mails that may not have come; the way out, or back."""
    if mailbox.state != "confirmed":
        return left(token)
    told = f"To <b>{escape(masked(mailbox.address))}</b>, {escape(schedule_text(channel.schedule))}:"
    trouble = f"<p>Mail to you came back, so nothing is mailed now: {escape(closed)}.</p>" if closed else ""
    lost = "".join(
        f"<p>The mail of {escape(day_text(one.heading.day))} may not have reached you. "
        f"{_button('Send it again', f'../resend/{token}', one.id)}</p>"
        for one in missed
    )
    out = _button("Unsubscribe", f"../unsubscribe/{token}")
    return page("What you get, and when", f"<p>{told}</p>{_rows(subscriptions)}{trouble}{lost}<p>{out}</p>")


def again(sent: bool, token: str) -> str:  # noqa: FBT001 - what became of it
    """Whether it is on its way."""
    told = "It is on its way." if sent else "That mail does not wait any more."
    return page(told, f'<p><a href="../manage/{token}">What you get, and when</a></p>')


def failure(sentence: str, advice: str) -> str:
    """What is wrong, and what to do."""
    return page(sentence, f"<p>{escape(advice)}</p>")


def page(title: str, body: str) -> str:
    """A whole document; `title` is plain text, `body` HTML."""
    shown = escape(title[:1].upper() + title[1:])
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{shown}</title><style>{STYLE}</style>'
        f"</head><body><h1>{shown}</h1>{body}</body></html>"
    )


def _rows(subscriptions: Sequence[Subscription]) -> str:
    return "<ul>" + "".join(f"<li>{escape(label(one.want))}</li>" for one in subscriptions) + "</ul>"


def _button(text: str, action: str = "", value: str = "") -> str:
    where = f' action="{escape(action)}"' if action else ""
    hidden = f'<input type="hidden" name="mail" value="{escape(value)}">' if value else ""
    return f'<form method="post"{where}>{hidden}<button>{escape(text)}</button></form>'
