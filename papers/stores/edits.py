"""Edits: which messages show a paper's card, and the outbox's deliveries that show them anew.

A message shows a card from when it was planned, so that one which is posted while its paper rises is not missed: its
edit waits for it, as a thread's replies do.
"""

from __future__ import annotations

from collections.abc import Sequence

from papers.model import Delivery, Destination
from papers.revising import WINDOW, Riser, Shown, turn
from papers.stores import codec, keys
from papers.stores.clock import to_ms
from papers.stores.outbox import SHOWN
from papers.stores.server import Server

BATCH = 200
"""Edits a script call."""


class Edits:
    """Edits of every channel's messages."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def showing(self, risers: Sequence[Riser]) -> list[Shown]:
        """The messages that these papers are in, if they were planned before these rose, and not `WINDOW` before."""
        commands = [
            ["ZRANGE", keys.shown(one.paper), to_ms(one.at - WINDOW), to_ms(one.at), "BYSCORE"] for one in risers
        ]
        found = self._server.together(commands) if commands else []
        return [_shown(riser, member) for riser, members in zip(risers, found, strict=True) for member in members]

    def put(self, edits: Sequence[Delivery]) -> int:
        """Put edits, each in its turn; how many. Those known already, or about to be shown anyway, are left out."""
        put = 0
        for start in range(0, len(edits), BATCH):
            touched: list[str] = []
            arguments: list[object] = [int(SHOWN.total_seconds() * 1000)]
            for edit in edits[start : start + BATCH]:
                where, parent = edit.destination, edit.parent or ""
                turns, seconds = turn(where)
                touched += [keys.delivery(where, edit.id), keys.delivery(where, parent), keys.outbox(where)]
                touched += [keys.platform(where.platform), keys.pace(turns)]
                arguments += [str(where), edit.id, codec.dump(edit), parent, keys.delivery(where, ""), seconds * 1000]
            put += int(self._server.run("put_edits", touched, arguments))
        return put


def _shown(riser: Riser, member: str) -> Shown:
    where, _, delivery = member.partition("\t")
    return Shown(riser, Destination.parse(where), delivery)
