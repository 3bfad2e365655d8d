"""The way in: a bot that is started while Discord is away waits for it; one that is set up wrongly says what to change.

Once it listens, discord.py makes every connection anew by itself; only what comes before that ends it.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Final

import aiohttp
import discord
import structlog
from discord.utils import MISSING

from bot.discord.client import Client
from papers.errors import SettingsError

AUTHENTICATION_FAILED: Final = 4004
"""https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes."""

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
"""Seconds between two tries, doubling."""

log = structlog.get_logger(platform="discord")


async def listen(client: Client, token: str) -> None:
    """Listen to Discord until the client is closed. Raises SettingsError where waiting would mend nothing."""
    pause = FIRST_PAUSE
    while True:
        try:
            await client.start(token)
        except discord.LoginFailure as error:
            raise SettingsError(["DISCORD_BOT_TOKEN: Discord does not take it"]) from error
        except discord.ConnectionClosed as error:
            if error.code != AUTHENTICATION_FAILED:
                raise
            raise SettingsError(["DISCORD_BOT_TOKEN: Discord takes it no more; was it reset?"]) from error
        except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
            trouble = _passing(error)
        else:
            return
        log.warning("discord is out of reach", error=trouble, again_in=pause)
        await client.http.close()
        client.http.connector = MISSING  # it was closed along: the next try opens another
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _passing(error: Exception) -> str:
    """What is wrong, where it may be over soon. Raises SettingsError for what will not, and the error for a bug."""
    answer = error.__cause__ if isinstance(error, discord.GatewayNotFound) else error  # it hides what was answered
    if not isinstance(answer, discord.HTTPException):
        return f"{type(error).__name__}: {error}"
    said = f"it answered {answer.status}"
    if answer.status == HTTPStatus.NOT_FOUND:
        raise SettingsError([f"DISCORD_API_BASE_URL: there is no API of Discord's ({said})"]) from error
    is_discords = answer.response.headers.get("Content-Type", "").startswith("application/json")
    if answer.status == HTTPStatus.FORBIDDEN and is_discords:
        raise SettingsError([f"DISCORD_BOT_TOKEN: Discord does not let it in ({said})"]) from error
    if answer.status == HTTPStatus.FORBIDDEN:  # Cloudflare keeps an address out for a while; or it is a proxy
        return f"something before Discord answered {answer.status}"
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return said
    raise error
