"""What /metrics tells beside what stages count: the process itself, and, by match workers, the state that all share.

Every role tells of itself. What lies in the server is told by workers that match the first shard and by nobody else;
where several do, they tell the same, so it is to be read by `max`, never by `sum`.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric

from papers.model import Platform
from papers.pulse import Pulse
from papers.stores.census import Census

ROLES: Final = ("bot discord", "bot email", "bot slack", "bot terminal", "up", "web", "worker fetch", "worker match")


def gauge(name: str, text: str, value: float) -> Metric:
    """A gauge without labels."""
    return GaugeMetricFamily(name, text, value=value)


def gauges(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    """A gauge with one label."""
    family = GaugeMetricFamily(name, text, labels=[label])
    for of, value in values.items():
        family.add_metric([of], value)
    return family


def about_process(role: str, version: str, pulse: Pulse, data: Path) -> Iterator[Metric]:
    """What a process knows of itself: its version and role, its loops, the disk under PAPERBOY_DATA."""
    build = GaugeMetricFamily("paperboy_build_info", "Always 1.", labels=["version", "python", "role"])
    build.add_metric([version, platform.python_version(), role], 1)
    yield build
    yield gauges("paperboy_loop_age_seconds", "Since each loop of the role went round.", "loop", pulse.ages())
    try:
        disk = shutil.disk_usage(next(folder for folder in (data, *data.parents) if folder.exists()))
    except OSError:
        return
    yield gauge("paperboy_disk_free_bytes", "Free on the disk of PAPERBOY_DATA.", disk.free)
    yield gauge("paperboy_disk_size_bytes", "Size of the disk of PAPERBOY_DATA.", disk.total)


def about_server(answers: bool, seconds: float) -> Iterator[Metric]:
    """Whether Valkey or Redis answers this process, and how fast."""
    yield gauge("paperboy_server_up", "1 if the server answered this process lately.", answers)
    yield gauge("paperboy_server_ping_seconds", "Seconds of the last round trip to the server.", seconds)


def about_platforms(troubles: Mapping[Platform, str]) -> Metric:
    """Whether the platforms that a process hears from are connected; `troubles` is "" for those that are."""
    connected: dict[str, float] = {platform: not trouble for platform, trouble in troubles.items()}
    return gauges("paperboy_connected", "1 if the bot's platform can reach it now.", "platform", connected)


def about_shared(census: Census, budget: int) -> Iterator[Metric]:
    """The state that all processes share. `budget` is SUMMARY_DAILY_BUDGET, 0 where nothing summarises."""
    health = {"ok": census.healthy, "failing": census.failing, "paused": census.paused}
    yield gauge("paperboy_archive_papers", "Papers in the archive.", census.papers)
    yield gauges("paperboy_sources", "Sources that are polled, by how they fare.", "state", health)
    yield gauge("paperboy_poll_lag_seconds", "Since the source that waits longest was due.", census.poll_lag)
    yield gauge("paperboy_unmatched_papers", "Arrivals that wait to be matched.", census.unmatched)
    yield gauge("paperboy_unmatched_age_seconds", "Since the oldest of them arrived.", census.unmatched_age)
    yield gauge("paperboy_channels", "Channels that ever asked for anything.", census.channels)
    yield gauge("paperboy_inbox_due_channels", "Channels whose inbox is to be planned by now.", census.due)
    yield gauge("paperboy_plan_lag_seconds", "Since the first of them was due.", census.plan_lag)
    depth: dict[str, float] = {one: waits for one, (waits, _) in census.outbox.items()}
    ages: dict[str, float] = {one: age for one, (_, age) in census.outbox.items()}
    yield gauges("paperboy_outbox_channels", "Channels that have something to send.", "platform", depth)
    yield gauges("paperboy_outbox_age_seconds", "Since the oldest message was due.", "platform", ages)
    yield gauges("paperboy_queue_jobs", "Jobs that wait in a queue of RQ.", "queue", census.queues)
    roles = {role: census.roles.get(role, 0) for role in ROLES}
    yield gauges("paperboy_roles", "Processes that said within 30 s that they run.", "role", roles)
    yield gauge("paperboy_summaries_asked_today", "Summaries asked for since midnight UTC.", census.asked)
    yield gauge("paperboy_summaries_daily_budget", "SUMMARY_DAILY_BUDGET; 0 where nothing summarises.", budget)
    yield gauge("paperboy_server_memory_bytes", "Memory that the server uses.", census.memory)
    yield gauge("paperboy_server_memory_limit_bytes", "Its maxmemory; 0 for none.", census.memory_limit)


class Collected(CollectorRegistry):
    """A registry of what is made anew at each scrape."""

    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        super().__init__()
        self._made = collect

    def collect(self) -> Iterator[Any]:
        """The families."""
        yield from self._made()
