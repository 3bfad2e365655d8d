"""Answers and errors for the terminal: pure functions from values to what `rich` prints.

    render(answer, now, zone)     any answer
    render_error(error)           what was wrong, where, and what to type instead
    plain(renderable)             either of them, or a post, as text for logs and JSON

Colour is the terminal's own and says nothing that words do not say too. Posts are in `bot.terminal.post`, sentences in
`papers.wording` and `bot.phrases`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from rich.console import Console, Group, RenderableType
from rich.constrain import Constrain
from rich.text import Text

from bot.pages import digest_title, found, narrowing, other_trends, page_of, ranked_by
from bot.phrases import PREFIX, grounds, learned_text, suggestions
from bot.terminal.brief import SHOWN_ID, brief
from bot.terminal.card import (
    ACCENT,
    BAD,
    GOOD,
    QUIET,
    STRONG,
    WARNING,
    WIDTH,
    columns,
    done,
    indented,
    joined,
    line,
    marked,
    render_card,
    spaced,
    title,
)
from papers import preferences
from papers.answers import Answer, Help
from papers.answers.archive import DigestAnswer, SearchAnswer
from papers.answers.card import Card
from papers.answers.channel import LogAnswer, LogRow, PauseAnswer, Resent, ScheduleAnswer, SettingsAnswer
from papers.answers.subscriptions import Draft, Listing, Preview, Removed, Row, Saved
from papers.answers.votes import Forgotten, Voted
from papers.answers.why import WhyAnswer, WhyRow
from papers.errors import PaperboyError, QueryError, SourceForbidden
from papers.mailbox import Invited
from papers.model import Schedule
from papers.outlet import FeedAnswer
from papers.query import explain_error
from papers.text import clean
from papers.trouble import Repaired
from papers.wording.channel import SO_ALREADY, pause_text
from papers.wording.dates import day_text, schedule_text, when_text
from papers.wording.numbers import count
from papers.wording.subscriptions import trouble_text, volume_text

_TYPED_BESIDE: Final = 52
"""Characters of a command that its meaning stands beside, with some room in 80 columns; below a longer one."""

_STATE_STYLES: Final = {"sent": GOOD, "edited": GOOD, "dead": BAD, "failed": BAD}


def render(answer: Answer, now: datetime, zone: str) -> RenderableType:
    """Any answer; instants are told as people of `zone` (an IANA name) say them at `now`."""
    return Constrain(Group(*_parts(answer, now, zone)), WIDTH)


def plain(renderable: RenderableType, width: int = WIDTH) -> str:
    """What a terminal of `width` columns would show, without colours, links and trailing space."""
    console = Console(file=StringIO(), width=width, color_system=None, force_terminal=False, highlight=False)
    with console.capture() as captured:
        console.print(renderable, crop=False)
    return "\n".join(row.rstrip() for row in captured.get().splitlines()).strip("\n")


def render_error(error: PaperboyError) -> RenderableType:
    """The reason; the place in a QUERY; what to change; and a line that would have been right."""
    if isinstance(error, QueryError):
        reason, *rows = map(_printable, explain_error(error).splitlines())
    else:
        reason, rows = clean(str(error)), []
    if error.advice:
        rows.append(clean(error.advice))
    if isinstance(error, SourceForbidden) and error.setting:  # whoever sits at a terminal may be the operator
        rows.append(f"Its operator can set {error.setting}; docs/security.md says what that opens, and to whom")
    if not isinstance(error, QueryError):
        rows += [f"Did you mean: {PREFIX}{right}" for right in suggestions(error)]
    head = Text.assemble(("✗ ", BAD), (reason, STRONG))
    return Constrain(Group(head, indented(Group(*map(Text, rows)))), WIDTH)


def _printable(text: str) -> str:
    """`text` without what steers a terminal, each character keeping its place: a caret may stand below it."""
    return "".join(c if c.isprintable() else " " for c in text)


def _parts(answer: Answer, now: datetime, zone: str) -> Iterable[RenderableType]:  # noqa: C901, PLR0911, PLR0912 - one line an answer
    match answer:
        case Help():
            return _help(answer)
        case SearchAnswer():
            return _search(answer)
        case Preview():
            return _preview(answer)
        case Draft():
            return _draft(answer)
        case Saved():
            return _saved(answer, now)
        case Removed():
            return [done(f"Unsubscribed from #{answer.subscription.number}", answer.label)]
        case Listing():
            return _listing(answer, now)
        case ScheduleAnswer():
            return [done("Schedule set"), *_next(answer.schedule, answer.next_post, now, paused=answer.paused)]
        case PauseAnswer():
            return _paused(answer, now, zone)
        case DigestAnswer():
            return _digest(answer)
        case WhyAnswer():
            return _why(answer)
        case LogAnswer():
            return _log(answer, zone)
        case SettingsAnswer():
            return _settings(answer)
        case Voted() | Forgotten() | Repaired() | Resent() | FeedAnswer() | Invited():
            return brief(answer)
        case _:
            assert_never(answer)


def _heading(text: str, *details: str) -> Text:
    return joined((line(text, STRONG), *(line(detail, QUIET) for detail in details)))


def _cards(cards: Sequence[Card], *, rank: int | None = None) -> Group:
    """Cards below one another; with their ranks, right-aligned, from the first one's `rank` on."""
    ranks = range(rank or 1, (rank or 1) + len(cards))
    width = len(str(ranks.stop - 1))
    marks = (f"{one:{width}}" if rank else "•" for one in ranks)
    return spaced(render_card(card, mark) for card, mark in zip(cards, marks, strict=True))


