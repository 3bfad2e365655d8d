"""Whether a Redis or Valkey server may be trusted with subscriptions and deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from papers.errors import StoreUnsafe
from papers.stores.server import Server

OLDEST = (7, 0)
"""ZRANGE BYSCORE REV, LPOS and max-deleted-entry-id are all there from Redis 7.0 on; Valkey began at 7.2."""

log = structlog.get_logger()


def check(server: Server) -> None:
    """Raise StoreUnsafe for a server that cannot work or would evict; warn of one that may forget."""
    refusals, warnings = judge(server.info())
    for warning in warnings:
        log.warning("the server may lose data", problem=warning)
    if refusals:
        raise StoreUnsafe("; ".join(refusals), advice="`paperboy doctor` says more")


def judge(info: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """(what forbids to use the server, what its operator should know), from its INFO."""
    refusals, warnings = [], []
    version = str(info.get("valkey_version") or info.get("redis_version") or "0.0")
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        refusals.append(f"the server is version {version}; Redis 7 or Valkey is needed")
    policy = info.get("maxmemory_policy", "noeviction")
    if info.get("maxmemory") and policy != "noeviction":
        refusals.append(f"maxmemory-policy is {policy}: the server would evict subscriptions; set noeviction")
    if info.get("cluster_enabled"):
        refusals.append("the server is a cluster, which RQ does not work on")
    if not info.get("aof_enabled"):
        kept = "snapshots only" if info.get("rdb_last_bgsave_status") == "ok" else "no persistence"
        warnings.append(f"appendonly is off ({kept}): a crash loses what it acknowledged last; set appendonly yes")
    return refusals, warnings
