"""When a channel is posted to: the rule in the channel's zone, the next instant in each reader's own."""

from __future__ import annotations

from datetime import datetime

from bot.discord.markdown import escape, moment
from bot.phrases import joined
from papers.model import Schedule
from papers.wording.dates import schedule_text


def next_line(schedule: Schedule, at: datetime | None, *, paused: bool) -> str:
    """When posts come, as markdown: the rule, the next one, and whether none comes for now."""
    coming = "" if at is None else f"next {moment(at)}"
    return joined((f"Posts come {escape(schedule_text(schedule))}", coming, "**paused**" if paused else ""))
