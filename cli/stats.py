"""What `paperboy stats` counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from papers import wording
from papers.stores.backfills import Listed
from papers.stores.sources import SourceState
from papers.wiring import Core
from workers.bells import QUEUES, bell_queue
from workers.past import Span


def count(core: Core) -> dict[str, Any]:
    """Papers, channels, subscriptions, deliveries by state, jobs by queue, sources."""
    stores = core.stores
    destinations = list(stores.channels.destinations())
    deliveries: Counter[str] = Counter()
    for destination in destinations:
        deliveries.update(stores.outbox.by_state(destination))
    return {
        "papers": stores.papers.count(),
        "embedded": asdict(stores.coverage.get()),
        "archive": _archive(core),
        "days": [day.isoformat() for day in stores.papers.days(7)],
        "channels": len(destinations),
        "subscriptions": stores.channels.count(),
        "waiting": sum(stores.inbox.waiting(destination) for destination in destinations),
        "deliveries": dict(sorted(deliveries.items())),
        "queues": {queue.name: len(queue) for queue in (bell_queue(job, stores.server.raw) for job in QUEUES)},
        "sources": list(map(_source, stores.sources.states(stores.sources.names() or core.sources.configured))),
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
    missing = [day.isoformat() for day in reversed(span.days()) if known.get(day) is None]
    return {"source": name, "first": span.first, "last": span.last, "days": len(span.days()), "missing": missing}


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


def _embedded(coverage: dict[str, Any]) -> str:
    if not coverage["model"]:
        return "no worker ran yet"
    whole = coverage["mark"] is not None
    return f"{'all' if whole else '{done:,} of {total:,}'.format(**coverage)} with {coverage['model']}"


def _extent(archive: dict[str, Any]) -> str:
    if archive["first"] is None:
        return "empty"
    days = wording.count(archive["days"], "day")
    return f"{archive['first']} to {archive['last']}, {days} with papers"


def _filled(backfilled: dict[str, Any]) -> str:
    """How much of one source's past is there."""
    reach = "{source}: {first} to {last}".format(**backfilled)
    if not (missing := backfilled["missing"]):
        return f"{reach}, no day missing"
    return f"{reach}, {len(missing):,} of {backfilled['days']:,} days missing: `paperboy backfill --since {missing[0]}`"


def show(counted: dict[str, Any], console: Console) -> None:
    """The same for people."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for name in ("papers", "channels", "subscriptions", "waiting"):
        table.add_row(name, f"{counted[name]:,}")
    table.add_row("archive", _extent(counted["archive"]))
    for backfilled in counted["archive"]["backfilled"]:
        table.add_row("backfilled", _filled(backfilled))
    table.add_row("embedded", _embedded(counted["embedded"]))
    for name in ("deliveries", "queues"):
        table.add_row(name, ", ".join(f"{figure:,} {what}" for what, figure in counted[name].items()) or "none")
    for source in counted["sources"]:
        polled = source["polled_at"]
        when = f"polled {polled:%Y-%m-%d %H:%M} UTC" if polled else "never polled"
        trouble = f"; failing {source['failures']} times: {source['error']}" if source["failures"] else ""
        trouble += "; paused" if source["paused"] else ""
        newest = f", newest day {source['day']}" if source["day"] else ""
        table.add_row(source["name"], when + newest + trouble)
    console.print(table)
