"""The slash commands: what Discord lets people choose and type, and the line that each of them comes to.

Nothing is done here: a `Listener` answers lines. Limits and shapes are Discord's
(https://docs.discord.com/developers/interactions/application-commands#application-command-object).
"""

from __future__ import annotations

from typing import Any, Literal, Protocol

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from bot.discord import suggest
from bot.discord.choices import DAYS, FIRST, LENGTHS, VOLUMES, choices
from bot.discord.lines import daily, line, search, wanted
from papers.errors import PaperboyError, UsageError
from papers.preferences import CHOICES, LANGUAGES, NAMES

Interaction = discord.Interaction[Any]
Number = Range[int, 1, 999_999]
Page = Range[int, 1, 200]
Text = Range[str, 1, 500]
Topic = Range[str, 1, 2_000]


class Listener(Protocol):
    """Who answers."""

    async def line(self, interaction: Interaction, line: str) -> None:
        """Answer a line, as typed after `/papers`."""

    async def form(self, interaction: Interaction, value: str) -> None:
        """Open the form: "" to subscribe, "#3" to edit."""

    async def refused(self, interaction: Interaction, error: PaperboyError) -> None:
        """Answer that options were wrong."""

    async def similar(self, interaction: Interaction, message: discord.Message) -> None:
        """Answer with papers like what a message speaks of."""

    async def numbers(self, interaction: Interaction, typed: str) -> list[suggest.Choice]:
        """The channel's subscriptions."""

    async def queries(self, interaction: Interaction, typed: str) -> list[suggest.Choice]:
        """What the user asked for lately."""


_list = list
"""A command of that name stands in the class below."""


