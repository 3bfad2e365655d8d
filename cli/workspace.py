"""`paperboy workspace`: what is kept of whole workspaces, handed out to them, and taken away."""

from __future__ import annotations

from typing import Annotated

import structlog
import typer

from cli.context import opened
from cli.keep import written
from cli.logs import set_up_logs
from cli.screen import Screen
from papers.errors import NotFoundError, UsageError
from papers.settings import Settings
from papers.stores.departures import Departures
from papers.stores.export import Export
from papers.stores.removal import Removal
from papers.stores.server import Server
from papers.wiring import Stores, clock
from papers.wording.numbers import count
from papers.workspace import Workspace

workspace_app = typer.Typer(
    help="Look at, hand out or delete what is kept of a workspace.\n\nExample: paperboy workspace list",
    no_args_is_help=True,
)

Named = Annotated[str, typer.Argument(metavar="WORKSPACE", help="platform:name, as `workspace list` shows it.")]

log = structlog.get_logger()


def register(app: typer.Typer) -> None:
    """Add these commands."""
    workspace_app.command("list")(show)
    workspace_app.command("export")(export)
    workspace_app.command("delete")(delete)
    app.add_typer(workspace_app, name="workspace")


def show() -> None:
    """List workspaces: their channels, their subscriptions, and which of them removed Paperboy.

    Example: paperboy workspace list
    """
    settings, screen = _prepared(), Screen()
    with opened(settings) as server:
        stores = Stores(server)
        left = stores.departures.all()
        channels: dict[Workspace, int] = dict.fromkeys(left, 0)
        subscriptions: dict[Workspace, int] = dict.fromkeys(left, 0)
        for destination in stores.channels.destinations():
            workspace = Workspace.of(destination)
            channels[workspace] = channels.get(workspace, 0) + 1
            found = len(stores.channels.subscriptions(destination))
            subscriptions[workspace] = subscriptions.get(workspace, 0) + found
    for workspace in sorted(channels):
        line = f"{workspace}  {count(channels[workspace], 'channel')}, "
        line += count(subscriptions[workspace], "subscription")
        if workspace in left:
            at = left[workspace]
            line += f"; removed Paperboy on {at:%Y-%m-%d}" if at else "; its deletion is under way"
        screen.print(line, markup=False, highlight=False, soft_wrap=True)


def export(
    workspace: Named,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to write it; - is standard output.")],
) -> None:
    """Write what is kept of a workspace as JSON lines, without tokens.

    Example: paperboy workspace export slack:T0123ABCD T0123ABCD.jsonl
    """
    named = Workspace.parse(workspace)
    settings, screen = _prepared(), Screen(stderr=True)
    with opened(settings) as server:
        _need(server, named)
        with written(file) as out:
            lines = 0
            for line in Export(server).lines(named, clock()):
                out.write(line)
                lines += 1
    screen.print(f"exported {count(lines, 'line')} of {named}", markup=False, highlight=False)


def delete(workspace: Named, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete everything that is kept of a workspace, tokens first. It cannot be undone; papers stay.

    Example: paperboy workspace delete slack:T0123ABCD
    """
    named = Workspace.parse(workspace)
    settings, screen = _prepared(), Screen(stderr=True)
    with opened(settings) as server:
        _need(server, named)
        if not yes and typer.prompt(f"Type {named} to delete all of it", err=True).strip() != str(named):
            raise UsageError("that is another name; nothing was deleted")
        Departures(server).order(named)  # whoever dies now, a worker goes on
        removed = Removal(server).run(named)
    log.warning("audit", what="workspace deleted", workspace=str(named), by="command line", channels=removed.channels)
    screen.print(f"deleted {named}: {count(removed.channels, 'channel')} and what was kept of them", markup=False)


def _prepared() -> Settings:
    settings = Settings.load()
    set_up_logs(settings, level="warning")  # the audit line is shown, too
    return settings


def _need(server: Server, workspace: Workspace) -> None:
    """Raises NotFoundError where nothing is kept of it."""
    stores = Stores(server)
    if not (
        stores.departures.knows(workspace)
        or stores.channels.of_workspace(workspace.platform, workspace.name)
        or Removal(server).finds(workspace)
    ):
        raise NotFoundError(f"nothing is kept of {workspace}", advice="`paperboy workspace list` shows what there is")
