"""How far the archive is embedded, in Redis: under which model, how much of it, and who is at it now."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from papers.stores import keys
from papers.stores.server import Server

LEASE = 10_000
"""Milliseconds that one worker may embed before another may: a dead one's work is taken up after as long."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the archive is embedded.

    Attributes:
        model: what workers embed with; empty before the first of them.
        done, total: papers looked at, newest first, of how many.
        mark: the change up to which every paper and topic has its vector; None until all had theirs once.
    """

    model: str = ""
    done: int = 0
    total: int = 0
    mark: float | None = None

    def lags(self, newest_change: float) -> bool:
        """Whether something may lack its vector."""
        return bool(self.model) and (self.mark is None or self.mark < newest_change)


class CoverageStore:
    """The archive's coverage."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def get(self) -> Coverage:
        """How far it is embedded."""
        fields = self._server.call("HGETALL", keys.EMBEDDING)
        mark = fields.get("mark")
        return Coverage(
            fields.get("model", ""),
            int(fields.get("done", 0)),
            int(fields.get("total", 0)),
            float(mark) if mark else None,
        )

    def begin(self, model: str) -> None:
        """Embed with this model from now on; who embeds with another is told so."""
        self._server.together([["DEL", keys.EMBEDDING], ["HSET", keys.EMBEDDING, "model", model]])

    def progress(self, model: str, done: int, total: int) -> bool:
        """Note how many papers are done. False if workers embed with another model by now."""
        return self._note(model, "done", done, "total", total)

    def complete(self, model: str, mark: float) -> bool:
        """Note that everything up to that change has its vector. False as above."""
        return self._note(model, "mark", repr(mark))

    def _note(self, model: str, *fields: object) -> bool:
        return bool(self._server.run("note_coverage", [keys.EMBEDDING], [model, *fields]))

    @contextmanager
    def lease(self) -> Iterator[bool]:
        """Whether nobody else is at it; nobody else will be until the end of the `with`, or of `LEASE`."""
        key, token = keys.lease("embed"), secrets.token_hex(8)
        taken = bool(self._server.call("SET", key, token, "NX", "PX", LEASE))
        try:
            yield taken
        finally:
            if taken:
                self._server.run("end_lease", [key], [token])
