"""The sentences that every platform shares: plain text made from values, without markup of any kind.

What a sentence quotes (topics, names, sources) went through `papers.text.clean`; escaping it for Slack, Discord or a
terminal is the renderer's affair. Dates are spelt in English, whatever the locale of the process; only the days of
posts are in the language that their channel chose.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from papers.answers import Card
from papers.locales import day_in
from papers.model import DeliveryKind, Heading, Paper, Reason, Schedule, Want
from papers.text import clean
from papers.trends import Figure, Gained, Period
from papers.trouble import Trouble

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

ENGLISH: Final = "en"

GAINED_IN: Final[Mapping[Period, str]] = {"day": "since yesterday", "week": "in 7 days", "month": "in 30 days"}
"""When a paper gained what is told of it: see `papers.trends.gained_in`."""

LABEL_LIMIT: Final = 60
"""Characters that one subscription's words may take in a post's first line: a topic may have 2,000."""

_MODEL_LIMIT: Final = 40
"""Characters of a model's name."""

_COLLECTIVES: Final = frozenset({"team", "group", "lab", "labs", "collaboration", "consortium", "research"})
_THOUSAND: Final = 1_000
_MILLION: Final = 1_000_000
_SUFFIXES: Final = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})


def shorten(text: str, limit: int) -> str:
    """`text` in at most `limit` (≥ 1) characters; what is cut off ends in an ellipsis, between words if it can."""
    if len(text) <= limit:
        return text
    whole_words = text[:limit].rpartition(" ")[0].rstrip()
    return f"{whole_words or text[: limit - 1]}…"


def count(number: int, noun: str) -> str:
    """`no papers`, `1 paper`, `1,204 papers`."""
    figure = f"{number:,}" if number else "no"
    return f"{figure} {noun}" if number == 1 else f"{figure} {noun}s"


def label(want: Want) -> str:
    """The subscription in words that can be typed again after `subscribe`.

    `diffusion -survey about: efficient LLM inference ~3/day`, `trending top:5`, `https://lab.org/feed.xml diffusion`.
    """
    parts = (
        want.feed,
        None if want.trending is None else f"trending top:{want.trending}",
        want.query,
        None if want.topic is None else f"about: {want.topic}",
        None if want.per_day is None else volume(want.per_day),
    )
    return clean(" ".join(part for part in parts if part is not None))


def topic_of(want: Want) -> str:
    """What a subscription is about, as a headline names it: its words without what steers it."""
    about = [part for part in (want.query, want.topic) if part is not None]
    if want.trending is not None:
        about.append("trending")
    if not about and want.feed is not None:
        about.append(bare_url(want.feed))
    return clean(", ".join(about))


def volume(per_day: float) -> str:
    """Papers a day as one types them: `~3/day`, and below one a day `~5/week`; to a hundredth, never zero."""
    figure, unit = (per_day, "day") if per_day >= 1 else (per_day * 7, "week")
    return f"~{round(max(figure, 0.01), 2):.10g}/{unit}"


def trouble_text(trouble: Trouble) -> str:
    """What is wrong with a feed: `paused: answers 404 since Tue 3 Nov`."""
    state = "paused" if trouble.paused else "failing"
    return f"{state}: {clean(trouble.reason)} since {day_text(trouble.since.date())}"


def reason_parts(reason: Reason) -> tuple[tuple[str, bool], ...]:
    """Why a paper came, as (text, emphasised): `matches` **diffusion** `, -survey`."""
    clauses = [clause for clause in (_words(reason), _topic(reason), _rank(reason), _feed(reason)) if clause]
    parts: list[tuple[str, bool]] = []
    for clause in clauses:
        parts += [("; ", False), *clause] if parts else clause
    return tuple(parts)


def reason_text(reason: Reason) -> str:
    """The same as one plain sentence; "" for a reason that holds nothing."""
    return "".join(text for text, _ in reason_parts(reason))


def _words(reason: Reason) -> list[tuple[str, bool]]:
    """Of a QUERY: the words that hit, emphasised, and those the paper had to lack."""
    words = [(clean(word), True) for word in reason.words] + [(f"-{clean(w)}", False) for w in reason.without]
    parts: list[tuple[str, bool]] = []
    for word in words:
        parts += [(", " if parts else "matches ", False), word]
    return parts


