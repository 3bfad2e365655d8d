"""A subscription in words: what it wants, what it brings, and what is wrong with its feed."""

from __future__ import annotations

from datetime import date, timedelta

from papers.model import Want
from papers.text import clean
from papers.trouble import Trouble
from papers.wording.dates import date_text, day_text
from papers.wording.numbers import count
from papers.wording.sources import bare_url


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


def volume_text(total: int, days: int, until: date | None = None) -> str:
    """`14 papers in the last 30 days, about 3 a week`. `total` ≥ 0, `days` ≥ 1.

    With their last day if that is long ago: `14 papers between 5 Oct and 3 Nov 2026, about 3 a week`.
    """
    window = _last(days) if until is None else _between(until - timedelta(days=days - 1), until)
    return f"{count(total, 'paper')} {window}{_rate(total, days)}"


def _last(days: int) -> str:
    return "in the last day" if days == 1 else f"in the last {days} days"


def _between(first: date, last: date) -> str:
    if first == last:
        return f"on {date_text(last)}"
    begins = date_text(first).removesuffix(f" {last.year}")
    return f"between {begins} and {date_text(last)}"


def _rate(total: int, days: int) -> str:
    """The same as a habit: `, about 3 a week`; "" where the window says it already."""
    if not total or days == 1:
        return ""
    if total >= days:
        return f", about {round(total / days)} a day"
    weekly = round(total * 7 / days)
    return f", about {weekly} a week" if weekly else ", less than one a week"


def trouble_text(trouble: Trouble) -> str:
    """What is wrong with a feed: `paused: answers 404 since Tue 3 Nov`."""
    state = "paused" if trouble.paused else "failing"
    return f"{state}: {clean(trouble.reason)} since {day_text(trouble.since.date())}"
