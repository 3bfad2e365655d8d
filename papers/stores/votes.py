"""What users think of the papers that a channel was brought: 👍 and 👎, one vote a user and paper.

They are counted and kept, for `list` and for backups. What a vote teaches the channel's topics is written down with it,
in one step: see `papers.stores.lessons`.
"""

from __future__ import annotations

from typing import Literal

from papers.lesson import Lesson
from papers.model import Destination
from papers.stores import keys
from papers.stores.channels import CHANGES_KEPT
from papers.stores.clock import to_ms
from papers.stores.lessons import KEPT, body
from papers.stores.server import Server

Vote = Literal[1, 0, -1]


class VoteStore:
    """Every channel's votes."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def toggle(self, destination: Destination, lesson: Lesson, user: str, way: Literal[1, -1]) -> tuple[Vote, int, int]:
        """Vote for a lesson's paper, or take back what is that user's vote already.

        The vote now, and the paper's 👍 and 👎, whatever the lesson says of them. A lesson that is for no topic changes
        nothing of what the paper taught before. Of two presses at the same instant, both may find the same vote: they
        then count as one.
        """
        before = self._server.call("HGET", keys.votes(destination), f"{lesson.paper}\t{user}")
        vote: Vote = 0 if before == str(way) else way
        touched = [keys.votes(destination), keys.tallies(destination), keys.CHANNELS]
        touched += [keys.lessons(destination), keys.CHANGES]
        told = [str(destination), lesson.paper, user, vote, to_ms(lesson.at), ",".join(lesson.topics), body(lesson)]
        up, down = self._server.run("vote", touched, [*told, KEPT, CHANGES_KEPT])
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
