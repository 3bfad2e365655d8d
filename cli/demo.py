"""`paperboy demo`: the whole way from a source to a channel, on a bundled sample.

A Hugging Face of our own on loopback serves the sample; it is polled, matched and posted by the same parts that `up`
runs, over a real server in a temporary directory. The newest day arrives while you watch; the days before it are the
archive that search and previews look at.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.terminal.app import Prompt, run, show_on
from bot.terminal.poster import Show
from bot.terminal.talk import channel, say
from bot.wiring import drain, terminal_sender
from cli.context import opened
from cli.logs import set_up_logs
from cli.poll import poll_all
from papers.model import Asker
from papers.sample import days
from papers.sample.server import serving
from papers.schedule import digest_closes
from papers.settings import Settings
from papers.wiring import clock
from papers.wording.dates import day_text
from workers.wiring import Workshop

SUBSCRIPTIONS = {
    "image-generation": 'diffusion OR "image generation" -survey',
    "efficient-llms": "about: memory and KV cache of efficient LLM inference ~1/day",
    "front-page": "trending top:3",
}
"""The sample channels, and what each subscribes to."""


def play(folder: Path, console: Console, *, talk: bool, show: Show | None = None) -> None:
    """Run the demo, showing posts by `show`; with `talk` and a person at the terminal, a prompt at the end."""
    newest, *before = days(_newest_closed(clock()))
    with serving(newest) as endpoint:
        settings = _settings(folder, endpoint)
        set_up_logs(settings, level="error")
        with opened(settings) as server:
            workshop = Workshop(settings, server)
            for day in before:
                workshop.fetch_day(day)
            workshop.match()  # nobody is subscribed yet: these are the archive
            _subscribe(workshop, console)
            console.print(Text(f"Polling the papers of {day_text(newest)} …", "dim"))
            shown = show or show_on(console)
            poll_all(workshop, lambda: drain(workshop.core, shown), None, None)
            if talk and console.is_terminal:
                _talk(workshop, console)


def _subscribe(workshop: Workshop, console: Console) -> None:
    for name, words in SUBSCRIPTIONS.items():
        console.print(Text.assemble((f"#{name} ", "bold"), f"/papers subscribe {words}"))
        say(f"/papers subscribe {words}", workshop.core.desk, Asker(channel(name), "demo"), clock())


def _talk(workshop: Workshop, console: Console) -> None:
    console.print(
        "\nYour turn: [bold]/papers help[/], [bold]#front-page[/] for another channel, [bold]quit[/] to leave."
    )
    prompt = Prompt(lambda: workshop.core.desk, Asker(channel("efficient-llms"), "you"), console, clock)
    asyncio.run(run(terminal_sender(workshop.core, show_on(console)), prompt, asyncio.Event()))


def _settings(folder: Path, endpoint: str) -> Settings:
    """The defaults, whatever .env says, but for a temporary directory and our own Hugging Face."""
    return Settings.model_construct(paperboy_data=folder, hf_endpoint=endpoint)


def _newest_closed(now: datetime) -> date:
    """The last weekday whose digest takes no more papers, so that its ranking may be posted."""
    day = now.date()
    while digest_closes(day) > now or day not in days(day):
        day -= timedelta(days=1)
    return day
