"""Answers that are rows: subscriptions, settings, deliveries, verdicts on a paper; each row with its buttons. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from bot.phrases import grounds, joined, remarks, state, switches, verdict
from bot.slack import acts, limits, mrkdwn, parts
from bot.slack.card import similar, title, votes
from bot.slack.fit import fit
from bot.slack.message import Block
from bot.slack.parts import Element
from bot.slack.when import moment, next_line
from papers.answers.channel import LogAnswer, LogRow, SettingsAnswer
from papers.answers.subscriptions import Listing, Row
from papers.answers.why import WhyAnswer, WhyRow
from papers.wording.channel import SO_ALREADY
from papers.wording.numbers import count

_SEPARATOR: Final = " · "
_ROOMY: Final = 15
"""Subscriptions that are shown with all three of their buttons; more of them have a line and one button each."""


def listing(answer: Listing, now: datetime) -> list[Block]:
    """A channel's subscriptions, when it is posted to, and what can be done about either."""
    head = [parts.rich(parts.words("No subscriptions here yet.", "bold"))] if not answer.rows else []
    when = next_line(answer.schedule, answer.next_post, now, paused=answer.paused)
    given = f"{_SEPARATOR}👍 {answer.up}{_SEPARATOR}👎 {answer.down} given here" if answer.up or answer.down else ""
    tail = [parts.small_print(when + given), *_trouble(answer), *_channel_buttons(answer)]
    row = _row if len(answer.rows) <= _ROOMY else _short_row
    if len(answer.rows) > _ROOMY:
        tail = [parts.small("/papers unsubscribe N drops one, by its number"), *tail]
    return fit(head, map(row, answer.rows), tail, of="subscription")


def _row(row: Row) -> list[Block]:
    number = str(row.subscription.number)
    gone = parts.button("Unsubscribe", acts.TURN, f"unsubscribe {number}", apart="unsubscribe")
    return [
        parts.rich(parts.words(f"#{number} ", "bold"), parts.quoted(row.label, limits.LABEL), *_remarks(row)),
        *parts.actions(
            parts.button("Edit", acts.FORM, f"#{number}"),
            parts.button("Test", acts.SAY, f"test {number}", apart="test"),
            repair(row.subscription.number) if row.trouble else None,
            parts.button("Forget votes", acts.TURN, f"forget {number}", apart="forget") if row.learned else None,
            parts.asking(gone, f"Unsubscribe from #{number}?", row.label, yes="Unsubscribe", no="Keep it"),
        ),
    ]


def _remarks(row: Row) -> list[Element]:
    told = remarks(row)
    return [parts.words("\n"), parts.quoted(told, limits.LABEL)] if told else []


def repair(number: int) -> Element | None:
    """Tries a subscription's feed again."""
    return parts.button("Repair", acts.SAY, f"repair {number}", apart=f"repair:{number}", style="primary")


def _short_row(row: Row) -> list[Block]:
    number = str(row.subscription.number)
    shown = parts.plain(joined((row.label, remarks(row))), limits.LABEL)["text"]
    return [parts.paragraph(f"#{number} {shown}", parts.button("Edit", acts.FORM, f"#{number}"))]


def _trouble(answer: Listing) -> list[Block]:
    if not answer.suspended:
        return []
    why = parts.quoted(answer.suspended, limits.SENTENCE)
    told = (parts.words("⚠ Nothing can be posted here: "), why, parts.words(". Mend it, then press Repair."))
    return [parts.rich(*told)]


def _channel_buttons(answer: Listing) -> list[Block]:
    repair = parts.button("Repair", acts.SAY, "resume", apart="repair", style="primary") if answer.suspended else None
    resume = parts.button("Resume", acts.SAY, "resume", apart="resume", style="primary")
    pause = parts.button("Pause", acts.SAY, "pause", apart="pause")
    steer = resume if answer.paused else pause
    subscribe = parts.button("Subscribe", acts.FORM, apart="new", style="" if answer.rows else "primary")
    settings = parts.button("Settings", acts.SAY, "settings", apart="settings")
    return parts.actions(repair, None if answer.suspended else steer, subscribe, settings)


def settings(answer: SettingsAnswer) -> list[Block]:
    """Each preference in a sentence, with the button that turns it over."""
    standing = SO_ALREADY if answer.already else "Settings of this channel"
    kept = "✓ Settings kept" if answer.changed else standing
    language = answer.preferences.language
    return [
        parts.rich(parts.words(kept, "bold")),
        *(parts.paragraph(told, _turn(label, line)) for told, label, line in _switches(answer)),
        parts.rich(
            parts.words("Days are spelt in "),
            parts.quoted(language, limits.LABEL),
            parts.words("; change that with "),
            parts.words("/papers settings language de", "code"),
        ),
    ]


def _turn(label: str, line: str) -> Element | None:
    return parts.button(label, acts.TURN, f"settings {line}", apart=line)


def _switches(answer: SettingsAnswer) -> list[tuple[str, str, str]]:
    return switches(answer.preferences, members="Every member", admins="Only workspace admins")


def log(answer: LogAnswer, now: datetime, zone: str) -> list[Block]:
    """The last deliveries, newest first; one that was possibly sent can be sent again."""
    if not answer.rows:
        return [parts.small("Nothing was posted here yet.")]
    head = [parts.rich(parts.words("The last posts here", "bold"))]
    return fit(head, [[_log_row(row, now, zone)] for row in answer.rows], of="post")


def _log_row(row: LogRow, now: datetime, zone: str) -> Block:
    mark, word = state(row)
    facts = (
        f"{mark} {moment(row.at, zone, now)}",
        mrkdwn.bold(word, limits.BUTTON),
        mrkdwn.literal(f"{row.kind}, {count(row.papers, 'paper')}", limits.BUTTON),
        mrkdwn.literal(row.detail, limits.LABEL),
    )
    told = joined(facts)
    if row.state != "parked":
        return parts.small_print(told)
    return parts.line(told, parts.button("Send again", acts.SAY, f"resend {row.delivery}", apart="resend"))


def why(answer: WhyAnswer) -> list[Block]:
    """What became of a paper here, then each subscription's verdict."""
    paper = answer.paper
    outcome = parts.quoted(answer.outcome, limits.SENTENCE)
    head = [parts.rich(title(paper), parts.words("\n"), outcome)]
    tail = parts.actions(*votes(paper.id), similar(paper.id))
    return fit(head, [[parts.rich(*_verdict(row))] for row in answer.rows], tail, of="subscription")


def _verdict(row: WhyRow) -> Iterable[Element]:
    named, judged = verdict(row)
    yield parts.words(named, "bold")
    yield parts.quoted(row.label, limits.LABEL, "bold")
    yield parts.words(judged)
    told = parts.quoted(joined(grounds(row)), limits.SENTENCE)
    if told["text"]:
        yield parts.words("\n")
        yield told
