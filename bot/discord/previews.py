"""A subscription before and after it is saved: what it would have posted, and what to do with it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.discord import acts, limits, markdown, parts
from bot.discord.card import Entry, paged
from bot.discord.message import Component
from bot.discord.when import next_line
from bot.phrases import saving
from papers.answers.card import Card
from papers.answers.subscriptions import Draft, Preview, Saved
from papers.wording.subscriptions import volume_text


def preview(answer: Preview) -> tuple[Component, ...]:
    """The answer of `test`."""
    return paged([parts.text(*_told(answer))], _latest(answer.latest))


def draft(answer: Draft, token: str) -> tuple[Component, ...]:
    """The preview with its choices, which stand above the papers, where a phone shows them."""
    moves = (parts.button("Tighten", acts.TIGHTEN, token), parts.button("Loosen", acts.LOOSEN, token))
    anyway = parts.button("Save anyway", acts.ANYWAY, token, style=parts.DANGER)
    choices = parts.row(
        anyway if answer.floods else parts.button("Save", acts.SAVE, token, style=parts.SUCCESS),
        *(moves if answer.can_tighten else ()),
        parts.button("Cancel", acts.CANCEL, token),
    )
    said = parts.text(*_told(answer.preview), parts.small(markdown.quoted(saving(answer), limits.SENTENCE)))
    return paged([said, *choices], _latest(answer.preview.latest))


def saved(answer: Saved) -> tuple[Component, ...]:
    """What is kept, when its first papers come, and what it would have brought."""
    verb, number = "Changed" if answer.changed else "Subscribed:", answer.subscription.number
    said = parts.text(
        f"✓ **{verb} #{number}** {markdown.quoted(answer.preview.label, limits.SENTENCE)}",
        parts.small(next_line(answer.schedule, answer.next_post, paused=False)),
        *_would_have_come(answer.preview),
    )
    tail = parts.row(
        parts.button("Edit", acts.FORM, f"#{number}"),
        parts.button("Show all", acts.SAY, "list"),
        parts.button("Settings", acts.SAY, "settings"),
    )
    return paged([said], _latest(answer.preview.latest), tail)


def _told(answer: Preview) -> list[str]:
    return [markdown.bold(answer.label, limits.SENTENCE), *_would_have_come(answer)]


def _would_have_come(answer: Preview) -> list[str]:
    """How many papers, of how many; and what to think of before saving."""
    warning = markdown.quoted(answer.warning or "", limits.SENTENCE)
    return [
        f"Would have posted {volume_text(answer.total, answer.days, answer.until)}",
        f"⚠ {warning}" if warning else "",
        parts.small(f"{answer.archive:,} looked at"),
    ]


def _latest(cards: Sequence[Card]) -> list[Entry]:
    return [Entry(one) for one in cards]
