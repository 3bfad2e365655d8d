"""Where an answer to an interaction goes. Discord gives three seconds to acknowledge, then fifteen minutes to answer
(https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages).

    THINKING  a message that only the asker sees, shown as thinking at once, then filled
    UPDATING  the message that was pressed stays, then is changed; what else is said follows it
"""  # noqa: D205 - one sentence

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Final

import aiohttp
import discord
from discord.http import Route

from bot.discord.acts import shortened
from bot.discord.message import Message

EPHEMERAL = 1 << 6
"""https://docs.discord.com/developers/resources/message#message-object-message-flags."""


Keep = Callable[[str], str]


TRIES: Final = 3
PAUSE: Final = 0.5
"""How often an answer is sent that Discord does not take, and seconds between two tries."""


class Acknowledged(Enum):
    """How an interaction was acknowledged."""

    THINKING = auto()
    UPDATING = auto()


class InteractionReply:
    """A `bot.talk.Reply`. `keep` stores what is too long for a button, and gives a token for it."""

    def __init__(self, interaction: discord.Interaction[Any], how: Acknowledged, keep: Keep) -> None:
        self._interaction = interaction
        self._how = how
        self._keep = keep

    async def aside(self, message: Message) -> None:
        """To the asker only."""
        if self._how is Acknowledged.THINKING:
            await self._change(message)
        else:
            await self._follow(message, ephemeral=True)

    async def instead(self, message: Message) -> None:
        """In place of the message that was pressed."""
        await self._change(message)

    async def aloud(self, message: Message) -> None:
        """To everybody in the channel."""
        await self._follow(message, ephemeral=False)

    async def gone(self) -> None:
        """The message that was pressed is deleted."""
        await self._interaction.delete_original_response()

    async def _change(self, message: Message) -> None:
        await self._send("PATCH", "/messages/@original", message.payload())

    async def _follow(self, message: Message, *, ephemeral: bool) -> None:
        await self._send("POST", "", message.payload(ephemeral=ephemeral), once=not ephemeral)

    async def _send(self, method: str, rest: str, payload: dict[str, Any], *, once: bool = False) -> None:
        """Send; what may be there twice without harm is sent again where Discord or the connection breaks off."""
        route = Route(
            method,
            "/webhooks/{webhook_id}/{webhook_token}" + rest,
            webhook_id=self._interaction.application_id,
            webhook_token=self._interaction.token,
        )
        body = await asyncio.to_thread(shortened, payload, self._keep)
        for again in range(0 if once else TRIES - 1, -1, -1):
            try:
                await self._interaction.client.http.request(route, json=body)
            except (discord.DiscordServerError, aiohttp.ClientConnectionError):
                if not again:
                    raise
                await asyncio.sleep(PAUSE)
            else:
                return


async def open_form(interaction: discord.Interaction[Any], form: dict[str, Any]) -> None:
    """Answer with a modal; it cannot be opened after anything else was acknowledged."""
    route = Route(
        "POST",
        "/interactions/{webhook_id}/{webhook_token}/callback",
        webhook_id=interaction.id,
        webhook_token=interaction.token,
    )
    await interaction.client.http.request(
        route, json={"type": discord.InteractionResponseType.modal.value, "data": form}
    )
