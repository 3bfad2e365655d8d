"""What platforms say of an answer in the same words: plain text, not escaped, to be set in type by each.

Sentences about papers, schedules and subscriptions are in `papers.wording`; these are about answers, errors and the
form; what stands above pages of papers is in `bot.pages`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from bot.commands import COMMANDS
from papers.answers.channel import LogRow
from papers.answers.subscriptions import Draft, Row
from papers.answers.votes import Forgotten, Voted
from papers.answers.why import WhyRow
from papers.errors import ChoiceError, PaperboyError, QueryError, UsageError
from papers.lesson import Learned
from papers.model import Preferences, Reason, Want
from papers.outlet import FeedAnswer
from papers.query import explain_error
from papers.text import clean, shorten
from papers.trouble import Repaired
from papers.wording.numbers import count, share_text
from papers.wording.reasons import reason_parts
from papers.wording.subscriptions import label, trouble_text, volume

PREFIX: Final = "/papers "

Typeset: TypeAlias = Callable[[str, int], str]
"""Makes a platform's text, of at most so many characters, of plain text."""

DEFAULT_VOLUME: Final = "default"
VOLUMES: Final = {
    DEFAULT_VOLUME: "Only what stands out",
    "~3/week": "About 3 a week",
    "~1/day": "About 1 a day",
    "~3/day": "About 3 a day",
    "~5/day": "About 5 a day",
    "~10/day": "About 10 a day",
}
"""What the form offers, by what it says after `about: …`."""

KEEP: Final = "Whoever has an address can read what is posted here: keep it as you would a password"

_SEPARATOR: Final = " · "
_MINUS: Final = "\N{MINUS SIGN}"

_MARKS: Final = {"sent": "✓", "edited": "✓", "dead": "✗", "parked": "?"}
_STATES: Final = {"dead": "failed", "parked": "possibly sent", "unknown": "not known yet"}


def before_about(want: Want) -> str:
    """What stands before `about:` in the line that asks for it."""
    trending = None if want.trending is None else f"trending top:{want.trending}"
    return " ".join(part for part in (want.feed, trending, want.query) if part)


def feed_news(answer: FeedAnswer) -> str:
    """What a channel's private feed is, or has become."""
    if answer.atom:
        return "The feed is here; an address it had before leads nowhere" if answer.change else "This channel's feed"
    if answer.change:
        return "The feed is off; its address leads nowhere now"
    return "This channel has no feed yet" if answer.is_served else "This channel has no feed"


def joined(facts: Iterable[str]) -> str:
    """Those facts that say something, on one line."""
    return _SEPARATOR.join(fact for fact in facts if fact)


def saving(answer: Draft) -> str:
    """That a draft is not saved yet, and what saving it would change."""
    changes = "" if answer.replaces is None else f"saving changes #{answer.replaces}"
    before = "" if answer.before is None else f", which is now: {label(answer.before.want)}"
    return joined(("Not saved yet", "so much is saved only if you insist" if answer.floods else "", changes + before))


def verdict(row: WhyRow) -> tuple[str, str]:
    """A subscription's mark and number, and how it judged."""
    mark, judged = ("✓", "wanted") if row.wanted else ("✗", "not wanted")
    return f"{mark} #{row.number} ", f"{_SEPARATOR}{judged}"


def grounds(row: WhyRow) -> list[str]:
    """What a verdict rests on, a fact each."""
    facts = (
        f"has {', '.join(row.hit)}" if row.hit else "",
        f"lacks {', '.join(row.missed)}" if row.missed else "",
        f"has {', '.join(row.blocked)}, which is excluded" if row.blocked else "",
        f"{share_text(row.share)} for the topic" if row.share is not None else "",
        f"score {row.z:.2f}" if row.z is not None else "",
        f"bar {row.bar:.2f}" if row.bar is not None else "",
        learned_text(row.learned),
        row.note or "",
    )
    return [fact for fact in facts if fact]


def reasons_line(reasons: Iterable[Reason], *, plain: Typeset, strong: Typeset, words: int, limit: int) -> str:
    """Why a paper came, the words that decided set in `strong`; "" for a paper that was searched for.

    `words` are the characters that any part of a reason may have, `limit` those of all, but for the ellipsis of what is
    left out. No part is cut once it is set: its marks may come in pairs.
    """
    said = ""
    for piece in _pieces(reasons, plain, strong, words):
        if len(said) + len(piece) > limit:
            return f"{said.rstrip()} …"
        said += piece
    return said


def _pieces(reasons: Iterable[Reason], plain: Typeset, strong: Typeset, words: int) -> Iterator[str]:
    for number, told in enumerate(dict.fromkeys(map(reason_parts, reasons))):
        if number and told:
            yield "; "
        for text, decided in told:
            yield strong(text, words) if decided else plain(text, words)


