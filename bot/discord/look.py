"""How Discord shows things, and what its refusals come to for whoever asked."""

from __future__ import annotations

from typing import Final

import discord
import structlog

from bot.discord.message import Message
from bot.discord.render import public, render, render_error
from bot.talk import BrokenError, Look
from papers.errors import PaperboyError

log = structlog.get_logger(platform="discord")


def foreign(error: Exception) -> PaperboyError | None:
    """What a refusal of Discord's comes to."""
    if not isinstance(error, discord.DiscordException):
        return None
    log.warning("discord refused", error=str(error))
    return BrokenError()


LOOK: Final[Look[Message]] = Look(render, render_error, public, foreign)
