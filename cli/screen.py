"""The console that commands print on."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console


class Screen(Console):
    """A console whose reader may leave (`paperboy posts | head`): what it does goes on, only unseen."""

    def busy(self, what: str) -> AbstractContextManager[object]:
        """Show a person at a terminal that something is done, should it take long; nothing to anybody else."""
        return self.status(what) if self.is_terminal else nullcontext()

    def on_broken_pipe(self) -> None:
        """Print no more, and keep Python from complaining at its exit."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
