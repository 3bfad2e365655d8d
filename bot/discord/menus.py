"""What stands in the menu of a message: finding papers like what it speaks of."""

from __future__ import annotations

from typing import Final

import discord
from discord import app_commands

from bot.discord.commands import Interaction, Listener

SIMILAR: Final = "Find similar papers"


def similar_papers(listener: Listener) -> app_commands.ContextMenu:
    """The entry in a message's menu."""

    async def similar(interaction: Interaction, message: discord.Message) -> None:
        await listener.similar(interaction, message)

    return app_commands.ContextMenu(
        name=SIMILAR,
        callback=similar,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )
