"""The long-running commands: up, worker, bot terminal, demo."""

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

from bot.terminal.app import Prompt, run, show_on
from bot.terminal.talk import channel
from bot.wiring import terminal_sender
from cli.context import opened, set_up_logs
from cli.demo import play
from cli.embedded import EmbeddedValkey
from cli.health import announce
from cli.screen import Screen
from cli.supervisor import Role, Supervisor
from papers.errors import StoreUnavailable
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
    bot_app.command("terminal")(bot_terminal)
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
) -> None:
    """Poll sources, match papers and plan posts. Any number may run, on any number of machines.

    Example: paperboy worker match
    """
    settings = Settings.load()
    set_up_logs(settings)
    with opened(settings) as server:
        if work is None:
            roles = [Role(("worker", one.value)) for one in Work]
            ours = {} if settings.has_server else {"REDIS_URL": server.url}
            Supervisor(roles, {**ours, "HTTP_PORT": ""}).run()
            return
        workshop = Workshop(settings, server)
        announce(f"worker {work.value}", settings, server)
        if work is Work.FETCH:
            workshop.fetch_worker().work(logging_level="WARNING")
        else:
            stop = sweep_beside(workshop)
            workshop.match_worker().work(logging_level="WARNING")
            stop.set()


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


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user id may have no name
        return "me"


async def _until_signal(core: Core, console: Screen, prompt: Prompt) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run(terminal_sender(core, show_on(console)), prompt, stop)


def up() -> None:
    """Run all that .env configures: server, workers, sweeper, bots. Ctrl-C stops everything cleanly.

    Example: paperboy up
    """
    settings = Settings.load()
    set_up_logs(settings)
    roles = [Role(("worker", "fetch")), Role(("worker", "match")), Role(("bot", "terminal"), talks=True)]
    if settings.has_server:
        with opened(settings) as server:
            announce("up", settings, server)
            Supervisor(roles, {"HTTP_PORT": ""}).run()
        return
    valkey = EmbeddedValkey(settings.paperboy_data)
    valkey.own()
    _supervise(settings, valkey, roles)


def _supervise(settings: Settings, valkey: EmbeddedValkey, roles: list[Role]) -> None:
    server = Server(valkey.url)
    announce("up", settings, server)
    supervisor = Supervisor(roles, {"REDIS_URL": valkey.url, "HTTP_PORT": ""}, watch=valkey.keep_alive)
    try:
        if not supervisor.run():
            advice = f"look into {settings.paperboy_data}/valkey/valkey.log"
            raise StoreUnavailable("the embedded server cannot be kept alive", advice=advice)
    finally:
        server.close()
        valkey.stop()
        log.info("stopped")