class Papers(app_commands.Group):
    """`/papers`, in servers and in direct messages with Paperboy."""

    def __init__(self, listener: Listener) -> None:
        super().__init__(
            name="papers",
            description="Search papers, and choose what this channel gets",
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )
        self._listener = listener

    @app_commands.command(name="help", description="Examples first; or the forms of one command")
    @app_commands.describe(command="One command, as in: subscribe; or: QUERY")
    async def help(self, interaction: Interaction, command: Range[str, 1, 32] | None = None) -> None:
        """`help`."""
        await self._listener.line(interaction, line("help", command))

    @app_commands.command(name="search", description="Search the archive by words and meaning: diffusion org:google")
    @app_commands.describe(
        query='Words, "phrases", OR, -without, prefix*, title: author: org: cat: source:',
        category="Only this arXiv category, as in: cs.LG",
        since="How far back, as in: 30d, 4w or 2026-10-01",
        page="Which page",
    )
    async def search(
        self,
        interaction: Interaction,
        query: Text | None = None,
        category: Range[str, 1, 40] | None = None,
        since: Range[str, 1, 10] | None = None,
        page: Page | None = None,
    ) -> None:
        """`search`."""
        try:
            typed = search(query, category, since, page)
        except UsageError as error:
            await self._listener.refused(interaction, error)
        else:
            await self._listener.line(interaction, typed)

    @app_commands.command(name="similar", description="Papers like one, or like a text of yours")
    @app_commands.describe(paper="An id, a link or a text, as in: 2607.21557")
    async def similar(self, interaction: Interaction, paper: Topic) -> None:
        """`similar`."""
        await self._listener.line(interaction, line("similar", paper))

    @app_commands.command(name="subscribe", description="Post what matches here; you see what would have come first")
    @app_commands.describe(
        query='Words that must occur, as in: diffusion OR "flow matching" -survey',
        about="What papers should be about, in your own words",
        volume="How many, of those about it",
        category="Only this arXiv category, as in: cs.LG",
        feed="The address of an RSS or Atom feed: only its entries",
        top="Only the day's so many most upvoted",
    )
    @app_commands.choices(volume=[Choice(name=one, value=one) for one in VOLUMES])
    async def subscribe(  # noqa: PLR0917 - discord.py makes an option of each
        self,
        interaction: Interaction,
        query: Text | None = None,
        about: Topic | None = None,
        volume: str | None = None,
        category: Range[str, 1, 40] | None = None,
        feed: Range[str, 8, 2_048] | None = None,
        top: Range[int, 1, 50] | None = None,
    ) -> None:
        """`subscribe`; without any option, the form."""
        try:
            want = wanted(query=query, about=about, volume=volume, category=category, feed=feed, top=top)
        except UsageError as error:
            await self._listener.refused(interaction, error)
            return
        if want:
            await self._listener.line(interaction, f"subscribe {want}")
        else:
            await self._listener.form(interaction, "")

    @app_commands.command(name="unsubscribe", description="Drop a subscription of this channel")
    @app_commands.describe(number="Its number in list")
    async def unsubscribe(self, interaction: Interaction, number: Number) -> None:
        """`unsubscribe`."""
        await self._listener.line(interaction, line("unsubscribe", number))

    @app_commands.command(name="list", description="What this channel is subscribed to, and when posts come")
    async def list(self, interaction: Interaction) -> None:
        """`list`."""
        await self._listener.line(interaction, "list")

    @app_commands.command(name="edit", description="Change a subscription of this channel")
    @app_commands.describe(
        number="Its number in list", what="What it shall be, as in: diffusion -survey about: maps ~3/day; or the form"
    )
    async def edit(self, interaction: Interaction, number: Number, what: Topic | None = None) -> None:
        """`edit`; with the number alone, the form."""
        if what:
            await self._listener.line(interaction, line("edit", number, what))
        else:
            await self._listener.form(interaction, f"#{number}")

    @app_commands.command(name="vote", description="Give a paper 👍 or 👎; this channel's topics learn from both")
    @app_commands.describe(way="What you think of it", paper="Its id or a link to it, as in: 2607.21557")
    @app_commands.choices(way=[Choice(name="👍", value="up"), Choice(name="👎", value="down")])
    async def vote(self, interaction: Interaction, way: str, paper: Text) -> None:
        """`vote`."""
        await self._listener.line(interaction, line("vote", way, paper))

    @app_commands.command(name="forget", description="Undo what votes taught a topic of this channel")
    @app_commands.describe(number="Its number in list")
    async def forget(self, interaction: Interaction, number: Number) -> None:
        """`forget`."""
        await self._listener.line(interaction, line("forget", number))

    @app_commands.command(name="repair", description="Try a feed of this channel that is paused again")
    @app_commands.describe(number="Its number in list")
    async def repair(self, interaction: Interaction, number: Number) -> None:
        """`repair`."""
        await self._listener.line(interaction, line("repair", number))

    @app_commands.command(name="test", description="What would have come in the last 30 days")
    @app_commands.describe(what="A subscription's number, or a QUERY, as in: diffusion -survey")
    async def test(self, interaction: Interaction, what: Text) -> None:
        """`test`."""
        await self._listener.line(interaction, line("test", what))

    @app_commands.command(name="daily", description="Post here once a day, as in: 09:00 Europe/Berlin")
    @app_commands.describe(at="Hours and minutes: 09:00", zone="A time zone: Europe/Berlin", weekdays="Not at weekends")
    async def daily(
        self,
        interaction: Interaction,
        at: Range[str, 3, 5],
        zone: Range[str, 1, 64] | None = None,
        weekdays: bool | None = None,  # noqa: FBT001 - an option of Discord's
    ) -> None:
        """`daily`."""
        await self._listener.line(interaction, daily(at, zone, weekdays))

    @app_commands.command(name="weekly", description="Post here once a week, as in: Monday 09:00 Europe/Berlin")
    @app_commands.describe(day="On which day", at="Hours and minutes: 09:00", zone="A time zone: Europe/Berlin")
    @app_commands.choices(day=DAYS)
    async def weekly(
        self, interaction: Interaction, day: str, at: Range[str, 3, 5], zone: Range[str, 1, 64] | None = None
    ) -> None:
        """`weekly`."""
        await self._listener.line(interaction, line("weekly", day, at, zone))

    @app_commands.command(name="instant", description="Post here as soon as papers come")
    async def instant(self, interaction: Interaction) -> None:
        """`instant`."""
        await self._listener.line(interaction, "instant")

    @app_commands.command(name="digest", description="A day's papers, most upvoted first")
    @app_commands.describe(day="today, yesterday, friday or YYYY-MM-DD; the newest if left out", page="Which page")
    async def digest(
        self, interaction: Interaction, day: Range[str, 3, 10] | None = None, page: Page | None = None
    ) -> None:
        """`digest`."""
        await self._listener.line(interaction, line("digest", day, page and f"page:{page}"))

    @app_commands.command(name="trending", description="The most upvoted of a day, a week or a month; or what rises")
    @app_commands.describe(period="Over how long; the newest day if left out", by="What comes first", page="Which page")
    @app_commands.choices(period=LENGTHS, by=FIRST)
    async def trending(
        self, interaction: Interaction, period: str | None = None, by: str | None = None, page: Page | None = None
    ) -> None:
        """`trending`."""
        await self._listener.line(interaction, line("trending", period, by and f"by:{by}", page and f"page:{page}"))

    @app_commands.command(name="why", description="Why a paper came here, or why it did not")
    @app_commands.describe(paper="Its id or a link to it, as in: 2607.21557")
    async def why(self, interaction: Interaction, paper: Text) -> None:
        """`why`."""
        await self._listener.line(interaction, line("why", paper))

    @app_commands.command(name="log", description="What became of the last posts to this channel")
    async def log(self, interaction: Interaction) -> None:
        """`log`."""
        await self._listener.line(interaction, "log")

    @app_commands.command(name="resend", description="Post again what was possibly sent, and possibly not")
    @app_commands.describe(delivery="Its id in log")
    async def resend(self, interaction: Interaction, delivery: Range[str, 6, 24]) -> None:
        """`resend`."""
        await self._listener.line(interaction, line("resend", delivery))

    @app_commands.command(name="settings", description="How posts look here, and who may change things")
    @app_commands.describe(name="What to change; all are shown if left out", value="What it shall be, as in: full")
    @app_commands.choices(name=[Choice(name=one, value=one) for one in NAMES])
    async def settings(
        self, interaction: Interaction, name: str | None = None, value: Range[str, 1, 32] | None = None
    ) -> None:
        """`settings`."""
        await self._listener.line(interaction, line("settings", name, value))

    @app_commands.command(name="feed", description="This channel's papers as a private feed, for feed readers")
    @app_commands.describe(change="A new address, or none any more; it is shown if left out")
    async def feed(self, interaction: Interaction, change: Literal["new", "off"] | None = None) -> None:
        """`feed`."""
        await self._listener.line(interaction, line("feed", change))

    @app_commands.command(name="email", description="Offer somebody this channel's papers as a daily mail")
    @app_commands.describe(address="Their address; nothing is mailed unless they confirm")
    async def email(self, interaction: Interaction, address: Range[str, 6, 254]) -> None:
        """`email`."""
        await self._listener.line(interaction, line("email", address))

    @app_commands.command(name="pause", description="Post nothing here until resume; what matches waits")
    async def pause(self, interaction: Interaction) -> None:
        """`pause`."""
        await self._listener.line(interaction, "pause")

    @app_commands.command(name="resume", description="Post here again")
    async def resume(self, interaction: Interaction) -> None:
        """`resume`."""
        await self._listener.line(interaction, "resume")

    @unsubscribe.autocomplete("number")
    @edit.autocomplete("number")
    @forget.autocomplete("number")
    @repair.autocomplete("number")
    async def _numbers(self, interaction: Interaction, typed: str) -> _list[Choice[int]]:
        offered = await self._listener.numbers(interaction, typed)
        return [Choice(name=shown, value=int(meant)) for shown, meant in offered]

    @search.autocomplete("query")
    @subscribe.autocomplete("query")
    async def _queries(self, interaction: Interaction, typed: str) -> _list[Choice[str]]:
        return choices(await self._listener.queries(interaction, typed))

    @search.autocomplete("category")
    @subscribe.autocomplete("category")
    async def _categories(self, _: Interaction, typed: str) -> _list[Choice[str]]:
        return choices(suggest.categories(typed))

    @daily.autocomplete("zone")
    @weekly.autocomplete("zone")
    async def _zones(self, _: Interaction, typed: str) -> _list[Choice[str]]:
        return choices(suggest.zones(typed))

    @settings.autocomplete("value")
    async def _values(self, interaction: Interaction, typed: str) -> _list[Choice[str]]:
        offered = CHOICES.get(str(interaction.namespace.name), LANGUAGES)
        return choices([(one, one) for one in offered if typed.casefold() in one.casefold()])
