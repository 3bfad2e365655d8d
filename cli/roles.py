"""The long-running commands: up, worker, the bots, demo."""

from __future__ import annotations

import asyncio
import getpass
import signal
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import structlog
import typer

from bot.discord.wiring import discord_bot
from bot.email.wiring import email_bot
from bot.slack.wiring import slack_bot
from bot.terminal.app import Prompt, run, show_on
from bot.terminal.talk import channel
from bot.web.server import serve
from bot.web.wiring import pages
from bot.wiring import terminal_sender
from cli.context import opened, set_up_logs
from cli.demo import play
from cli.embedded import EmbeddedValkey
from cli.health import announce, answer, ready
from cli.screen import Screen
from cli.supervisor import Role, Supervisor
from papers.errors import StoreUnavailable, UsageError
from papers.matching.shards import Shard
from papers.model import Asker
from papers.settings import Settings
from papers.stores.server import Server
from papers.wiring import Core, clock
from workers.wiring import Workshop, sweep_beside

log = structlog.get_logger()

bot_app = typer.Typer(help="Run one platform's bot.\n\nExample: paperboy bot terminal", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(demo)
    app.command()(up)
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
    shard: Annotated[int, typer.Option(min=1, help="Which of PAPERBOY_SHARDS parts to match.")] = 1,
) -> None:
    """Poll sources, match papers and plan posts. Any number may run, on any number of machines.

    Example: paperboy worker match
    """
    settings = Settings.load()
    set_up_logs(settings)
    with opened(settings) as server:
        if work is None:
            roles = _workers(settings)
            ours = {} if settings.has_server else {"REDIS_URL": server.url}
            Supervisor(roles, ours).run()
            return
        workshop = Workshop(settings, server, _shard(shard, settings))
        announce(f"worker {work.value}", settings, server)
        if work is Work.FETCH:
            workshop.fetch_worker().work(logging_level="WARNING")
        else:
            stop = sweep_beside(workshop)
            workshop.match_worker().work(logging_level="WARNING")
            stop.set()


def _workers(settings: Settings) -> list[Role]:
    """One that fetches, and one that matches for each shard."""
    shards = range(1, settings.paperboy_shards + 1)
    matching = [Role(("worker", "match", *(["--shard", str(one)] if one > 1 else []))) for one in shards]
    return [Role(("worker", "fetch")), *matching]


def _shard(number: int, settings: Settings) -> Shard:
    if number > settings.paperboy_shards:
        raise UsageError(
            f"there is no shard {number}: PAPERBOY_SHARDS is {settings.paperboy_shards}",
            advice="set PAPERBOY_SHARDS to how many there shall be, for all workers alike",
        )
    return Shard(number, settings.paperboy_shards)


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
        announce("bot terminal", settings, server)
        prompt = Prompt(lambda: core.desk, Asker(channel(channel_name), _user()), console, clock)
        asyncio.run(_until_signal(core, console, prompt))


def bot_slack() -> None:
    """Talk and post in Slack, in every workspace that Paperboy is installed in.

    Example: paperboy bot slack
    """
    settings = Settings.load()
    settings.need_slack()
    set_up_logs(settings)
    with opened(settings) as server:

        async def listen() -> None:
            bot = slack_bot(Core(settings, server))
            await bot.run(
                _stopped_by_signal(),
                health=lambda path: answer(path, server),
                ready=lambda port: ready("bot slack", settings.http_host, port),
            )

        asyncio.run(listen())


def bot_discord() -> None:
    """Talk and post in Discord, in every server that Paperboy was added to.

    Example: paperboy bot discord
    """
    settings = Settings.load()
    settings.need_discord()
    set_up_logs(settings)
    with opened(settings) as server:

        async def listen() -> None:
            bot = discord_bot(Core(settings, server))
            await bot.run(_stopped_by_signal(), lambda: announce("bot discord", settings, server))

        asyncio.run(listen())


def bot_email() -> None:
    """Mail what is due to everybody who confirmed that they want it, by the server at SMTP_HOST.

    Example: paperboy bot email
    """
    settings = Settings.load()
    settings.need_email()
    set_up_logs(settings)
    with opened(settings) as server:

        async def mail() -> None:
            bot = email_bot(Core(settings, server))
            await bot.run(_stopped_by_signal(), lambda: announce("bot email", settings, server))

        asyncio.run(mail())


def web() -> None:
    """Serve what is read outside of chats, at PAPERBOY_PUBLIC_URL: what the links in mails lead to.

    Example: paperboy web
    """
    settings = Settings.load()
    settings.need_web()
    set_up_logs(settings)
    with opened(settings) as server:

        async def listen() -> None:
            await serve(
                pages(Core(settings, server)),
                (settings.http_host, settings.web_listens or 0),
                _stopped_by_signal(),
                health=lambda path: answer(path, server),
                ready=lambda port: ready("web", settings.http_host, port),
            )

        asyncio.run(listen())


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


def up() -> None:
    """Run all that .env configures: server, workers, sweeper, bots. Ctrl-C stops everything cleanly.

    Example: paperboy up
    """
    settings = Settings.load()
    set_up_logs(settings)
    if settings.paperboy_public_url is not None:
        settings.need_web(beside_slack=True)
    roles = [*_workers(settings), *_bots(settings), *_pages(settings)]
    if settings.has_server:
        with opened(settings) as server:
            _announce_up(settings, server, roles)
            Supervisor(roles, {}).run()
        return
    valkey = EmbeddedValkey(settings.paperboy_data)
    valkey.own()
    _supervise(settings, valkey, roles)


def _bots(settings: Settings) -> list[Role]:
    """The bots that are set up; the terminal's where there is none to talk to."""
    bots = [Role(("bot", "slack"), serves=settings.slack_serves)] if settings.has_slack else []
    bots += [Role(("bot", "discord"))] if settings.discord_bot_token is not None else []
    bots = bots or [Role(("bot", "terminal"), talks=True)]
    return [*bots, *[Role(("bot", "email"))] * settings.has_email]


def _pages(settings: Settings) -> list[Role]:
    """What is read outside of chats, where others can reach it."""
    if settings.paperboy_public_url is None:
        return []
    return [Role(("web",), serves=settings.web_listens == settings.http_port)]


def _announce_up(settings: Settings, server: Server, roles: list[Role]) -> None:
    announce("up", settings, server, 0 if any(role.serves for role in roles) else None)


def _supervise(settings: Settings, valkey: EmbeddedValkey, roles: list[Role]) -> None:
    server = Server(valkey.url)
    _announce_up(settings, server, roles)
    supervisor = Supervisor(roles, {"REDIS_URL": valkey.url}, watch=valkey.keep_alive)
    try:
        if not supervisor.run():
            advice = f"look into {settings.paperboy_data}/valkey/valkey.log"
            raise StoreUnavailable("the embedded server cannot be kept alive", advice=advice)
    finally:
        server.close()
        valkey.stop()
        log.info("stopped")
