"""Logs: one event a line on standard error, for people or as JSON, ours and libraries' alike, without secrets.

    our lines ───────► fields ──┐
    libraries' lines ► fields ──┴► tracebacks as text ──► `papers.redaction` ──► console or JSON

docs/operating.md lists the events.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, Final, get_args
from urllib.parse import unquote, urlsplit

import structlog
from pydantic import SecretStr

from papers.model import Platform
from papers.redaction import Redactor
from papers.settings import Settings

log = structlog.get_logger()


class OncePerOutage(logging.Filter):
    """RQ tells of every attempt to reach a server that is away, slack_sdk of Slack in two lines with tracebacks.

    A line a minute says as much, and why.
    """

    EVERY = 60.0
    """Seconds."""

    ATTEMPTS: Final = re.compile(
        r"could not connect to (Redis)"
        r"|^slack\.socket: Failed to "
        r"(?:check the current session|connect|receive or enqueue|retrieve WSS URL|send a ping)"
    )
    """Lines about one, with their logger: of RQ's worker.py, of slack_sdk's socket_mode (see `bot.slack.socket`)."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str | None, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is to be written; one about an attempt loses its traceback."""
        attempt = self.ATTEMPTS.search(f"{record.name}: {record.msg}")
        if attempt is None:
            return True
        whose = attempt[1]
        if record.created - self._told.get(whose, 0.0) < self.EVERY:
            return False
        self._told[whose] = record.created
        record.exc_info = None
        return True


def set_up_logs(settings: Settings, *, level: str | None = None) -> None:
    """Log to stderr: for people on a console, or a JSON object a line. Libraries log through the same door."""
    shown = logging.getLevelNamesMapping()[(level or settings.log_level).upper()]
    shared: list[structlog.types.Processor] = [
        with_platform,
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = _last(settings)
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(shown),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler()
    handler.addFilter(OncePerOutage())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(shown, logging.WARNING), force=True)
    logging.captureWarnings(capture=True)
    sys.excepthook = _crashed
    threading.excepthook = lambda told: _crashed(told.exc_type, told.exc_value, told.exc_traceback)


def with_platform(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Name the `platform` of a line about a `channel`, which is spelt `platform:workspace:channel`."""
    platform = str(line.get("channel", "")).partition(":")[0]
    if platform in get_args(Platform):
        line.setdefault("platform", platform)
    return line


def _last(settings: Settings) -> list[structlog.types.Processor]:
    """What every line goes through in the end. Tracebacks are plain: pretty ones show local variables."""
    redactor = Redactor(own_secrets(settings))
    if settings.log_format == "json":
        return [structlog.processors.format_exc_info, redactor, structlog.processors.JSONRenderer(ensure_ascii=False)]
    plain = structlog.dev.plain_traceback
    console = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
    return [structlog.processors.format_exc_info, redactor, console]


def own_secrets(settings: Settings) -> list[str]:
    """Every secret among the settings; of the server's URL its password, of encryption keys each."""
    found = []
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            secret = value.get_secret_value()
            found += [secret, *secret.replace(",", " ").split()]
    if settings.redis_url is not None:
        password = urlsplit(settings.redis_url.get_secret_value()).password or ""
        found += [password, unquote(password)]
    return found


def _crashed(kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None) -> None:
    """What nobody caught, in the same format as everything else; Python would print it as it is."""
    if error is not None and not issubclass(kind, KeyboardInterrupt | SystemExit):
        log.critical("crashed", exc_info=(kind, error, traceback))
