"""Why there is no digest of a day, and what would bring it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from papers.errors import NotFoundError
from papers.wording.dates import day_text

Listed = tuple[date, date]
"""The first and the newest of days that Hugging Face was asked for without a gap."""

FIRST: Final = date(2023, 5, 4)
"""The first day of the Daily Papers (https://huggingface.co/papers/date/2023-05-04)."""

SATURDAY: Final = 5


def missing(day: date, today: date, newest: Sequence[date], listed: Listed | None) -> NotFoundError:
    """What is said of a day without papers; `newest` are the newest days that have some, newest first.

    That the source had nothing is only said of a day that it was asked for, whatever day of the week it was.
    """
    name, have = f"{day_text(day)} {day.year}", ", ".join(map(str, newest))
    here = f"the newest days here are {have}" if have else "no day was polled yet"
    if day > today:
        return NotFoundError(f"{name} has not come yet", advice=here)
    if listed is not None and listed[0] < day < listed[1]:
        weekend = ", a weekend" if day.weekday() >= SATURDAY else ""
        return NotFoundError(f"Hugging Face listed no paper on {name}{weekend}", advice=here)
    if newest and day > newest[0]:
        return NotFoundError(f"no paper of {name} is here yet", advice=here)
    if day < FIRST:
        return NotFoundError(f"there are no Daily Papers of {name}: they began on {FIRST}", advice=here)
    return NotFoundError(
        f"no paper of {name} is here: Paperboy was not running then, or the day had none",
        advice=f"whoever runs Paperboy can fetch it with `paperboy backfill --since {day} --until {day}`; {here}",
    )
