"""The console that commands print on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import IO

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderableType, RenderHook
from rich.segment import Segment


class Screen(Console):
    """A console whose reader may leave (`paperboy posts | head`): what it does goes on, only unseen.

    Lines that no terminal shows have no trailing blanks: rich fills its columns up with some.
    """

    def __init__(self, *, stderr: bool = False, file: IO[str] | None = None, width: int | None = None) -> None:
        super().__init__(stderr=stderr, file=file, width=width)
        if not self.is_terminal:
            self.push_render_hook(_Trimming())

    def busy(self, what: str) -> AbstractContextManager[object]:
        """Show a person at a terminal that something is done, should it take long; nothing to anybody else."""
        return self.status(what) if self.is_terminal else nullcontext()

    def on_broken_pipe(self) -> None:
        """Print no more, and keep Python from complaining at its exit."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Trimming(RenderHook):
    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """What is printed, without trailing blanks."""
        return [_Trimmed(one) for one in renderables]


@dataclass(frozen=True, slots=True)
class _Trimmed:
    """Something printed as text alone: styles are for terminals."""

    printed: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[Segment]:
        text = "".join(one.text for one in console.render(self.printed, options) if not one.control)
        *lines, unfinished = text.split("\n")
        yield Segment("\n".join([*(line.rstrip(" \t") for line in lines), unfinished]))
