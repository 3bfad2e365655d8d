"""How Slack shows things, and what its refusals come to for whoever asked."""

from __future__ import annotations

from typing import Final

import structlog
from slack_sdk.errors import SlackApiError

from bot.slack.api import error_code
from bot.slack.message import Message
from bot.slack.render import public, render, render_error
from bot.talk import BrokenError, Look
from papers.errors import PaperboyError

TOO_LATE: Final = {"expired_trigger_id", "exchanged_trigger_id"}

log = structlog.get_logger(platform="slack")


class LateError(PaperboyError):
    """A trigger's three seconds were over."""

    def __init__(self) -> None:
        super().__init__("Slack lets no form open so late", advice="try again")


def foreign(error: Exception) -> PaperboyError | None:
    """What a refusal of Slack's comes to."""
    if not isinstance(error, SlackApiError):
        return None
    log.warning("slack refused", error=error_code(error))
    return LateError() if error_code(error) in TOO_LATE else BrokenError()


LOOK: Final[Look[Message]] = Look(render, render_error, public, foreign)
