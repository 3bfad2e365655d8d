"""`paperboy doctor`: looks at everything that has to be right, and says what to mend."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from rich.text import Text

from bot.checked import Checked
from cli import fleet_check, index_check, listening, trust
from cli.context import connected
from cli.embedded import RESERVE
from cli.logs import set_up_logs
from cli.screen import Screen
from papers.embedding import load_embedder
from papers.errors import PaperboyError, SettingsError, SourceError
from papers.generated import presentable
from papers.model import Paper
from papers.search.about import Maker
from papers.settings import Settings, doubtful
from papers.sources.completions import Completions
from papers.stores import format as stored
from papers.stores.coverage import Coverage, CoverageStore
from papers.stores.papers import PaperStore
from papers.stores.presence import PresenceStore
from papers.stores.server import Server
from papers.stores.sources import SourceStore
from papers.stores.summaries import SummaryStore
from papers.wiring import Core, Sources, clock, completions

TRIAL = Paper(
    "trial",
    "Drafts That Verifiers Accept",
    "Serving large language models is slow. We train a small draft model on what its verifier rejects, so that more of "
    "its tokens are accepted. It halves the latency of speculative decoding on three benchmarks, at the same quality.",
)
"""What the endpoint for summaries is tried with."""

MARKS = {"good": ("✓", "green"), "note": ("·", "dim"), "warning": ("!", "yellow"), "bad": ("✗", "red")}


Busy = Callable[[str], AbstractContextManager[object]]
"""Shows what is looked at, to whoever waits."""


def examine(console: Screen) -> bool:
    """Print every finding; False if anything is bad."""
    fine = True
    for finding in _findings(console.busy):
        mark, style = MARKS[finding.grade]
        console.print(Text.assemble((f"{mark} ", style), finding.what), soft_wrap=True)  # a link must stay one
        if finding.mend:
            console.print(Text(f"  {finding.mend}"))
        fine = fine and finding.grade != "bad"
    return fine


def _findings(busy: Busy) -> Iterator[Checked]:
    try:
        settings = Settings.load()
    except SettingsError as error:
        *others, last = error.problems
        yield from (Checked("bad", problem) for problem in others)
        yield Checked("bad", last, error.advice)
        return
    set_up_logs(settings, level="critical")  # what is wrong is told as findings
    yield Checked("good", "settings are valid")
    yield from (Checked("warning", problem) for problem in doubtful())
    if not settings.has_server:
        yield _data_directory(settings.paperboy_data)
    yield from fleet_check.disk(settings.paperboy_data, 0 if settings.has_server else RESERVE)
    answers = yield from _tried("server", lambda: _server(settings), busy)
    embeds = yield from _tried("embedding model", lambda: _embedding(settings), busy)
    if answers:
        yield from _tried("roles", lambda: _fleet(settings), busy)
    if answers and embeds:
        yield from _tried("archive", lambda: _archive(settings), busy)
    if not answers:
        yield Checked("note", "roles and the archive are not looked at before the server answers")
    for name in Sources(settings).configured:
        yield from _tried(f"source {name}", partial(_source, settings, name), busy)
    if endpoint := completions(settings):
        yield from _tried("summaries", lambda: _summaries(settings, endpoint), busy)
    yield from _platforms(settings, busy)
    if (address := settings.paperboy_public_url) is not None:
        from bot.web import checkup as web

        yield from _tried("pages", lambda: _found(web.examine(address)), busy)


def _tried(what: str, look: Callable[[], Iterable[Checked]], busy: Busy) -> Generator[Checked, None, bool]:
    """What a look finds, told when it is over; whether there was no error."""
    found: list[Checked] = []
    try:
        with busy(f"looking at {what} …"):
            found.extend(look())
    except PaperboyError as error:
        yield from found
        yield Checked("bad", f"{what}: {error}", error.advice)
        return False
    yield from found
    return True


def _data_directory(path: Path) -> Checked:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return Checked("bad", f"data directory {path}: {error.strerror}", "set PAPERBOY_DATA to one you may write")
    if not os.access(path, os.W_OK):
        return Checked("bad", f"data directory {path} cannot be written", "set PAPERBOY_DATA to one you may write")
    return Checked("good", f"data directory {path}")


def _server(settings: Settings) -> Iterator[Checked]:
    with connected(settings) as server:
        found = [*_trust(server, open_too=settings.paperboy_allow_open_redis)]
        yield from found
        if all(one.grade != "bad" for one in found):
            empty = stored.is_empty(server)
            yield Checked("good", "nothing is stored yet") if empty else _format(stored.current(server))


def _format(found: stored.Format) -> Checked:
    if found.version > stored.OURS:
        who = f"Paperboy {found.by} wrote it; this one knows formats up to {stored.OURS}"
        return Checked("bad", f"stored data is of format {found.version}: {who}", stored.MEND)
    todo = "" if found.version == stored.OURS else f"; whoever starts next brings it to {stored.OURS}"
    return Checked("good", f"stored data is of format {found.version}{todo}")


def _trust(server: Server, *, open_too: bool) -> Iterator[Checked]:
    refusals, warnings = trust.examine(server, open_too=open_too)
    yield from (Checked("bad", f"server: {refusal}") for refusal in refusals)
    yield from (Checked("warning", f"server: {warning}") for warning in warnings)
    if not refusals:
        info = server.info()
        version = info.get("valkey_version") or info.get("redis_version")
        yield Checked("good", f"server {info.get('server_name', 'redis')} {version} answers")
    if trust.fsync(server) is None:
        unseen = "server: whether it writes every change to disk at once cannot be seen by this user"
        yield Checked("note", unseen, "set appendfsync always")
    elif not refusals and not warnings:
        yield Checked("good", "server keeps on disk what it acknowledges")


def _fleet(settings: Settings) -> Iterator[Checked]:
    with connected(settings) as server:
        presences, sources = PresenceStore(server), SourceStore(server)
        yield from fleet_check.clocks(clock(), presences.now())
        running = presences.all()
        yield from fleet_check.roles(running, settings)
        yield from listening.examine(settings, running, socket.gethostname())
        yield from fleet_check.feeds(sources.states(sources.names()))


def _embedding(settings: Settings) -> Iterator[Checked]:
    embedder = load_embedder(settings.embedding_model)
    embedder.embed(["does it work?"])
    yield Checked("good", f"embedding model {embedder.name}, {embedder.dim} dimensions")


def _archive(settings: Settings) -> Iterator[Checked]:
    embedder = load_embedder(settings.embedding_model)
    with connected(settings) as server:
        archive, coverage = PaperStore(server).count(), CoverageStore(server).get()
    yield from _coverage(coverage, embedder.name)
    maker = Maker.of(embedder.name, embedder.dim)
    yield from index_check.examine(settings.paperboy_data / "search", maker, archive)


def _coverage(archive: Coverage, model: str) -> Iterator[Checked]:
    if archive.model not in {"", model}:
        mend = "give every role the same EMBEDDING_MODEL; a worker that starts with another embeds everything anew"
        yield Checked("warning", f"the archive is embedded with {archive.model}", mend)
    elif archive.model and archive.mark is None:
        yield Checked("note", f"{archive.done:,} of {archive.total:,} papers are embedded with it so far")


def _source(settings: Settings, name: str) -> Iterator[Checked]:
    try:
        digest = Sources(settings).source(name).fetch(None)
    except PaperboyError as error:
        yield Checked("warning", f"source {name}: {error}", error.advice or "it is tried again; nothing is lost")
        return
    found = len(digest.papers) if digest else 0
    yield Checked("good" if found else "note", f"source {name}: {found} papers now")


def _summaries(settings: Settings, endpoint: Completions) -> Iterator[Checked]:
    """A trial of the endpoint. What is wrong with it is a warning: posts go out without it."""
    try:
        said = endpoint.summarise(TRIAL, settings.summary_timeout)
    except SourceError as error:
        mend = error.advice or "look at SUMMARY_API_BASE_URL (it often ends in /v1), SUMMARY_API_KEY and SUMMARY_MODEL"
        yield Checked("warning", f"summaries: {error}; posts show sentences of the abstract", mend)
        return
    shown = presentable(said, TRIAL)
    if shown is None:
        mend = "set SUMMARY_MODEL to one that follows instructions"
        yield Checked("warning", f"summaries: {endpoint.model} answered nothing that can be shown", mend)
        return
    yield Checked("good", f"summaries: {endpoint.model} says “{shown}”")
    with connected(settings) as server:
        asked = SummaryStore(server, endpoint.model, settings.summary_daily_budget).asked(clock())
        yield Checked("note", f"{asked:,} of {settings.summary_daily_budget:,} summaries were asked for today")


def _platforms(settings: Settings, busy: Busy) -> Iterator[Checked]:
    yield Checked("note", "terminal: always there (`paperboy bot terminal`)")
    looks: dict[str, tuple[bool, Callable[[Settings], Iterable[Checked]]]] = {
        "Slack": (settings.has_slack, _slack),
        "Discord": (settings.discord_bot_token is not None, _discord),
        "email": (settings.has_email, _email),
    }
    for name, (is_set_up, look) in looks.items():
        if is_set_up:
            yield from _tried(name, partial(look, settings), busy)
    missing = [name for name, (is_set_up, _) in looks.items() if not is_set_up]
    if missing:
        yield Checked("note", f"not set up: {', '.join(missing)}", "README.md tells how, in five steps each")


def _slack(settings: Settings) -> Iterator[Checked]:
    from bot.slack import checkup as slack
    from bot.slack.wiring import slack_installs

    if settings.slack_client_id is None:
        yield from _found(slack.examine(settings, None))
    else:
        with connected(settings) as server:
            yield from _found(slack.examine(settings, slack_installs(Core(settings, server), reseals=False)))


def _email(settings: Settings) -> Iterable[Checked]:
    from bot.email import checkup as email
    from bot.email.wiring import email_line

    return _found(email.examine(settings, email_line(settings)))


def _discord(settings: Settings) -> Iterable[Checked]:
    from bot.discord import checkup as discord
    from bot.discord.wiring import discord_api

    async def looked() -> AsyncIterator[Checked]:
        api = discord_api(settings)
        try:
            async for one in discord.examine(api):
                yield one
        finally:
            await api.close()

    return _found(looked())


def _found(looked: AsyncIterator[Checked]) -> list[Checked]:
    async def collect() -> list[Checked]:
        return [one async for one in looked]

    return asyncio.run(collect())
