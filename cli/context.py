"""What every command needs first: settings, logs, and a server that can be trusted."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from cli.embedded import embedded
from cli.trust import check
from papers.settings import Settings
from papers.stores.server import Server


def set_up_logs(settings: Settings, *, level: str | None = None) -> None:
    """Log to stderr: for people on a console, or a JSON object a line. Libraries log through the same door."""
    shown = logging.getLevelNamesMapping()[(level or settings.log_level).upper()]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(shown),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=max(shown, logging.WARNING), force=True)


@contextmanager
def opened(settings: Settings) -> Iterator[Server]:
    """The server of REDIS_URL, else the data directory's own; refused if it would lose what it is told."""
    if settings.redis_url is not None:
        server = Server(settings.redis_url.get_secret_value())
        try:
            check(server)
            yield server
        finally:
            server.close()
        return
    with embedded(settings.paperboy_data) as url:
        server = Server(url)
        try:
            yield server
        finally:
            server.close()