def _topic(reason: Reason) -> list[tuple[str, bool]]:
    if reason.topic is None:
        return []
    lead = "about " if reason.share is None else f"{share_text(reason.share)} for "
    return [(lead, False), (clean(reason.topic), True)]


def _rank(reason: Reason) -> list[tuple[str, bool]]:
    return [] if reason.trending is None else [(f"#{reason.trending} of the day's most upvoted", False)]


def _feed(reason: Reason) -> list[tuple[str, bool]]:
    return [] if reason.feed is None else [("from the feed ", False), (bare_url(reason.feed), True)]


def share_text(share: float) -> str:
    """`top 1%` for a share in (0, 1], rounded up so that it is never boasted of: 0.014 is `top 2%`.

    Below one per cent to a tenth: 0.003 is `top 0.3%`.
    """
    percent = round(share * 100, 6)  # 0.07 * 100 is a little more than 7, and would become 8
    shown = ceil(percent) if percent >= 1 else ceil(round(percent * 10, 6)) / 10
    return f"top {shown:g}%"


def schedule_text(schedule: Schedule) -> str:
    """When a channel is posted to: `every weekday at 09:00 Europe/Berlin`."""
    if schedule.kind == "instant":
        return "as soon as papers come"
    daily = "weekday" if schedule.weekdays else "day"
    day = WEEKDAYS[schedule.weekday] if schedule.kind == "weekly" else daily
    return f"every {day} at {schedule.at} {schedule.zone}"


def when_text(at: datetime, zone: str, now: datetime) -> str:
    """An instant as people of `zone` (an IANA name) say it: `tomorrow, Tue 24 Nov at 09:00 (Europe/Berlin)`.

    Both instants carry a zone of their own, whichever it is.
    """
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    near = {-1: "yesterday, ", 0: "today, ", 1: "tomorrow, "}.get((local.date() - today) // timedelta(days=1), "")
    year = "" if local.year == today.year else f" {local.year}"
    return f"{near}{day_text(local.date())}{year} at {local:%H:%M} ({zone})"


def day_text(day: date, language: str = ENGLISH) -> str:
    """`Tue 10 Nov`; in another language as its CLDR locale abbreviates it, `Di., 10. Nov.`."""
    foreign = "" if language == ENGLISH else clean(day_in(day, language) or "")
    return foreign or f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1]}"


def authors_text(paper: Paper) -> str:
    """`A. Vaswani et al. (Google)`; one author stands alone, two are joined by "and"; "" where nobody is named."""
    names = [initialled(name) for name in paper.authors[:2]]
    people = f"{names[0]} et al." if len(paper.authors) > len(names) else " and ".join(names)
    lab = clean(paper.organization or "")
    return f"{people} ({lab})" if people and lab else people or lab


def initialled(name: str) -> str:
    """`Ashish Vaswani` and `Vaswani, Ashish` as `A. Vaswani`; `Qwen Team`, `DeepSeek-AI` and `Plato` as they are."""
    last, comma, first = clean(name).partition(", ")
    given, family = (first.split(), last.split()) if comma and first.lower() not in _SUFFIXES else ([], [])
    if not given:
        given, family = _split_name(clean(name).split())
    if _COLLECTIVES & {word.lower() for word in given + family}:
        return clean(name)
    return " ".join([*map(_initial, given), *family])


def _split_name(words: list[str]) -> tuple[list[str], list[str]]:
    """Given and family names: a family name begins at its particle (`van`, `de`) and keeps its suffix (`Jr.`)."""
    start = len(words) - 1
    if start > 1 and words[start].lower() in _SUFFIXES:
        start -= 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return words[: max(start, 0)], words[max(start, 0) :]


def _initial(given: str) -> str:
    """`J.-L.` for `Jean-Luc`. Names in scripts without letter case are not shortened: it is not done there."""
    if "." in given or not given[0].isupper():
        return given
    return "-".join(f"{part[0]}." for part in given.split("-") if part)


