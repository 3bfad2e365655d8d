"""What `paperboy up` and all its roles tell of themselves, at one address, so that whoever runs everything asks there.

Metrics are one page, whose series are told apart by a label `process`: the words that the role was started by. `up` is
ready where all of its roles are.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterable, Mapping
from http.client import HTTPConnection, HTTPException

from prometheus_client import generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from cli.exposition import Collected
from papers.errors import StoreError
from papers.stores.presence import Presence, PresenceStore

PATIENCE = 2.0
"""Seconds for each role: one that does not answer is left out, and the others are told all the same."""


def of_roles(own: bytes, presences: PresenceStore, host: str) -> bytes:
    """Our own page and those of the roles that this very process started, which listen at `host`."""
    asked = {words(one): text for one in _children(presences) if (text := _asked(host, one.port, "/metrics"))}
    return together({"up": own.decode(), **asked})


def unready(expected: Iterable[str], presences: PresenceStore, host: str) -> list[str]:
    """Why roles of `expected`, by their words, are not ready: what each says itself, or that it does not run."""
    newest_last = sorted(_children(presences), key=lambda one: one.since)  # one that was killed is told of for a while
    there = {words(one): one.port for one in newest_last}
    said = {role: _asked(host, there[role], "/readyz") if role in there else "" for role in expected}
    return [f"{role}: {reason}" for role, text in said.items() for reason in _reasons(text)]


def _reasons(text: str) -> list[str]:
    return [str(one) for one in json.loads(text)["reasons"]] if text else ["does not answer"]


def _children(presences: PresenceStore) -> list[Presence]:
    try:
        return [one for one in presences.all() if one.host == socket.gethostname() and one.parent == os.getpid()]
    except StoreError:
        return []


def words(one: Presence) -> str:
    """What is typed after `paperboy` for a role."""
    return f"{one.role} --shard {one.shard}" if one.shard > 1 else one.role


def _asked(host: str, port: int, path: str) -> str:
    http = HTTPConnection(host, port, timeout=PATIENCE)
    try:
        http.request("GET", path)
        return http.getresponse().read().decode()
    except (OSError, HTTPException):
        return ""
    finally:
        http.close()


def together(pages: Mapping[str, str]) -> bytes:
    """Pages of metrics as one: each family once, each series with the `process` that told it."""
    families: dict[str, Metric] = {}
    for process, page in pages.items():
        for family in text_string_to_metric_families(page):
            whole = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            for one in family.samples:
                whole.add_sample(one.name, {**one.labels, "process": process}, one.value)
    return generate_latest(Collected(lambda: _sorted(families)))


def _sorted(families: Mapping[str, Metric]) -> Iterable[Metric]:
    return [families[name] for name in sorted(families)]
