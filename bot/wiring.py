"""Builds the bots over the core; Slack, Discord and email have a wiring of their own.

Their libraries take a third of a second to load together, so each is loaded where its platform is talked to.
"""

from __future__ import annotations

import asyncio

from bot.posting import HANGS, Sender
from bot.terminal.poster import Show, TerminalPoster
from bot.verdict import Judge
from papers.wiring import Core, clock


def terminal_sender(core: Core, show: Show | None = None) -> Sender:
    """The sender of terminal channels; `show` puts posts on the screen."""
    stores = core.stores
    judge = Judge(stores.papers, TerminalPoster(stores.posts, clock, show))
    return Sender("terminal", stores.outbox, stores.channels, judge, beat=core.pulse.expect("sender", HANGS))


def drain(core: Core, show: Show | None = None) -> int:
    """Send everything that may be sent now, on every platform that is set up; how many messages that was."""

    async def send() -> int:
        sent = await terminal_sender(core, show).drain()
        if core.settings.has_slack:
            from bot.slack.wiring import slack_clients, slack_sender

            clients = slack_clients(core)
            sent += await slack_sender(core, clients).drain()
            await clients.close()
        if core.settings.discord_bot_token is not None:
            from bot.discord.wiring import discord_api, discord_sender

            api = discord_api(core.settings)
            sent += await discord_sender(core, api).drain()
            await api.close()
        return sent + await _mail(core)

    return asyncio.run(send())


def mail_now(core: Core) -> int:
    """Mail everything that may be mailed now; how many mails that was."""
    return asyncio.run(_mail(core))


async def _mail(core: Core) -> int:
    if not core.settings.has_email:
        return 0
    from bot.email.wiring import email_line, email_sender

    line = email_line(core.settings)
    try:
        return await email_sender(core, line).drain()
    finally:
        await line.close()
