"""`paperboy up`: which roles the settings ask for, run together, with one address for all that they tell."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping, Sequence

import structlog

from cli.context import doubt_names, opened
from cli.embedded import EmbeddedValkey
from cli.federation import of_roles, unready
from cli.health import LOOP, Health, listen, said
from cli.logs import set_up_logs
from cli.supervisor import Role, Supervisor
from papers.errors import StoreUnavailable, StoreUnsafe
from papers.pulse import Pulse
from papers.settings import Settings
from papers.stores.presence import Presence, PresenceStore
from papers.stores.server import Server

log = structlog.get_logger()


def up() -> None:
    """Run all that .env configures: server, workers, sweeper, bots. Ctrl-C stops everything cleanly.

    Example: paperboy up
    """
    settings = Settings.load()
    set_up_logs(settings)
    doubt_names()
    if settings.paperboy_public_url is not None:
        settings.need_web(beside_slack=True)
    roles = [*workers(settings), *_bots(settings), *_pages(settings)]
    if settings.has_server:
        with opened(settings) as server:
            be_alone(PresenceStore(server).all())
            _supervise(settings, server, roles)
        return
    valkey = EmbeddedValkey(settings.paperboy_data)
    valkey.own()
    server = Server(valkey.url)
    try:
        if not _supervise(settings, server, roles, {"REDIS_URL": valkey.url}, valkey.keep_alive):
            advice = f"look into {settings.paperboy_data}/valkey/valkey.log"
            raise StoreUnavailable("the embedded server cannot be kept alive", advice=advice)
    finally:
        server.close()
        valkey.stop()
        log.info("stopped")


def be_alone(running: Sequence[Presence]) -> None:
    """Raise StoreUnsafe if another `up` of this machine works with the same server: what it runs would run twice.

    One that was killed counts as running for half a minute, and may be seen to be gone sooner.
    """
    for one in running:
        is_ours = one.role == "up" and one.host == socket.gethostname() and one.pid != os.getpid()
        if is_ours and _is_alive(one.pid):
            raise StoreUnsafe(
                f"another `paperboy up` runs on this server: pid {one.pid}, since {one.since:%Y-%m-%d %H:%M} UTC",
                advice="stop it first; one apart from it needs a REDIS_URL and ports of its own",
            )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)  # no signal: only whether there is somebody to signal
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's
    return True


def _supervise(
    settings: Settings,
    server: Server,
    roles: list[Role],
    ours: Mapping[str, str] | None = None,
    watch: Callable[[], bool] = lambda: True,
) -> bool:
    """Run the roles; what they tell of themselves is told as one."""
    pulse = Pulse()
    presences = PresenceStore(server)
    with Health("up", settings, server, pulse) as health:

        def answer(path: str) -> tuple[int, bytes, str]:
            if path == "/readyz":
                named = [role.name for role in roles]
                return said("ready", health.troubles() or unready(named, presences, settings.http_host))
            status, body, kind = health(path)
            return status, of_roles(body, presences, settings.http_host) if path == "/metrics" else body, kind

        health.here(listen(answer, settings, 0 if any(role.serves for role in roles) else None))
        health.ready()
        return Supervisor(roles, ours or {}, watch=watch, beat=pulse.expect("supervisor", LOOP)).run()


def _bots(settings: Settings) -> list[Role]:
    """The bots that are set up; the terminal's where there is none to talk to."""
    bots = [Role(("bot", "slack"), serves=settings.slack_serves)] if settings.has_slack else []
    bots += [Role(("bot", "discord"))] if settings.discord_bot_token is not None else []
    bots = bots or [Role(("bot", "terminal"), talks=True)]
    return [*bots, *[Role(("bot", "email"))] * settings.has_email]


def _pages(settings: Settings) -> list[Role]:
    """What is read outside of chats, where others can reach it."""
    if settings.paperboy_public_url is None:
        return []
    return [Role(("web",), serves=settings.web_listens == settings.http_port)]


def workers(settings: Settings) -> list[Role]:
    """One that fetches, and one that matches for each shard."""
    shards = range(1, settings.paperboy_shards + 1)
    matching = [Role(("worker", "match", *(["--shard", str(one)] if one > 1 else []))) for one in shards]
    return [Role(("worker", "fetch")), *matching]
