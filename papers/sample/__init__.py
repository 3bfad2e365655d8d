"""The sample digest: six weekdays of well-known papers, in the shapes that Hugging Face and arXiv serve.

`daily.json` and `arxiv.xml` hold it; the functions here fill in dates, so that "today" has papers on whichever day
a demo or a test runs. Ids, titles and authors are the papers' own. Abstracts are retold in our words; upvotes,
comments, stars, submitters and AI summaries are made up. Nothing here reads the clock or the network:
`papers.sample.server` answers requests from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from email.utils import format_datetime
from importlib.resources import files
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

Item = dict[str, Any]
"""One row of `/api/daily_papers`, as JSON: almost everything is nested under `paper`."""

ARCHIVES = "cs+q-bio+stat"
"""The arXiv archives that the sample's feed is drawn from: asking for them gives every item of it."""

_SATURDAY = 5
_ARXIV_ZONE = ZoneInfo("America/New_York")
_FEED_ITEM = re.compile(r" *<item>.*?</item>\n", re.DOTALL)
_FEED_CATEGORY = re.compile(r"<category>(.*?)</category>")


def days(newest: date) -> dict[date, list[Item]]:
    """The Daily Papers by day, newest day first, in no particular order within a day.

    The newest is `newest`, or the Friday before if that is in a weekend; the others are the weekdays before it.
    Timestamps are cut to midnight UTC, as Hugging Face does.
    """
    written = _daily()
    calendar = list(islice(_weekdays_back_from(newest), len(written)))
    return {calendar[day["offset"]]: _dated(day["items"], calendar[day["offset"]]) for day in written}


def categories() -> dict[str, tuple[str, ...]]:
    """The arXiv categories of every paper in `days`, primary first, by id. Hugging Face does not list them."""
    return {name: tuple(listed.split()) for day in _daily() for name, listed in day["categories"].items()}


def arxiv_feed(day: date, category: str = ARCHIVES) -> bytes:
    """The RSS feed that arXiv has for `day` (the Friday before, for a weekend), in UTF-8.

    `category` is one (`cs.LG`), an archive (`q-bio`), or several joined by `+`; only their items are in the feed,
    which may leave none. Unlike arXiv's, an item's announce type does not depend on the category asked for.
    """
    wanted = category.split("+")
    stamp = datetime.combine(next(_weekdays_back_from(day)), time.min, _ARXIV_ZONE)
    feed = _FEED_ITEM.sub(lambda item: item[0] if _is_in(item[0], wanted) else "", _text("arxiv.xml"))
    title = escape(category, {'"': "&quot;"})
    return feed.replace("{{DATE_RFC822}}", format_datetime(stamp)).replace("{{CATEGORY}}", title).encode()


def _is_in(item: str, wanted: list[str]) -> bool:
    return any(
        category == name or category.startswith(f"{name}.")
        for category in _FEED_CATEGORY.findall(item)
        for name in wanted
    )


def _weekdays_back_from(day: date) -> Iterator[date]:
    while True:
        if day.weekday() < _SATURDAY:
            yield day
        day -= timedelta(days=1)


def _dated(items: list[Item], day: date) -> list[Item]:
    filled: list[Item] = json.loads(json.dumps(items).replace("{{DATE}}", f"{day}T00:00:00.000Z"))
    return filled


def _daily() -> list[dict[str, Any]]:
    """The days as written, each {offset, categories, items}."""
    written: list[dict[str, Any]] = json.loads(_text("daily.json"))["days"]
    return written


def _text(name: str) -> str:
    return (files(__name__) / name).read_text("utf-8")
