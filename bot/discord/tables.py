"""Answers that are rows: subscriptions, settings, deliveries, verdicts on a paper; what can be done about each. Pure.

A few subscriptions have their buttons below them. For more there are not components enough: they are lines, below which
menus choose one to edit, to test or to drop. A choice says what a button of the menu's verb would: its value is the
verb's argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.discord import acts, limits, markdown, parts
from bot.discord.card import linked, similar, votes
from bot.discord.fit import Group, fit
from bot.discord.message import Component
from bot.discord.when import next_line
from bot.phrases import grounds, joined, remarks, state, switches, verdict
from papers.answers.channel import LogAnswer, LogRow, SettingsAnswer
from papers.answers.subscriptions import Listing, Row
from papers.answers.why import WhyAnswer, WhyRow
from papers.wording.channel import SO_ALREADY
from papers.wording.numbers import count

_ROOMY: Final = 5
"""Subscriptions that have buttons of their own; more of them have menus."""

_LINES: Final = 32
_LINE: Final = 80
_SHORT_LINE: Final = 50
"""How many of them are shown, each in so many characters: together they fit, whatever else is said."""


def listing(answer: Listing) -> tuple[Component, ...]:
    """A channel's subscriptions, when it is posted to, and what can be done about either."""
    head = [] if answer.rows else [parts.text("**No subscriptions here yet.**")]
    given = f"👍 {answer.up} · 👎 {answer.down} given here" if answer.up or answer.down else ""
    when = next_line(answer.schedule, answer.next_post, paused=answer.paused)
    foot = [parts.text(parts.small(joined((when, given))), _trouble(answer)), *_channel_buttons(answer)]
    if len(answer.rows) <= _ROOMY:
        return fit(head, map(_row, answer.rows), foot, of="subscription")
    return (_lines(answer.rows), *_menus(answer.rows[:_LINES]), *foot)


def _row(row: Row) -> Group:
    number = row.subscription.number
    return [
        parts.text(_named(row, limits.LABEL), parts.small(markdown.quoted(remarks(row), limits.LABEL))),
        *parts.row(
            parts.button("Edit", acts.FORM, f"#{number}"),
            parts.button("Test", acts.SAY, f"test {number}"),
            parts.button("Repair", acts.SAY, f"repair {number}", style=parts.PRIMARY) if row.trouble else None,
            parts.button("Forget votes", acts.TURN, f"forget {number}") if row.learned else None,
            parts.button("Unsubscribe", acts.TURN, f"unsubscribe {number}", style=parts.DANGER),
        ),
    ]


def _named(row: Row, limit: int) -> str:
    return f"**#{row.subscription.number}** {markdown.quoted(row.label, limit)}"


def _lines(rows: Sequence[Row]) -> Component:
    rest = len(rows) - _LINES
    more = f"… and {count(rest, 'more subscription')}" if rest > 0 else ""
    return parts.text(*map(_line, rows[:_LINES]), parts.small(more))


def _line(row: Row) -> str:
    told = remarks(row)
    return joined((_named(row, _SHORT_LINE), markdown.quoted(told, _SHORT_LINE))) if told else _named(row, _LINE)


def _menus(rows: Sequence[Row]) -> list[Component]:
    """A menu for each thing to do with a subscription; two of each, if there are more than one can hold."""
    found = []
    for todo, verb, line in (
        ("Edit", acts.FORM, "#{}"),
        ("Test", acts.SAY, "test {}"),
        ("Unsubscribe from", acts.TURN, "unsubscribe {}"),
    ):
        for start in range(0, len(rows), limits.OPTIONS):
            part = rows[start : start + limits.OPTIONS]
            options = [
                (f"#{row.subscription.number} {row.label}", line.format(row.subscription.number)) for row in part
            ]
            span = "" if len(part) == len(rows) else f" {options[0][0].split()[0]} to {options[-1][0].split()[0]}"
            found += parts.menu(f"{todo}{span} …", verb, options, apart=str(start))
    return found


def _trouble(answer: Listing) -> str:
    if not answer.suspended:
        return ""
    why = markdown.quoted(answer.suspended, limits.SENTENCE)
    return f"⚠ Nothing can be posted here: {why}. Mend it, then press Repair."


def _channel_buttons(answer: Listing) -> list[Component]:
    repair = parts.button("Repair", acts.SAY, "resume", style=parts.PRIMARY)
    resume = parts.button("Resume", acts.SAY, "resume", style=parts.PRIMARY)
    pause = parts.button("Pause", acts.SAY, "pause")
    steer = repair if answer.suspended else resume if answer.paused else pause
    subscribe = parts.button("Subscribe", acts.FORM, style=parts.SECONDARY if answer.rows else parts.PRIMARY)
    return parts.row(steer, subscribe, parts.button("Settings", acts.SAY, "settings"))


def settings(answer: SettingsAnswer) -> tuple[Component, ...]:
    """Each preference in a sentence, with the button that turns it over."""
    turned = switches(
        answer.preferences,
        members="Who may manage this channel",
        admins="Only who may manage the server",
    )
    language = markdown.quoted(answer.preferences.language, limits.LABEL)
    standing = SO_ALREADY if answer.already else "Settings of this channel"
    kept = "✓ Settings kept" if answer.changed else standing
    return (
        parts.text(f"**{kept}**"),
        *(
            parts.beside(parts.text(told), parts.button(label, acts.TURN, f"settings {line}"))
            for told, label, line in turned
        ),
        parts.text(f"Days are spelt in {language}; change that with `/papers settings`"),
    )


def log(answer: LogAnswer) -> tuple[Component, ...]:
    """The last deliveries, newest first; one that was possibly sent can be sent again."""
    if not answer.rows:
        return (parts.text(parts.small("Nothing was posted here yet.")),)
    return fit([parts.text("**The last posts here**")], [[_log_row(row)] for row in answer.rows], of="post")


def _log_row(row: LogRow) -> Component:
    mark, word = state(row)
    facts = (
        f"{mark} {markdown.moment(row.at)}",
        markdown.bold(word, limits.BUTTON),
        markdown.quoted(f"{row.kind}, {count(row.papers, 'paper')}", limits.BUTTON),
        markdown.quoted(row.detail, limits.LABEL),
    )
    again = parts.button("Send again", acts.SAY, f"resend {row.delivery}") if row.state == "parked" else None
    return parts.beside(parts.text(parts.small(joined(facts))), again)


def why(answer: WhyAnswer) -> tuple[Component, ...]:
    """What became of a paper here, then each subscription's verdict."""
    paper = answer.paper
    head = [parts.text(linked(paper), markdown.quoted(answer.outcome, limits.SENTENCE))]
    tail = parts.row(*votes(paper.id), similar(paper.id))
    return fit(head, [[_verdict(row)] for row in answer.rows], tail, of="subscription")


def _verdict(row: WhyRow) -> Component:
    named, judged = verdict(row)
    said = f"{named}{markdown.bold(row.label, limits.LABEL)}{judged}"
    return parts.text(said, parts.small(markdown.quoted(joined(grounds(row)), limits.SENTENCE)))
