"""`paperboy opml`: lists of feeds, to and from other readers."""

from __future__ import annotations

import getpass
from collections import Counter
from dataclasses import replace
from typing import Annotated

import typer
from rich.progress import track

from bot import asks
from bot.commands import parse
from bot.terminal.talk import channel
from cli.context import opened
from cli.keep import readable, written
from cli.logs import set_up_logs
from cli.screen import Screen
from papers import opml
from papers.errors import UsageError
from papers.model import Asker, Destination, Subscription, Want
from papers.opml import Outline
from papers.services.bringing import bring
from papers.settings import Settings
from papers.text import clean
from papers.wiring import Core, Stores, clock
from papers.wording.numbers import count
from papers.wording.subscriptions import label

opml_app = typer.Typer(help="Feeds as OPML, which every feed reader knows.", no_args_is_help=True)

Named = "A terminal channel, or any other as platform:workspace:channel."


def register(app: typer.Typer) -> None:
    """Add these commands."""
    opml_app.command("export")(export)
    opml_app.command("import")(take)
    app.add_typer(opml_app, name="opml")


def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to write it; - is standard output.")],
    channel_name: Annotated[str | None, typer.Option("--channel", help=f"{Named} All if omitted.")] = None,
) -> None:
    """Write the feeds that channels subscribed to, a folder for each channel.

    Example: paperboy opml export feeds.opml --channel vision
    """
    settings = _prepared()
    with opened(settings) as server, written(file) as out:
        stores = Stores(server)
        known = [_destination(channel_name)] if channel_name else list(stores.channels.destinations())
        folders = {str(one): _outlines(stores, stores.channels.subscriptions(one)) for one in known}
        kept = {name: outlines for name, outlines in folders.items() if outlines}
        out.write(opml.write(kept))
    feeds = sum(map(len, kept.values()))
    Screen(stderr=True).print(f"wrote {count(feeds, 'feed')} of {count(len(kept), 'channel')}")


def _outlines(stores: Stores, subscriptions: tuple[Subscription, ...]) -> list[Outline]:
    """Feeds by the names that they have for themselves, once they were polled, and what is wanted of each."""
    wants = [one.want for one in subscriptions if one.want.feed]
    titles = {one.name: one.title for one in stores.sources.states([want.feed or "" for want in wants])}
    return [
        Outline(url, titles[url] or url, label(replace(want, feed=None))) for want in wants if (url := want.feed or "")
    ]


def _want(outline: Outline) -> Want:
    """What an outline asks for. Raises UsageError for words that nobody could have subscribed by."""
    if not outline.words:
        return Want(feed=outline.url)
    command = parse(f"subscribe {outline.words}", clock())
    if not isinstance(command, asks.Subscribe):
        raise UsageError("its words are none that subscribe", advice=f"leave {opml.WORDS} out, or export the file anew")
    return replace(command.want, feed=outline.url)


def take(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An OPML file; - is standard input.")],
    channel_name: Annotated[str, typer.Option("--channel", help=Named)],
) -> None:
    """Subscribe a channel to every feed of an OPML file; what they hold now is not posted. Again does no harm.

    Example: paperboy opml import feeds.opml --channel vision
    """
    settings, here = _prepared(), _destination(channel_name)
    with readable(file) as given:
        outlines = opml.read(given.read(opml.MAX_BYTES + 1))
    console, outcomes = Screen(), Counter[str]()
    with opened(settings) as server:
        asker = Asker(here, _user() if here.platform == "terminal" else "")  # nobody there goes by that name
        feeds = track(outlines, "", console=console, transient=True, disable=not console.is_terminal)
        for one in bring(Core(settings, server).desk, asker, feeds, _want):
            outcomes[one.outcome] += 1
            console.print(clean(f"{one.outcome}: {one.url} ({one.detail})"), markup=False, highlight=False)
    there = f"{outcomes['there already']:,} there already, {outcomes['refused']:,} refused"
    console.print(f"{count(outcomes['subscribed'], 'feed')} subscribed to, {there}")
    if outcomes["refused"]:
        raise typer.Exit(1)


def _destination(name: str) -> Destination:
    """Raises UsageError for what is no channel."""
    if ":" not in name:
        return channel(name)
    try:
        return Destination.parse(name)
    except ValueError as error:
        raise UsageError(f"{name!r} is not a channel", advice="as in slack:T024BE7LH:C024BE91L, or vision") from error


def _prepared() -> Settings:
    settings = Settings.load()
    set_up_logs(settings, level="error")
    return settings


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user id may have no name
        return "me"
