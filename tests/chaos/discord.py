"""The strict Discord as the crash test's platform: it counts every message it takes, and misbehaves as it is told.

Which papers a message brought is read from what stands there: each card has a button that asks why its paper came.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.discord import acts
from tests.chaos.crew import Chat
from tests.chaos.ledger import Taken, lines

WHY = "why "


class Discord(Chat):
    """Discord's process, with a server that Paperboy is in."""

    module = "tests.fakes.discord"
    options = ("--channels", "48")

    def met(self, said: str) -> str:
        """It says what there is in it."""
        self._world = json.loads(said)
        return str(self._world["api"]).removesuffix("/api/v10")

    @property
    def words(self) -> Sequence[str]:
        """What `sender_role` needs to know of it."""
        return [self._world["api"], "--discord", self._world["token"]]

    def channel(self, number: int) -> str:
        """Their ids are Discord's."""
        return str(self._world["channels"][number])

    def taken(self) -> list[Taken]:
        """Every message that it took, in that order."""
        return [_taken(line) for line in lines(self.ledger)]


def _taken(line: dict[str, Any]) -> Taken:
    said = [one.partition(":")[2] for one in line["custom_ids"] if acts.verb(one) == acts.SAY]
    brought = tuple(one.removeprefix(WHY) for one in said if one.startswith(WHY))
    delivery = acts.delivery_of([{"custom_id": one} for one in line["custom_ids"]])
    thread = line["channel"] if line["parent"] else None
    return Taken(line["parent"] or line["channel"], delivery or "", brought, thread, line["at"])
