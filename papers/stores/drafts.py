"""Drafts that wait for Save, Tighten, Loosen or Cancel, under the token that those buttons carry."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_urlsafe

from papers.answers.subscriptions import Draft
from papers.model import Asker
from papers.stores import codec, keys
from papers.stores.server import Server

KEPT = 24 * 60 * 60
"""Seconds that a draft waits: who comes back the next morning still finds it."""

WAITING = 20
"""Drafts that wait for one user in one channel; of more, the oldest go: each is some 10 kB."""

TOKEN_BYTES = 12
"""96 bits, 16 URL-safe characters: not to be guessed."""


class DraftStore:
    """Every draft that waits."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def put(self, draft: Draft, asker: Asker) -> str:
        """Keep a draft for whoever asked for it; its token. Their oldest goes where too many wait.

        Should this break off between the two round trips, one too many waits until its day is over.
        """
        token, theirs = token_urlsafe(TOKEN_BYTES), keys.recent(asker.destination, asker.user, "drafts")
        *_, late, _, _ = self._server.together(
            [
                ["SET", keys.draft(token), codec.dump(draft), "EX", KEPT],
                ["LPUSH", theirs, token],
                ["LRANGE", theirs, WAITING, -1],
                ["LTRIM", theirs, 0, WAITING - 1],
                ["EXPIRE", theirs, KEPT],
            ]
        )
        if late:
            self._server.call("DEL", *map(keys.draft, late))
        return token

    def get(self, token: str) -> Draft | None:
        """The draft, which goes on waiting; None if it is no more."""
        return _loaded(self._server.call("GET", keys.draft(token)))

    def take(self, token: str) -> Draft | None:
        """The draft, for one taker only; None if it is no more."""
        return _loaded(self._server.call("GETDEL", keys.draft(token)))

    def drop(self, unwanted: Callable[[Draft], bool]) -> None:
        """Forget drafts, wherever they wait. Looks through all key names."""
        for found in self._server.scan(keys.draft("*")):
            texts = self._server.call("MGET", *found) if found else []
            gone = [key for key, text in zip(found, texts, strict=True) if text and unwanted(codec.load(Draft, text))]
            if gone:
                self._server.call("UNLINK", *gone)

    def give_back(self, token: str, draft: Draft) -> None:
        """Let a draft wait again that was taken in vain."""
        self._server.call("SET", keys.draft(token), codec.dump(draft), "EX", KEPT)


def _loaded(text: str | None) -> Draft | None:
    return codec.load(Draft, text) if text else None
