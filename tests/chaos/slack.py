"""The strict Slack as the crash test's platform: it counts every message it takes, and misbehaves as it is told.

Which papers a message brought is read from what stands in the channel: each card has a 👍 for its paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx2

from bot.slack import acts
from tests.chaos.crew import Chat
from tests.chaos.ledger import Taken, lines
from tests.chaos.sender_role import where

TOKEN = "xoxb-chaos"  # noqa: S105 - of a Slack that is not there
CHANNELS = tuple(f"C{number}" for number in range(48))


class Slack(Chat):
    """Slack's process, with a workspace that Paperboy is installed in."""

    module = "tests.fakes.slack"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._api, self.url = self.url, self.url.removesuffix("/api/")
        self._client.close()
        self._client = httpx2.Client(base_url=self.url, trust_env=False)
        workspace = {where("").workspace: {"token": TOKEN, "channels": CHANNELS}}
        self._client.put("/world", json=workspace).raise_for_status()

    @property
    def words(self) -> Sequence[str]:
        """What `sender_role` needs to know of it."""
        return [self._api, "--slack", TOKEN]

    def taken(self) -> list[Taken]:
        """Every message that it took, in that order."""
        return [_taken(line) for line in lines(self.ledger)]


def _taken(line: dict[str, Any]) -> Taken:
    brought = tuple(dict.fromkeys(_upvoted(line["blocks"])))
    return Taken(line["channel"], line["delivery_id"], brought, line["thread"], line["at"])


def _upvoted(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        for element in block.get("elements", ()):
            if acts.verb(element.get("action_id", "")) == acts.UP:
                yield element["value"]
