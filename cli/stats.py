"""What `paperboy stats` counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from papers.wiring import Core
from workers.bells import QUEUES, bell_queue


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
        "days": [day.isoformat() for day in stores.papers.days(7)],
        "channels": len(destinations),
        "subscriptions": stores.channels.count(),
        "waiting": sum(stores.inbox.waiting(destination) for destination in destinations),
        "deliveries": dict(sorted(deliveries.items())),
        "queues": {queue.name: len(queue) for queue in (bell_queue(job, stores.server.raw) for job in QUEUES)},
        "sources": [_source(core, name) for name in stores.sources.names() or core.sources.configured],
    }


def _source(core: Core, name: str) -> dict[str, Any]:
    state = core.stores.sources.state(name)
    return {
        "name": name,
        "polled_at": state.polled_at,
        "ok_at": state.ok_at,
        "day": state.day,
        "failures": state.failures,
        "error": state.error,
        "next": state.next_due,
    }


def _embedded(coverage: dict[str, Any]) -> str:
    if not coverage["model"]:
        return "no worker ran yet"
    whole = coverage["mark"] is not None
    return f"{'all' if whole else '{done:,} of {total:,}'.format(**coverage)} with {coverage['model']}"


def show(counted: dict[str, Any], console: Console) -> None:
    """The same for people."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for name in ("papers", "channels", "subscriptions", "waiting"):
        table.add_row(name, f"{counted[name]:,}")
    table.add_row("embedded", _embedded(counted["embedded"]))
    for name in ("deliveries", "queues"):
        table.add_row(name, ", ".join(f"{figure:,} {what}" for what, figure in counted[name].items()) or "none")
    for source in counted["sources"]:
        polled = source["polled_at"]
        when = f"polled {polled:%Y-%m-%d %H:%M} UTC" if polled else "never polled"
        trouble = f"; failing {source['failures']} times: {source['error']}" if source["failures"] else ""
        newest = f", newest day {source['day']}" if source["day"] else ""
        table.add_row(source["name"], when + newest + trouble)
    console.print(table)
