"""What every command needs first: settings, logs, and a server that can be trusted."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import structlog

from cli.embedded import embedded
from cli.trust import check
from papers.errors import SettingsError
from papers.settings import Settings
from papers.stores.server import Sentinels, Server


class OncePerOutage(logging.Filter):
    """RQ tells of every attempt to reach a server that is away; a line a minute says as much."""

    EVERY = 60.0
    """Seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._told = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is to be written."""
        if "could not connect to Redis" not in str(record.msg):
            return True
        if record.created - self._told < self.EVERY:
            return False
        self._told = record.created
        return True


def set_up_logs(settings: Settings, *, level: str | None = None) -> None:
    """Log to stderr: for people on a console, or a JSON object a line. Libraries log through the same door."""
    shown = logging.getLevelNamesMapping()[(level or settings.log_level).upper()]
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.types.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if settings.log_format == "json"
        # plain tracebacks: pretty ones show local variables, and tokens among them
        else [_console_renderer()]
    )
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(shown),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler()
    handler.addFilter(OncePerOutage())
    processors = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=processors, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=max(shown, logging.WARNING), force=True)


def _console_renderer() -> structlog.types.Processor:
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)


@contextmanager
def opened(settings: Settings) -> Iterator[Server]:
    """The server of the settings, else the data directory's own; refused if it would lose what it is told."""
    with connected(settings) as server:
        check(server, open_too=settings.paperboy_allow_open_redis)
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


def _named(settings: Settings) -> Server:
    """The server of REDIS_URL or REDIS_SENTINELS. Raises SettingsError."""
    if settings.redis_url is None:
        password = settings.redis_password.get_secret_value() if settings.redis_password else None
        names = settings.redis_sentinels, settings.redis_sentinel_master
        return Server(Sentinels(*names, settings.redis_username, password))
    try:
        server = Server(settings.redis_url.get_secret_value())
        server.raw.connection_pool.make_connection()  # only made, not connected: it knows the URL's options
    except (TypeError, ValueError) as error:
        raise SettingsError(["REDIS_URL: redis-py does not know one of the options after its `?`"]) from error
    return server
