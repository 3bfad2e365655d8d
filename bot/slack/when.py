"""When a channel is posted to: the rule in the channel's zone, the next instant in each reader's own."""

from __future__ import annotations

from datetime import datetime

from bot.slack import mrkdwn
from papers.model import Schedule
from papers.wording.dates import schedule_text, when_text


def moment(at: datetime, zone: str, now: datetime) -> str:
    """An instant as mrkdwn; where Slack cannot tell it, as people of `zone` would."""
    return mrkdwn.moment(at, when_text(at, zone, now))


def next_line(schedule: Schedule, at: datetime | None, now: datetime, *, paused: bool) -> str:
    """When posts come, as mrkdwn: the rule, the next one, and whether none comes for now."""
    said = [f"Posts come {mrkdwn.literal(schedule_text(schedule))}"]
    if at is not None:
        said.append(f"next {moment(at, schedule.zone, now)}")
    if paused:
        said.append("*paused*")
    return " · ".join(said)
