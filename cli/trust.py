"""Whether a Redis or Valkey server may be trusted with subscriptions and deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog

from papers.errors import StoreError, StoreUnsafe
from papers.stores.server import Server

OLDEST = (7, 0)
"""ZRANGE BYSCORE REV, LPOS and max-deleted-entry-id are all there from Redis 7.0 on; Valkey began at 7.2."""

log = structlog.get_logger()


def check(server: Server, *, open_too: bool = False) -> None:
    """Raise StoreUnsafe for a server that cannot work, would evict or stands open; warn of one that may forget.

    `open_too`: one that stands open is only warned of, as its operator says that a wall is around it.
    """
    refusals, warnings = examine(server, open_too=open_too)
    for warning in warnings:
        log.warning("the server may lose data or give it away", problem=warning)
    if refusals:
        raise StoreUnsafe("; ".join(refusals), advice="`paperboy doctor` says more")


def examine(server: Server, *, open_too: bool = False) -> tuple[list[str], list[str]]:
    """(what forbids to use the server, what its operator should know), each with what to change."""
    info, syncing = server.info(), fsync(server)
    refusals, warnings = judge(info if syncing is None else info | {"appendfsync": syncing})
    standing_open = exposed(server.url)
    return refusals + standing_open * (not open_too), warnings + standing_open * open_too


def fsync(server: Server) -> str | None:
    """Its `appendfsync`; None where it cannot be seen: hosted servers often have no CONFIG, and few users may ask."""
    with suppress(StoreError):
        found: dict[str, str] = server.call("CONFIG", "GET", "appendfsync")
        return found.get("appendfsync")
    return None


def judge(info: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """(what forbids to use the server, what its operator should know), from its INFO and `appendfsync`, if seen."""
    refusals, warnings = [], []
    version = str(info.get("valkey_version") or info.get("redis_version") or "0.0")
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        refusals.append(f"the server is version {version}; Redis 7 or Valkey is needed")
    policy = info.get("maxmemory_policy", "noeviction")
    if info.get("maxmemory") and policy != "noeviction":
        refusals.append(f"maxmemory-policy is {policy}: the server would evict subscriptions; set noeviction")
    if info.get("cluster_enabled"):
        refusals.append("the server is a cluster, which RQ does not work on; use one primary, with Sentinel if need be")
    if info.get("role") == "slave":
        refusals.append("the server is a replica, which takes no writes; name its primary, or use REDIS_SENTINELS")
    syncing = info.get("appendfsync", "always")
    if not info.get("aof_enabled"):
        kept = "snapshots only" if info.get("rdb_last_bgsave_status") == "ok" else "no persistence"
        warnings.append(f"appendonly is off ({kept}): a crash loses what it acknowledged last; set appendonly yes")
    elif syncing != "always":
        warnings.append(f"appendfsync is {syncing}: a crash may lose the last seconds' writes; set appendfsync always")
    if info.get("aof_last_write_status", "ok") != "ok":
        warnings.append("its last write to disk failed, so it refuses to write: make room there, and see its log")
    if info.get("connected_slaves") and "min_slaves_good_slaves" not in info:
        # acknowledged before a replica has it; INFO tells of good replicas only where some are demanded
        warnings.append("a failover may lose what no replica has yet; set min-replicas-to-write 1 to bound that")
    return refusals, warnings


def exposed(url: str) -> list[str]:
    """What its operator should know of a server that lets us in without a password from another machine."""
    parts = urlsplit(url)
    credentials, _, addresses = parts.netloc.rpartition("@")
    proofs = parse_qs(parts.query).keys() & {"password", "ssl_certfile"}
    hosts = [urlsplit(f"//{address}").hostname or "localhost" for address in addresses.split(",")]
    far = [host for host in hosts if not _is_loopback(host)]
    if parts.scheme == "unix" or not far or proofs or credentials.partition(":")[2]:
        return []
    found = f"{far[0]} is asked without a password: whoever reaches it can read and change everything"
    return [f"{found}; set one, or wall it off and set PAPERBOY_ALLOW_OPEN_REDIS=true"]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    with suppress(ValueError):  # another name
        return ip_address(host).is_loopback
    return False
