"""What `paperboy stats` counts; `cli.stats_page` shows it to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final

from papers.stores.backfills import Listed
from papers.stores.outbox import HISTORY
from papers.stores.presence import PresenceStore
from papers.stores.sources import SourceState
from papers.wiring import Core
from workers.bells import queues
from workers.past import Span

REASONS: Final = 5
"""Why deliveries are held up: so many reasons are told, the most frequent ones."""


def count(core: Core) -> dict[str, Any]:
    """Papers, channels, subscriptions, deliveries by state, jobs by queue, sources."""
    stores = core.stores
    destinations = list(stores.channels.destinations())
    deliveries, held = Counter[str](), Counter[str]()
    for destination in destinations:
        records = stores.outbox.history(destination, HISTORY)
        deliveries.update(record.state for record in records)
        held.update(record.detail for record in records if record.state == "pending" and record.detail)
    return {
        "papers": stores.papers.count(),
        "embedded": asdict(stores.coverage.get()),
        "archive": _archive(core),
        "days": [day.isoformat() for day in stores.papers.days(7)],
        "channels": len(destinations),
        "subscriptions": stores.channels.count(),
        "waiting": sum(stores.inbox.waiting(destination) for destination in destinations),
        "deliveries": dict(sorted(deliveries.items())),
        "held_up": dict(held.most_common(REASONS)),
        "queues": {
            name: stores.server.call("LLEN", key) for name, key in queues(core.settings.paperboy_shards).items()
        },
        "sources": list(map(_source, stores.sources.states(stores.sources.names() or core.sources.configured))),
        "running": [asdict(one) for one in PresenceStore(stores.server).all()],
    }


def _archive(core: Core) -> dict[str, Any]:
    """From when to when the archive reaches, and what its backfills still miss."""
    extent = core.stores.papers.extent()
    first, last, days = extent or (None, None, 0)
    filled = {name: core.stores.backfills.days(name) for name in core.sources.configured}
    return {
        "first": first,
        "last": last,
        "days": days,
        "backfilled": [_backfilled(name, known) for name, known in filled.items() if known],
    }


def _backfilled(name: str, known: Mapping[date, Listed | None]) -> dict[str, Any]:
    """One source's past: the days from the first to the last that was asked for, and which are missing."""
    span = Span(min(known), max(known))
    missing = [day for day in reversed(span.days()) if known.get(day) is None]
    told = {"days": len(span.days()), "days_missing": len(missing), "missing": _ranges(missing)}
    return {"source": name, "first": span.first, "last": span.last, **told}


def _ranges(days: Sequence[date]) -> list[dict[str, date]]:
    """Days in ascending order as the fewest ranges, each with its first and last day."""
    found: list[dict[str, date]] = []
    for day in days:
        if found and found[-1]["last"] == day - timedelta(days=1):
            found[-1]["last"] = day
        else:
            found.append({"first": day, "last": day})
    return found


def _source(state: SourceState) -> dict[str, Any]:
    return {
        "name": state.name,
        "polled_at": state.polled_at,
        "ok_at": state.ok_at,
        "day": state.day,
        "failures": state.failures,
        "error": state.error,
        "next": state.next_due,
        "paused": state.paused,
    }
