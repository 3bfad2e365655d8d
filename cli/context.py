"""What every command needs first: a server that can be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import metadata
from urllib.parse import urlsplit

import structlog

from cli.embedded import embedded
from cli.trust import check
from papers.errors import SettingsError
from papers.settings import Settings, doubtful
from papers.stores.format import agree
from papers.stores.server import Sentinels, Server

log = structlog.get_logger()


def doubt_names() -> None:
    """Say in the log which variables may be settings, misspelt: that one is not set shows nowhere else."""
    for problem in doubtful():
        log.warning("a setting may be misspelt", problem=problem)


@contextmanager
def opened(settings: Settings) -> Iterator[Server]:
    """The server of the settings, else the data directory's own; refused if it would lose what it is told."""
    with connected(settings) as server:
        check(server, open_too=settings.paperboy_allow_open_redis)
        agree(server, metadata.version("paperboy"))
        yield server


@contextmanager
def connected(settings: Settings) -> Iterator[Server]:
    """The same server, whatever it is like."""
    with ExitStack() as stack:
        server = (
            _named(settings) if settings.has_server else Server(stack.enter_context(embedded(settings.paperboy_data)))
        )
        stack.callback(server.close)
        yield server


def place(settings: Settings, server: Server) -> str:
    """Which data that is, for people: `server` is that of the settings. Without passwords."""
    if not settings.has_server:
        return f"the data directory {settings.paperboy_data.resolve()}"
    parts = urlsplit(server.url)  # a password may stand before the host, and in the options after the `?`
    path = "" if "@" in parts.path else parts.path
    return f"the server {parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}"


def _named(settings: Settings) -> Server:
    """The server of REDIS_URL or REDIS_SENTINELS. Raises SettingsError."""
    if settings.redis_url is None:
        password = settings.redis_password.get_secret_value() if settings.redis_password else None
        names = settings.redis_sentinels, settings.redis_sentinel_master
        return Server(Sentinels(*names, settings.redis_username, password, settings.redis_sentinel_replicas))
    try:
        server = Server(settings.redis_url.get_secret_value())
        server.raw.connection_pool.make_connection()  # only made, not connected: it knows the URL's options
    except (TypeError, ValueError) as error:
        raise SettingsError(["REDIS_URL: redis-py does not know one of the options after its `?`"]) from error
    return server
