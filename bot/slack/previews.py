"""A subscription before and after it is saved: what it would have posted, and what to do with it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.phrases import saving
from bot.slack import acts, limits, parts
from bot.slack.card import card
from bot.slack.fit import fit
from bot.slack.message import Block
from bot.slack.when import next_line
from papers.answers.card import Card
from papers.answers.subscriptions import Draft, Preview, Saved
from papers.wording.subscriptions import volume_text


def preview(answer: Preview) -> list[Block]:
    """The answer of `test`, and the foot of the form."""
    return fit(_told(answer), _latest(answer.latest))


def draft(answer: Draft, token: str) -> list[Block]:
    """The preview with its choices, which stand above the papers, where a phone shows them."""
    anyway = parts.button("Save anyway", acts.ANYWAY, token, style="danger")
    choices = parts.actions(
        anyway if answer.floods else parts.button("Save", acts.SAVE, token, style="primary"),
        parts.button("Tighten", acts.TIGHTEN, token, spoken="Fewer papers") if answer.can_tighten else None,
        parts.button("Loosen", acts.LOOSEN, token, spoken="More papers") if answer.can_tighten else None,
        parts.button("Cancel", acts.CANCEL, token),
    )
    return fit([*_told(answer.preview), parts.small(saving(answer)), *choices], _latest(answer.preview.latest))


def saved(answer: Saved, now: datetime) -> list[Block]:
    """What is kept, when its first papers come, and what it would have brought."""
    verb, number = "Changed" if answer.changed else "Subscribed:", answer.subscription.number
    head = [
        parts.rich(parts.words(f"✓ {verb} #{number} ", "bold"), parts.quoted(answer.preview.label, limits.SENTENCE)),
        parts.small_print(next_line(answer.schedule, answer.next_post, now, paused=False)),
        *_would_have_come(answer.preview),
    ]
    tail = parts.actions(
        parts.button("Edit", acts.FORM, f"#{number}"),
        parts.button("Show all", acts.SAY, "list", apart="list"),
        parts.button("Settings", acts.SAY, "settings", apart="settings"),
    )
    return fit(head, _latest(answer.preview.latest), tail)


def _told(answer: Preview) -> list[Block]:
    return [parts.rich(parts.quoted(answer.label, limits.SENTENCE, "bold")), *_would_have_come(answer)]


def _would_have_come(answer: Preview) -> list[Block]:
    """How many papers, of how many; and what to think of before saving."""
    told = [parts.words(f"Would have posted {volume_text(answer.total, answer.days, answer.until)}")]
    if answer.warning:
        told += [parts.words("\n⚠ "), parts.quoted(answer.warning, limits.SENTENCE)]
    return [parts.rich(*told), parts.small(f"{answer.archive:,} looked at")]


def _latest(cards: Sequence[Card]) -> list[list[Block]]:
    return [[parts.DIVIDER, *card(one)] for one in cards]
