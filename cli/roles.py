"""The long-running commands: worker, the bots, web, demo; `up` is in cli/up.py."""

from __future__ import annotations

import asyncio
import getpass
import signal
import tempfile
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.terminal.app import Prompt, run, show_on
from bot.terminal.talk import channel
from bot.wiring import terminal_sender
from cli import up
from cli.context import opened
from cli.demo import play
from cli.health import Health, announce, listen
from cli.logs import set_up_logs
from cli.screen import Screen
from cli.supervisor import Supervisor
from papers.errors import UsageError
from papers.matching.shards import Shard
from papers.model import Asker
from papers.settings import Settings
from papers.stores.census import CensusStore
from papers.wiring import Core, clock
from workers.bells import queues
from workers.wiring import Workshop, sweep_beside

bot_app = typer.Typer(help="Run one platform's bot.\n\nExample: paperboy bot terminal", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(demo)
    app.command()(up.up)
    app.command()(worker)
    app.command()(web)
    bot_app.command("terminal")(bot_terminal)
    bot_app.command("slack")(bot_slack)
    bot_app.command("discord")(bot_discord)
    bot_app.command("email")(bot_email)
    app.add_typer(bot_app, name="bot")


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the posts, without a prompt.")] = False,
) -> None:
    """Try everything on a bundled sample: no token, no server, no network, and nothing is kept.

    Example: paperboy demo --once
    """
    with tempfile.TemporaryDirectory(prefix="paperboy-demo-") as folder:
        play(Path(folder), Screen(), talk=not once)


class Work(StrEnum):
    """What a worker does."""

    FETCH = "fetch"
    MATCH = "match"


def worker(
    work: Annotated[Work | None, typer.Argument(help="Only fetch, or only match and plan; both if omitted.")] = None,
    shard: Annotated[int | None, typer.Option(min=1, help="Which of PAPERBOY_SHARDS parts to match.")] = None,
) -> None:
    """Poll sources, match papers and plan posts. Any number may run, on any number of machines.

    Example: paperboy worker match
    """
    settings = Settings.load()
    ours = _shard(work, shard, settings)
    set_up_logs(settings)
    with opened(settings) as server:
        if work is None:
            Supervisor(up.workers(settings), {} if settings.has_server else {"REDIS_URL": server.url}).run()
            return
        workshop = Workshop(settings, server, ours)
        with workshop_health(f"worker {work.value}", workshop, ours) as health:
            announce(health, settings)
            if work is Work.FETCH:
                workshop.fetch_worker().work(logging_level="WARNING")
            else:
                stop = sweep_beside(workshop)
                workshop.match_worker().work(logging_level="WARNING")
                stop.set()


def workshop_health(role: str, workshop: Workshop, shard: Shard) -> Health:
    """A worker's health. The first shard's workers tell of the state that all share."""
    core = workshop.core
    server = core.stores.server
    counts = role == "worker match" and shard.number == 1
    census = CensusStore(server, queues(core.settings.paperboy_shards)) if counts else None
    return Health(role, core.settings, server, core.pulse, census=census, shard=shard.number)


def _shard(work: Work | None, number: int | None, settings: Settings) -> Shard:
    """The part that a worker matches. Raises UsageError where there is none such."""
    if number is not None and work is not Work.MATCH:
        raise UsageError(
            "only `worker match` has shards",
            advice="leave --shard out: sources are shared among all that fetch, and `worker` alone starts every shard",
        )
    if (number or 1) > settings.paperboy_shards:
        raise UsageError(
            f"there is no shard {number}: PAPERBOY_SHARDS is {settings.paperboy_shards}",
            advice="set PAPERBOY_SHARDS to how many there shall be, for all workers alike",
        )
    return Shard(number or 1, settings.paperboy_shards)


def bot_terminal(
    channel_name: Annotated[str, typer.Option("--channel", help="Channel to talk in at first.")] = "general",
) -> None:
    """Show terminal channels' posts as they come, with a prompt where /papers … works.

    Example: paperboy bot terminal --channel vision
    """
    settings = Settings.load()
    set_up_logs(settings)
    with opened(settings) as server:
        core, console = Core(settings, server), Screen()
        with closing(core), Health("bot terminal", settings, server, core.pulse) as health:
            announce(health, settings)
            prompt = Prompt(lambda: core.desk, Asker(channel(channel_name), _user()), console, clock)
            asyncio.run(_until_signal(core, console, prompt))


def bot_slack() -> None:
    """Talk and post in Slack, in every workspace that Paperboy is installed in.

    Example: paperboy bot slack
    """
    from bot.slack.wiring import slack_bot

    settings = Settings.load()
    settings.need_slack()
    set_up_logs(settings)
    with opened(settings) as server:

        async def talk() -> None:
            core = Core(settings, server)
            with Health("bot slack", settings, server, core.pulse, connections=core.connections) as health:
                await slack_bot(core).run(_stopped_by_signal(), health)

        asyncio.run(talk())


def bot_discord() -> None:
    """Talk and post in Discord, in every server that Paperboy was added to.

    Example: paperboy bot discord
    """
    from bot.discord.wiring import discord_bot

    settings = Settings.load()
    settings.need_discord()
    set_up_logs(settings)
    with opened(settings) as server:

        async def talk() -> None:
            core = Core(settings, server)
            with Health("bot discord", settings, server, core.pulse, connections=core.connections) as health:
                health.here(listen(health, settings))
                await discord_bot(core).run(_stopped_by_signal(), health.ready)

        asyncio.run(talk())


def bot_email() -> None:
    """Mail what is due to everybody who confirmed that they want it, by the server at SMTP_HOST.

    Example: paperboy bot email
    """
    from bot.email.wiring import email_bot

    settings = Settings.load()
    settings.need_email()
    set_up_logs(settings)
    with opened(settings) as server:

        async def mail() -> None:
            core = Core(settings, server)
            with Health("bot email", settings, server, core.pulse) as health:
                await email_bot(core).run(_stopped_by_signal(), lambda: announce(health, settings))

        asyncio.run(mail())


def web() -> None:
    """Serve what is read outside of chats, at PAPERBOY_PUBLIC_URL: channels' feeds, and what links in mails lead to.

    Example: paperboy web
    """
    from bot.web.server import serve
    from bot.web.wiring import pages

    settings = Settings.load()
    settings.need_web()
    set_up_logs(settings)
    with opened(settings) as server:

        async def answer() -> None:
            core, where = Core(settings, server), (settings.http_host, settings.web_listens or 0)
            with Health("web", settings, server, core.pulse) as health:
                await serve(pages(core), where, _stopped_by_signal(), health)

        asyncio.run(answer())


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user id may have no name
        return "me"


async def _until_signal(core: Core, console: Screen, prompt: Prompt) -> None:
    await run(terminal_sender(core, show_on(console)), prompt, _stopped_by_signal())


def _stopped_by_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
