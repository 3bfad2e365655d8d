"""What users think of the papers that a channel was brought: 👍 and 👎, one vote a user and paper.

They are counted and kept, for `list` and for backups; nothing is made of them here.
"""

from __future__ import annotations

from typing import Literal

from papers.model import Destination
from papers.stores import keys
from papers.stores.server import Server

Vote = Literal[1, 0, -1]


class VoteStore:
    """Every channel's votes."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def toggle(self, destination: Destination, paper: str, user: str, way: Literal[1, -1]) -> tuple[Vote, int, int]:
        """Vote, or take back what is that user's vote already. The vote now, and the paper's 👍 and 👎.

        Of two presses at the same instant, both may find the same vote: they then count as one.
        """
        before = self._server.call("HGET", keys.votes(destination), f"{paper}\t{user}")
        vote: Vote = 0 if before == str(way) else way
        touched = [keys.votes(destination), keys.tallies(destination), keys.CHANNELS]
        up, down = self._server.run("vote", touched, [str(destination), paper, user, vote])
        return vote, int(up), int(down)

    def totals(self, destination: Destination) -> tuple[int, int]:
        """How many 👍 and 👎 the channel gave to all papers."""
        up, down = self._server.call("HMGET", keys.tallies(destination), 1, -1)
        return int(up or 0), int(down or 0)

    def all(self, destination: Destination) -> dict[str, dict[str, Literal[1, -1]]]:
        """Every vote: paper -> user -> vote."""
        given: dict[str, dict[str, Literal[1, -1]]] = {}
        for field, vote in sorted(self._server.call("HGETALL", keys.votes(destination)).items()):
            paper, _, user = field.partition("\t")
            given.setdefault(paper, {})[user] = 1 if vote == "1" else -1
        return given
