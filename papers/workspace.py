"""A workspace: a Slack team, a Discord server, the terminal's `local`, one of those that email is grouped by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from papers.errors import UsageError
from papers.model import Destination, Platform


@dataclass(frozen=True, slots=True, order=True)
class Workspace:
    """One workspace of a platform. `str()` is its one spelling: `platform:name`."""

    platform: Platform
    name: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.name}"

    @classmethod
    def of(cls, destination: Destination) -> Workspace:
        """The one that a channel is in."""
        return cls(destination.platform, destination.workspace)

    @classmethod
    def parse(cls, text: str) -> Workspace:
        """The inverse of `str()`. Raises UsageError for anything else."""
        platform, _, name = text.partition(":")
        if platform not in get_args(Platform) or not name or ":" in name:
            raise UsageError(f"{text!r} is no workspace", advice="it is written platform:name, e.g. slack:T0123ABCD")
        return cls(platform, name)  # type: ignore[arg-type] # checked above
