"""The terminal bot: posts appear as they are sent, and `/papers …` works at a prompt.

Without a person at the terminal it only sends and shows.
"""

from __future__ import annotations

import asyncio
import os
import stat
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from rich.console import Console, RenderableType
from rich.text import Text

from bot.commands import parse
from bot.posting import Sender
from bot.tally import name, tallied
from bot.terminal.render import render, render_error
from bot.terminal.talk import Talk, channel
from papers.errors import PaperboyError
from papers.model import Asker, Delivery
from papers.services import Services
from papers.wording.headings import heading_text

LEAVE = {"quit", "exit", "/quit", "/exit"}


def show_on(console: Console) -> Callable[[Delivery, RenderableType], None]:
    """Shows posts on a console as a channel would: headlines whole, threads folded to a line."""

    def show(delivery: Delivery, rendered: RenderableType) -> None:
        if delivery.parent is None or delivery.flat:
            console.print()
            console.print(rendered)
        else:
            told = heading_text(delivery.heading, delivery.kind)
            console.print(Text(f"  ↳ #{delivery.destination.channel} {told}, in the thread", "dim"))

    return show


UNREAD = "standard input is no terminal and is not read: posts are shown; `paperboy say '/papers …'` takes commands"


def is_fed(descriptor: int) -> bool:
    """Whether somebody gives it lines by a pipe or a file. Nobody does by /dev/null, or where it is closed."""
    try:
        return not stat.S_ISCHR(os.fstat(descriptor).st_mode)
    except OSError:
        return False


async def next_line() -> str | None:
    """The next line from the person, or None at the end of input.

    It is read in a thread that ends with the process: a read cannot be cancelled, and must not keep a bot from
    stopping.
    """
    loop, answered = asyncio.get_running_loop(), asyncio.Event()
    heard: list[str] = []

    def read() -> None:
        heard.append(sys.stdin.readline())
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(answered.set)

    threading.Thread(target=read, name="prompt", daemon=True).start()
    await answered.wait()
    return heard[0] or None


class Prompt:
    """Reads lines and shows answers. `#name` changes the channel, `quit` or the end of input leaves."""

    def __init__(
        self, services: Callable[[], Services], asker: Asker, console: Console, clock: Callable[[], datetime]
    ) -> None:
        self._services = services
        self._console = console
        self._clock = clock
        self._talk: Talk | None = None
        self._asker = asker

    async def run(self) -> None:
        """Talk until the person leaves. Lines are answered in a thread: the sender goes on meanwhile."""
        while True:
            self._console.print(Text(f"#{self._asker.destination.channel} > ", "bold"), end="")
            line = await next_line()
            if line is None or line.strip() in LEAVE:
                return
            if line.strip():
                await asyncio.to_thread(self._answer, line)

    def _answer(self, line: str) -> None:
        try:
            if line.startswith("#"):
                self._talk, self._asker = None, Asker(channel(line.strip()), self._asker.user)
                return
            with tallied(self._asker.destination.platform, name(lambda: parse(line, self._clock()))):
                self._hear(line)
        except PaperboyError as error:
            self._console.print(render_error(error))

    def _hear(self, line: str) -> None:
        if self._talk is None:
            self._talk = Talk(self._services(), self._asker, self._clock)
        said = self._talk.hear(line)
        if said is None:
            self._console.print("Cancelled, nothing was saved.")
            return
        self._console.print(render(said, self._clock(), "UTC"), crop=False)


async def run(sender: Sender, prompt: Prompt | None, stop: asyncio.Event) -> None:
    """Send, and talk if there is a person; ends with `stop`, or when the person leaves."""
    sending = asyncio.create_task(sender.run(stop))
    if prompt is not None and sys.stdin.isatty():
        talking = asyncio.create_task(prompt.run())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({talking, stopping, sending}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
    await sending
