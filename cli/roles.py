"""The long-running commands: worker, the bots, web, demo; `up` is in cli/up.py."""

from __future__ import annotations

import asyncio
import getpass
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.terminal.app import UNREAD, Prompt, is_fed, run, show_on
from bot.terminal.talk import channel
from bot.wiring import terminal_sender
from cli import up
from cli.context import doubt_names, opened
from cli.demo import play
from cli.ending import role
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
    app.command()(role(up.up))
    app.command()(role(worker))
    app.command()(role(web))
    bot_app.command("terminal")(role(bot_terminal))
    bot_app.command("slack")(role(bot_slack))
    bot_app.command("discord")(role(bot_discord))
    bot_app.command("email")(role(bot_email))
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
    doubt_names()
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
    typed = "error" if sys.stdin.isatty() else None  # who types is told by answers, and by no line between
    with _role("bot terminal", level=typed) as (core, health):
        console = Screen()
        announce(health, core.settings)
        if is_fed(sys.stdin.fileno()):
            Screen(stderr=True).print(UNREAD, markup=False, highlight=False, soft_wrap=True)
        prompt = Prompt(lambda: core.desk, Asker(channel(channel_name), _user()), console, clock)
        _until_signal(lambda stop: run(terminal_sender(core, show_on(console)), prompt, stop))


def bot_slack() -> None:
    """Talk and post in Slack, in every workspace that Paperboy is installed in.

    Example: paperboy bot slack
    """
    from bot.slack.wiring import slack_bot

    with _role("bot slack", Settings.need_slack) as (core, health):
        _until_signal(lambda stop: slack_bot(core).run(stop, health))


def bot_discord() -> None:
    """Talk and post in Discord, in every server that Paperboy was added to.

    Example: paperboy bot discord
    """
    from bot.discord.wiring import discord_bot

    with _role("bot discord", Settings.need_discord) as (core, health):
        health.here(listen(health, core.settings))
        _until_signal(lambda stop: discord_bot(core).run(stop, health.ready))


def bot_email() -> None:
    """Mail what is due to everybody who confirmed that they want it, by the server at SMTP_HOST.

    Example: paperboy bot email
    """
    from bot.email.wiring import email_bot

    with _role("bot email", Settings.need_email) as (core, health):
        health.here(listen(health, core.settings))
        _until_signal(lambda stop: email_bot(core).run(stop, health.ready))


def web() -> None:
    """Serve what is read outside of chats, at PAPERBOY_PUBLIC_URL: channels' feeds, and what links in mails lead to.

    Example: paperboy web
    """
    from bot.web.server import serve
    from bot.web.wiring import pages

    with _role("web", Settings.need_web) as (core, health):
        where = core.settings.http_host, core.settings.web_listens or 0
        _until_signal(lambda stop: serve(pages(core), where, stop, health))


@contextmanager
def _role(
    name: str, needs: Callable[[Settings], None] = lambda _: None, *, level: str | None = None
) -> Iterator[tuple[Core, Health]]:
    """What a role works with and tells of itself by, over the server of the settings; `needs` refuses bad ones."""
    settings = Settings.load()
    needs(settings)
    set_up_logs(settings, level=level)
    doubt_names()
    with (
        opened(settings) as server,
        closing(Core(settings, server)) as core,
        Health(name, settings, server, core.pulse, connections=core.connections) as health,
    ):
        yield core, health


def _until_signal(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Do the work in an event loop of its own; Ctrl-C or SIGTERM sets the event."""

    async def until_stopped() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await work(stop)

    asyncio.run(until_stopped())


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user id may have no name
        return "me"