def _help(answer: Help) -> list[RenderableType]:
    if max((len(typed) for typed, _ in answer.examples), default=0) <= _TYPED_BESIDE:
        return [columns(((line(typed, ACCENT), line(does)) for typed, does in answer.examples), grows=1)]
    return [part for typed, does in answer.examples for part in (line(typed, ACCENT), indented(line(does)))]


def _search(answer: SearchAnswer) -> list[RenderableType]:
    parts: list[RenderableType] = [_heading("".join(found(answer)), narrowing(answer))]
    if answer.note:
        parts.append(line(answer.note, WARNING))
    if answer.cards:
        parts += [Text(), _cards(answer.cards)]
    return [*parts, *_more(answer)]


def _preview(answer: Preview) -> list[RenderableType]:
    return [line(answer.label, ACCENT), *_would_have_come(answer)]


def _would_have_come(preview: Preview) -> list[RenderableType]:
    volume = f"Would have posted {volume_text(preview.total, preview.days, preview.until)}"
    parts: list[RenderableType] = [joined((line(volume), line(f"{preview.archive:,} looked at", QUIET)))]
    if preview.warning:
        parts.append(line(preview.warning, WARNING))
    if preview.latest:
        parts += [Text(), line("The latest", QUIET), _cards(preview.latest)]
    return parts


def _draft(answer: Draft) -> list[RenderableType]:
    save = "save anyway" if answer.floods else "save"
    ways = f"{save}, tighten, loosen or cancel" if answer.can_tighten else f"{save} or cancel"
    saving = "" if answer.replaces is None else f"saving changes #{answer.replaces}"
    return [*_preview(answer.preview), Text(), _heading("Not saved yet", ways, saving)]


def _saved(answer: Saved, now: datetime) -> list[RenderableType]:
    verb = "Changed" if answer.changed else "Subscribed:"
    return [
        done(f"{verb} #{answer.subscription.number}", answer.preview.label),
        *_next(answer.schedule, answer.next_post, now, paused=False),
        *_would_have_come(answer.preview),
    ]


def _listing(answer: Listing, now: datetime) -> list[RenderableType]:
    if answer.rows:
        rows = [(line(f"#{row.subscription.number}", STRONG), _subscribed(row)) for row in answer.rows]
        what: RenderableType = columns(rows, grows=1)
    else:
        what = line("No subscriptions yet: /papers help shows how to begin.")
    closed = f"Nothing can be posted here ({answer.suspended}): mend it, then /papers resume"
    trouble = [line(closed, WARNING)] if answer.suspended else []
    votes = [line(f"👍 {answer.up:,} · 👎 {answer.down:,}", QUIET)] if answer.up or answer.down else []
    return [what, Text(), *_next(answer.schedule, answer.next_post, now, paused=answer.paused), *votes, *trouble]