def learned_text(learned: Learned | None) -> str:
    """What votes taught a topic: `learned from 12 votes: + quantization, - survey`; "" for nothing."""
    if learned is None:
        return ""
    words = [f"+ {word}" for word in learned.more] + [f"{_MINUS} {word}" for word in learned.less]
    return f"learned from {count(learned.votes, 'vote')}{': ' if words else ''}{clean(', '.join(words))}"


def tally(answer: Voted) -> list[str]:
    """A paper's votes in the channel, and which subscriptions learn from them."""
    numbers = ", ".join(f"#{number}" for number in answer.taught)
    learns = [f"{numbers} {'learns' if len(answer.taught) == 1 else 'learn'} from it"] if numbers else []
    return [f"👍 {answer.up:,}{_SEPARATOR}👎 {answer.down:,} in this channel", *learns]


def repaired(answer: Repaired) -> str:
    """What became of a feed that was tried."""
    return "it answers, and is read again from now on" if answer.resumed else "it answers, and is read as ever"


def remarks(row: Row) -> str:
    """What `list` adds to a subscription's words: what votes taught it, and what is wrong with its feed."""
    return joined((learned_text(row.learned), trouble_text(row.trouble) if row.trouble else ""))


def forgot(answer: Forgotten) -> str:
    """What forgetting did."""
    if answer.learned is None:
        return "it had learned nothing from votes"
    return f"it had {learned_text(answer.learned)}; the votes stay, and new ones teach it anew"


def state(row: LogRow) -> tuple[str, str]:
    """A delivery's state as a mark and in words."""
    return _MARKS.get(row.state, "…"), _STATES.get(row.state, row.state)


def switches(now: Preferences, *, members: str, admins: str) -> list[tuple[str, str, str]]:
    """What holds, the label of the button that changes it, and what that says after `settings`.

    `members` and `admins` are whom the platform means by them: who may change things in a channel.
    """
    full, flat, strict = now.format == "full", now.replies == "flat", now.changes == "admins"
    return [
        ("Posts show whole abstracts", "Compact posts", "format compact")
        if full
        else ("Posts are compact; abstracts are in the thread", "Whole abstracts", "format full"),
        ("What follows a headline comes in the channel", "Use threads", "replies thread")
        if flat
        else ("What follows a headline comes in its thread", "No threads", "replies flat"),
        (f"{admins} may change things here", "Let members", "changes members")
        if strict
        else (f"{members} may change things here", "Admins only", "changes admins"),
        ("A day without papers is told, with the cause", "Say nothing", "quiet off")
        if now.quiet
        else ("A day without papers is passed over in silence", "Tell me", "quiet on"),
        ("A shared link to a paper gets the paper's card", "No cards", "cards off")
        if now.cards
        else ("A shared link to a paper gets no card", "Show cards", "cards on"),
    ]


def reason(error: PaperboyError) -> str:
    """What was wrong, never nothing."""
    return clean(str(error)) or "that did not work"


def advice(error: PaperboyError, limit: int) -> list[tuple[str, bool]]:
    """What to change, in parts: (text, whether it is to be typed), of at most `limit` characters in all.

    What is typed after `/papers` is told with it.
    """
    text = shorten(clean(error.advice), limit)
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a mark without its other half
        return [(text, False)]
    return [(_typed(text) if at % 2 else text, at % 2 == 1) for at, text in enumerate(parts) if text]


def _typed(text: str) -> str:
    return f"{PREFIX}{text}" if text.partition(" ")[0] in {form.name for form in COMMANDS} else text


def place(error: PaperboyError) -> str:
    """Where in a QUERY, as lines for a fixed-width font; "" for an error that has no place."""
    if not isinstance(error, QueryError):
        return ""
    return "\n".join(explain_error(QueryError("", query=error.query, position=error.position)).splitlines()[1:])


def suggestions(error: PaperboyError) -> list[str]:
    """The nearest right line, without `/papers`, or all that there are to choose from; none if there is none."""
    found = error.lines if isinstance(error, ChoiceError) else ()
    found = found or ((error.suggestion,) if isinstance(error, UsageError) and error.suggestion else ())
    return [clean(line).removeprefix(PREFIX) for line in found]


def volumes(per_day: float | None) -> tuple[dict[str, str], str]:
    """What the form offers, with the volume that a subscription has if it is another; and which it has."""
    now = DEFAULT_VOLUME if per_day is None else volume(per_day)
    return VOLUMES if now in VOLUMES else {**VOLUMES, now: f"{now.removeprefix('~')}, as it is now"}, now


def entered(query: str, topic: str, asked: str) -> str:
    """A form's fields as the line that one could have typed after `subscribe`.

    "" if nothing but a volume was entered: an edit of that alone would keep what was taken out of the form.
    """
    wanted = [part for part in (query.strip(), f"about: {' '.join(topic.split())}" if topic.strip() else "") if part]
    chosen = [] if asked == DEFAULT_VOLUME else [asked]
    return " ".join([*wanted, *chosen]) if wanted else ""
