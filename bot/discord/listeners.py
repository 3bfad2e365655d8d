"""What people do in Discord, each kind with its listener: acknowledge, find out who and where, hand over.

Buttons live as long as their message, through any number of restarts: what they say stands in their custom_id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
import discord
import structlog

from bot import tally
from bot.conversation import Conversation
from bot.discord import acts, forms, suggest
from bot.discord.links import named_in, words_in
from bot.discord.look import LOOK
from bot.discord.message import Message
from bot.discord.replies import Acknowledged, InteractionReply, open_form
from bot.discord.rights import Rights
from bot.phrases import before_about
from bot.talk import Talk
from papers.errors import NotFoundError, PaperboyError
from papers.stores.slips import RecentStore, SlipStore

Interaction = discord.Interaction[Any]

UPDATING: Final = frozenset({acts.TURN, acts.POST, *acts.CHOICES})
"""Verbs after which the message that was pressed is changed, or stays and is followed."""

REMEMBERED: Final = ("search ", "subscribe ")
"""Lines whose QUERY is offered again."""

_TOO_OLD: Final = NotFoundError("that button is too old", advice="type the command again")

log = structlog.get_logger(platform="discord")


class Listeners:
    """A `bot.discord.commands.Listener`, and what is done with presses and forms."""

    def __init__(
        self,
        conversation: Conversation,
        talk: Talk[Message],
        rights: Rights,
        slips: SlipStore,
        recent: RecentStore,
    ) -> None:
        self._conversation = conversation
        self._talk = talk
        self._rights = rights
        self._slips = slips
        self._recent = recent

    async def line(self, interaction: Interaction, line: str) -> None:
        """Answer a line, to the asker only."""
        reply = await self._thinking(interaction)
        asker = self._rights.noted(interaction)
        await self._talk.line(asker, line, reply)
        if line.startswith(REMEMBERED):
            await self._talk.apart(lambda: self._recent.add(asker, line.partition(" ")[2]))

    async def refused(self, interaction: Interaction, error: PaperboyError) -> None:
        """Answer that options were wrong."""
        tally.refused("discord", tally.MISTYPED)
        await self._no(interaction, error)

    async def _no(self, interaction: Interaction, error: PaperboyError) -> None:
        await (await self._thinking(interaction)).aside(LOOK.told_as_message(error))

    async def form(self, interaction: Interaction, value: str) -> None:
        """Open the form: a modal is the acknowledgement itself, so it has three seconds."""
        asker = self._rights.noted(interaction)
        try:
            with tally.tallied("discord", acts.FORM):
                await self._rights.check(asker, admins_only=False)
                number, want = await asyncio.to_thread(self._conversation.want, asker, value)
        except PaperboyError as error:
            await self._no(interaction, error)
        else:
            form = forms.form(number=number, text=before_about(want), topic=want.topic or "", per_day=want.per_day)
            await open_form(interaction, form)

    async def similar(self, interaction: Interaction, message: discord.Message) -> None:
        """Papers like what a message speaks of."""
        reply = await self._thinking(interaction)
        asker, services = self._rights.noted(interaction), self._conversation.services
        named = named_in(message, interaction.data)
        known = await self._talk.apart(lambda: next((one for one in named if services.card(one)), None))
        await self._talk.similar(asker, known or words_in(message, interaction.data), reply)

    async def pressed(self, interaction: Interaction) -> None:
        """A button, or a choice in a menu: then what was chosen is the verb's argument."""
        data: Any = interaction.data
        verb, chosen = acts.verb(data["custom_id"]), data.get("values")
        written = f"{verb}:{chosen[0]}" if chosen else data["custom_id"]
        if verb == acts.FORM:
            value = await self._argument(written)
            if value is None:
                await self._too_old(verb, await self._thinking(interaction))
            else:
                await self.form(interaction, value)
            return
        reply = await (self._updating if verb in UPDATING else self._thinking)(interaction)
        value = await self._argument(written)
        if value is None:
            await self._too_old(verb, reply)
        else:
            await self._talk.press(self._rights.noted(interaction), verb, value, reply)

    @staticmethod
    async def _too_old(verb: str, reply: InteractionReply) -> None:
        tally.refused("discord", verb)
        await reply.aside(LOOK.error(_TOO_OLD))

    async def _argument(self, custom_id: str) -> str | None:
        """Not by the threads that answer: all of them may be waiting for somebody's slow feed."""
        return await asyncio.to_thread(acts.argument, custom_id, self._slips.get)

    async def submitted(self, interaction: Interaction) -> None:
        """The form is sent: its draft is answered, as a typed one is."""
        data: Any = interaction.data
        await self.line(interaction, forms.read(data))

    async def numbers(self, interaction: Interaction, typed: str) -> list[suggest.Choice]:
        """The channel's subscriptions."""
        asker = self._rights.noted(interaction)
        return await offered(lambda: suggest.numbers(self._conversation.services.listing(asker).rows, typed))

    async def queries(self, interaction: Interaction, typed: str) -> list[suggest.Choice]:
        """What the user asked for lately."""
        asker = self._rights.noted(interaction)
        return await offered(lambda: suggest.queries(self._recent.all(asker), typed))

    async def _thinking(self, interaction: Interaction) -> InteractionReply:
        await interaction.response.defer(ephemeral=True, thinking=True)
        return InteractionReply(interaction, Acknowledged.THINKING, self._slips.put)

    async def _updating(self, interaction: Interaction) -> InteractionReply:
        await interaction.response.defer()
        return InteractionReply(interaction, Acknowledged.UPDATING, self._slips.put)


async def offered(ask: Callable[[], list[suggest.Choice]]) -> list[suggest.Choice]:
    """What is offered while somebody types; nothing, if something goes wrong: that is no news to them.

    It is asked for in a thread of its own kind: those that answer may all be waiting for somebody's slow feed.
    """
    try:
        return await asyncio.to_thread(ask)
    except Exception as error:  # noqa: BLE001 - see above
        log.warning("nothing could be offered", error=type(error).__name__)
        return []


async def caught(interaction: Interaction, work: Callable[[Interaction], Awaitable[None]]) -> None:
    """Do something for an interaction; what goes wrong is told."""
    try:
        await work(interaction)
    except Exception as error:  # noqa: BLE001 - whatever it was, somebody waits to be told
        await told(interaction, error)


async def told(interaction: Interaction, error: Exception) -> None:
    """Tell of an error, to the asker only, if Discord still listens; the log is told in any case."""
    message = LOOK.told_as_message(error)
    try:
        if not interaction.response.is_done():
            await interaction.response.defer(ephemeral=True, thinking=True)
        await InteractionReply(interaction, Acknowledged.UPDATING, lambda _: "").aside(message)
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as late:
        log.warning("nobody could be told", error=type(late).__name__)
