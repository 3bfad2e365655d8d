"""The audit log: a line for each change that somebody made, with who, where and what.

It never says what was typed: a feed's address may hold a key, and a topic is nobody's business.
"""

from __future__ import annotations

from typing import Literal

import structlog

from papers.model import Asker

What = Literal[
    "subscribed",
    "changed",
    "unsubscribed",
    "schedule",
    "settings",
    "paused",
    "resumed",
    "resent",
    "forgot",
    "repaired",
    "feed new",
    "feed off",
    "invited",
    "confirmed",
    "refused",
    "left",
]

log = structlog.get_logger()


def audit(asker: Asker, what: What, **details: str | int) -> None:
    """Write one down that has happened."""
    log.info("audit", what=what, channel=str(asker.destination), user=asker.user, **details)
