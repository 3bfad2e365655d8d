"""`paperboy email …`: who papers are mailed to. Addresses are shown at the operator's own shell, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from bot import asks
from bot.commands import parse
from bot.wiring import mail_now
from cli.context import opened
from cli.logs import set_up_logs
from cli.screen import Screen
from papers.errors import FloodError, UsageError
from papers.mailbox import Mailbox, is_open
from papers.model import Asker, Destination, Schedule, Subscription
from papers.services.mailing import Invite
from papers.settings import Settings
from papers.wiring import Core, clock
from papers.wording.dates import day_text, schedule_text
from papers.wording.subscriptions import label

WORKSPACE = "local"
"""Whom the operator invites, apart from those whom channels do."""

DAILY = "08:00"

email_app = typer.Typer(
    help="Papers by mail: invite people, and see who gets what.\n\nExample: paperboy email invite ada@example.org",
    no_args_is_help=True,
)

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="An email address.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    email_app.command("invite")(invite)
    email_app.command("list")(listing)
    email_app.command("remove")(remove)
    app.add_typer(email_app, name="email")


def invite(
    address: Address,
    said: Annotated[
        list[str] | None, typer.Option("--say", help="What to mail, as one would subscribe; may be given again.")
    ] = None,
    daily: Annotated[str, typer.Option(help="When: HH:MM, a zone, and perhaps weekdays.")] = DAILY,
    again: Annotated[bool, typer.Option("--again", help="Although they left, if they asked for it.")] = False,
) -> None:
    """Offer somebody papers by mail. Nothing more is sent to them unless they confirm.

    Example: paperboy email invite ada@example.org --say 'subscribe diffusion' --daily '08:00 Europe/Berlin'
    """
    settings = _prepared()
    settings.need_email()
    with opened(settings) as server:
        core = Core(settings, server)
        wanted = [_wanted(core, line) for line in said or ["subscribe trending top:10"]]
        by = "Whoever runs Paperboy here"
        made = core.mailing.invite(Invite(address, WORKSPACE, by, wanted, _daily(daily), again=again))
        mail_now(core)
        became = _last(core, made)
    Screen().print(f"invited: mail {became}; nothing more is sent unless they confirm", highlight=False)


def listing(as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False) -> None:
    """Show who papers are mailed to, what and when, and what became of the last mail.

    Example: paperboy email list
    """
    settings = _prepared()
    with opened(settings) as server:
        core = Core(settings, server)
        rows = [_row(core, one) for one in core.mailboxes.all() if one.address]
    rows.sort(key=lambda row: (row["address"], row["workspace"]))
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table("address", "state", "gets", "when", "last mail", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row["address"], row["state"], ", ".join(row["subscriptions"]), row["schedule"], row["last"])
    Screen().print(table if rows else "nobody is invited yet: paperboy email invite ADDRESS")


def remove(
    address: Address,
    workspace: Annotated[str | None, typer.Option(help="As `list --json` shows it; all of them if omitted.")] = None,
) -> None:
    """Forget an address: nothing is mailed to it any more, unless it is invited --again and confirms.

    Example: paperboy email remove ada@example.org
    """
    settings = _prepared()
    with opened(settings) as server:
        Core(settings, server).mailing.remove(address, workspace)
    Screen().print("forgotten: nothing is mailed there any more")


def _prepared() -> Settings:
    settings = Settings.load()
    set_up_logs(settings, level="error")
    return settings


def _wanted(core: Core, line: str) -> Subscription:
    """The subscription that a line spells. Raises UsageError, and FloodError for one that nobody could read."""
    command = parse(line, clock())
    if not isinstance(command, asks.Subscribe):
        raise UsageError("--say takes what subscribes", advice="e.g. --say 'subscribe trending top:10'")
    draft = core.desk.draft(Asker(Destination("email", WORKSPACE, "-"), ""), command.want)
    if draft.floods:
        raise FloodError(draft.per_day, advice="more words would tame it")
    return draft.subscription


def _daily(text: str) -> Schedule:
    command = parse(f"daily {text}", clock())
    if not isinstance(command, asks.SetSchedule):
        raise UsageError("--daily takes a time of day", advice="e.g. --daily '08:00 Europe/Berlin'")
    schedule = command.schedule
    return Schedule(schedule.kind, schedule.at, schedule.zone or "UTC", weekdays=schedule.weekdays)


def _row(core: Core, mailbox: Mailbox) -> dict[str, Any]:
    """A mailbox as `list` shows it."""
    here, offered = mailbox.destination, mailbox.invitation
    channel = core.stores.channels.channel(here)
    standing: Sequence[Subscription] = core.stores.channels.subscriptions(here)
    waits = offered if mailbox.state == "new" else None
    closed = core.stores.outbox.suspended(here) if mailbox.state == "confirmed" else None
    invited = "invited" if is_open(offered, clock()) else "never answered"
    return {
        "address": mailbox.address,
        "workspace": mailbox.workspace,
        "id": mailbox.id,
        "state": f"suspended: {closed}" if closed else (invited if mailbox.state == "new" else mailbox.state),
        "subscriptions": [label(one.want) for one in (waits.wanted if waits else standing)],
        "schedule": schedule_text(waits.schedule if waits else channel.schedule),
        "last": _last(core, mailbox),
    }


def _last(core: Core, mailbox: Mailbox) -> str:
    """What became of the newest mail: `sent Tue 10 Nov`, or why it waits, since when and until when."""
    outbox = core.stores.outbox
    for record in outbox.history(mailbox.destination, 1):
        if record.state == "pending" and record.detail:
            since = f"{day_text(record.delivery.due.date())} {record.delivery.due:%H:%M} UTC"
            return f"waits since {since}: {record.detail}; {_again(outbox.due(record.delivery), clock())}"
        state = {"parked": "possibly sent", "dead": "failed"}.get(record.state, record.state)
        return f"{state} {day_text(record.at.date())}" + (f": {record.detail}" if record.detail else "")
    return ""


def _again(due: datetime | None, now: datetime) -> str:
    """When a mail that waits is tried again."""
    if due is None or due <= now:
        return "it is tried again as soon as `paperboy bot email` runs"
    day = "" if due.date() == now.date() else f"{day_text(due.date())} "
    return f"it is tried again at {day}{due:%H:%M:%S} UTC"