def _subscribed(row: Row) -> Text:
    number = row.subscription.number
    told = [line(f"{learned_text(row.learned)}; /papers forget {number}", QUIET)] if row.learned else []
    if row.trouble:
        told.append(line(f"{trouble_text(row.trouble)}; /papers repair {number}", WARNING))
    return joined((line(row.label), *told), "\n")


def _next(schedule: Schedule, at: datetime | None, now: datetime, *, paused: bool) -> list[RenderableType]:
    """When posts come: the rule, and the next one."""
    parts = [line(f"Posts come {schedule_text(schedule)}")]
    if at is not None:
        parts.append(line(f"next {when_text(at, schedule.zone, now)}"))
    if paused:
        parts.append(line("paused: /papers resume goes on", WARNING))
    return [joined(parts)]


def _paused(answer: PauseAnswer, now: datetime, zone: str) -> list[RenderableType]:
    state = done(pause_text(paused=answer.paused, already=answer.already))
    waiting = line(f"{count(answer.waiting, 'paper')} waiting")
    at = None if answer.next_post is None else line(f"next post {when_text(answer.next_post, zone, now)}")
    return [joined(part for part in (state, waiting, at) if part is not None)]


def _digest(answer: DigestAnswer) -> list[RenderableType]:
    parts: list[RenderableType] = [_heading(digest_title(answer), ranked_by(answer), page_of(answer))]
    if answer.note:
        parts.append(line(answer.note, WARNING))
    others = joined(line(typed, ACCENT) for _, typed in other_trends(answer))
    also = [Text(), joined((line("or", QUIET), others), " ")] if others else []
    shown: list[RenderableType] = [Text(), _cards(answer.cards, rank=answer.rank)] if answer.cards else []
    return [*parts, *shown, *_more(answer), *also]


def _more(answer: SearchAnswer | DigestAnswer) -> list[RenderableType]:
    return [Text(), line(f"more with page:{answer.page + 1}", QUIET)] if answer.page < answer.pages else []


def _why(answer: WhyAnswer) -> list[RenderableType]:
    return [marked("•", title(answer.paper), line(answer.outcome)), Text(), *map(_why_row, answer.rows)]


def _why_row(row: WhyRow) -> RenderableType:
    verdict = line("wanted", GOOD) if row.wanted else line("not wanted", BAD)
    head = joined((line(f"#{row.number} {row.label}", STRONG), verdict))
    return marked("✓" if row.wanted else "✗", head, joined(map(line, grounds(row))))


def _log(answer: LogAnswer, zone: str) -> list[RenderableType]:
    if not answer.rows:
        return [line("Nothing was posted here yet.")]
    rows = ((*_log_row(row, zone),) for row in answer.rows)
    return [line(f"times in {zone}", QUIET), columns(rows, grows=4)]


def _log_row(row: LogRow, zone: str) -> Iterable[Text]:
    at = row.at.astimezone(ZoneInfo(zone))
    yield line(f"{day_text(at.date())} {at:%H:%M}", QUIET)
    yield line(row.state, _STATE_STYLES.get(row.state, WARNING))
    yield line(row.kind)
    yield line(count(row.papers, "paper"))
    again = f"/papers resend {row.delivery[:SHOWN_ID]} posts it again" if row.state == "parked" else ""
    yield joined((line(row.detail), line(again, ACCENT)))


def _settings(answer: SettingsAnswer) -> list[RenderableType]:
    rows = [(line(name, STRONG), line(word)) for name, word in preferences.words(answer.preferences).items()]
    said = [done("Settings changed")] if answer.changed else [line(SO_ALREADY)] if answer.already else []
    return [*said, columns(rows, grows=1)]
