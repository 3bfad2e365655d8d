"""Builds the Discord bot over the core."""

from __future__ import annotations

from bot.conversation import Conversation
from bot.discord.api import Api
from bot.discord.app import DiscordBot, point
from bot.discord.client import Client, Parts
from bot.discord.listeners import Listeners
from bot.discord.look import LOOK
from bot.discord.poster import LEASE, LOOK_AFTER, DiscordPoster, paces
from bot.discord.rights import Rights
from bot.leaving import Comings
from bot.posting import HANGS, Sender
from bot.repair import Closures
from bot.talk import Talk, answering
from bot.verdict import Judge
from papers.settings import Settings
from papers.stores.marks import Marks
from papers.stores.slips import RecentStore, SlipStore
from papers.wiring import Core, clock


def discord_api(settings: Settings) -> Api:
    """Discord's HTTP API, with the bot's token."""
    return Api(_token(settings), settings.discord_api_base_url)


def discord_sender(core: Core, api: Api) -> Sender:
    """The sender of Discord's channels."""
    stores = core.stores
    judge = Judge(stores.papers, DiscordPoster(api, clock), lease=LEASE, look_after=LOOK_AFTER)
    return Sender("discord", stores.outbox, stores.channels, judge, paces, beat=core.pulse.expect("sender", HANGS))


def discord_bot(core: Core) -> DiscordBot:
    """The Discord bot of the settings. Building it connects to nothing; call it in the event loop that runs it."""
    settings, api = core.settings, discord_api(core.settings)
    point(settings)
    connection = core.connections.expect("discord")
    shards = settings.discord_shard_ids, settings.discord_shard_count
    client = Client(lambda made: _parts(core, made), connection, *shards)
    return DiscordBot(
        client,
        discord_sender(core, api),
        _token(settings),
        warm=lambda: core.desk.search("papers"),
        rest=client.rest,
        close=api.close,
    )


def _parts(core: Core, client: Client) -> Parts:
    stores, server = core.stores, core.stores.server
    conversation = Conversation(lambda: core.desk, stores.drafts, stores.quota, clock)
    rights = Rights(client)
    talk = Talk(conversation, rights, LOOK, answering())
    listeners = Listeners(conversation, talk, rights, SlipStore(server), RecentStore(server))
    closures = Closures(stores.outbox, stores.channels, clock)
    comings = Comings(closures, stores.departures, clock)
    return Parts(listeners, closures, comings, Marks(server), talk.rest)


def _token(settings: Settings) -> str:
    token = settings.discord_bot_token
    return token.get_secret_value() if token else ""