def summary_label(card: Card) -> str:
    """`AI summary, Hugging Face`: whose language model wrote a card's summary; "" for the authors' own sentences."""
    return f"AI summary, {shorten(clean(card.by), _MODEL_LIMIT)}" if card.by and card.summary else ""


def badges(paper: Paper, gained: Gained | None = None, named: str = "") -> tuple[str, ...]:
    """What a paper is known by at a glance: `⬆ 120`, `code ★ 3.4k`, its sources but for one `named` beside them.

    With what it gained, where that is known: `⬆ 120 (+35 in 7 days)`.
    """
    found = [f"⬆ {short_number(paper.upvotes)}{_more(gained, 'upvotes')}"] if paper.upvotes else []
    if paper.code_stars:
        found.append(f"code ★ {short_number(paper.code_stars)}{_more(gained, 'stars')}")
    elif paper.code_url:
        found.append("code")
    return (*found, *dict.fromkeys(name for name in map(source_name, paper.sources) if name != named))


def _more(gained: Gained | None, figure: Figure) -> str:
    if gained is None:
        return ""
    more = gained.upvotes if figure == "upvotes" else gained.stars
    return f" (+{short_number(more)} {GAINED_IN[gained.period]})" if more > 0 else ""


def short_number(number: int) -> str:
    """`999`, `3.4k`, `12k`, `1.2M`."""
    if number < _THOUSAND:
        return str(number)
    small = number < _MILLION - _THOUSAND // 2  # what would round to 1000k is 1M
    figure, unit = (number / _THOUSAND, "k") if small else (number / _MILLION, "M")
    digits = 1 if len(str(int(figure))) == 1 else 0
    return f"{figure:.{digits}f}".removesuffix(".0") + unit


def source_name(source: str) -> str:
    """A source as readers know it: `Hugging Face`, `arXiv`, else its feed's host."""
    if source == "huggingface":
        return "Hugging Face"
    host = bare_url(source).partition("/")[0]
    return "arXiv" if host in {"arxiv", "arxiv.org"} or host.endswith(".arxiv.org") else host


def bare_url(url: str) -> str:
    """An address without scheme, `www.` and trailing slash: to be read, not to be followed."""
    return clean(url).partition("://")[2].removeprefix("www.").rstrip("/") or clean(url)


def volume_text(total: int, days: int) -> str:
    """`14 papers in the last 30 days, about 3 a week`. `total` ≥ 0, `days` ≥ 1."""
    window = "the last day" if days == 1 else f"the last {days} days"
    return f"{count(total, 'paper')} in {window}{_rate(total, days)}"


def _rate(total: int, days: int) -> str:
    """The same as a habit: `, about 3 a week`; "" where the window says it already."""
    if not total or days == 1:
        return ""
    if total >= days:
        return f", about {round(total / days)} a day"
    weekly = round(total * 7 / days)
    return f", about {weekly} a week" if weekly else ", less than one a week"


def heading_text(heading: Heading, kind: DeliveryKind) -> str:
    """A message's first line: `Tue 10 Nov · 7 papers for diffusion and 2 more`.

    The note is part of it where it is all that there is to say (`empty`, `notice`); elsewhere it is the renderer's.
    """
    note = clean(heading.note or "")
    papers, wanted = count(heading.total, "paper"), for_text(heading.subscriptions)
    said = {
        "digest": f"{papers}{wanted}",
        "more": count(heading.total, "more paper"),
        "abstracts": f"abstracts of {papers}",
        "empty": f"no papers{wanted}" + (f": {note}" if note else ""),
        "notice": note,
        "edit": f"{papers} edited",
    }[kind]
    day = day_text(heading.day, heading.language)
    return f"{day} · {said}" if said else day


def for_text(labels: tuple[str, ...]) -> str:
    """` for diffusion and 2 more`, "" for none: the first by name, one other too, a crowd by number."""
    shown = [shorten(clean(text), LABEL_LIMIT) for text in labels]
    match shown:
        case []:
            return ""
        case [only]:
            return f" for {only}"
        case [first, second]:
            return f" for {first} and {second}"
        case _:
            return f" for {shown[0]} and {len(shown) - 1} more"
