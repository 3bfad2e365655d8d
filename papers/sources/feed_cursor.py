"""What is remembered of a feed between two fetches: how to ask whether it changed, how long to wait, where it moved.

Pure: answers' headers and the time are passed in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from papers.sources.waiting import asked

MOVED_AFTER = timedelta(days=1)
"""A permanent redirect is believed when it has stood for so long: a captive portal, a hijacked cache and a slip in a
server's configuration say "moved permanently" too, for an afternoon."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """What the last fetch brought.

    Attributes:
        etag, modified: validators of its answer, for a conditional request.
        print: of its papers, for servers that ignore those.
        body: of its bytes, so that a feed that says the same again is not parsed again.
        wait: seconds that the feed itself asks to be left alone for (`ttl`, `sy:updatePeriod`); 0 if it does not.
        age: seconds that the answer's headers ask for (`max-age`, `Retry-After`).
        moved, since: where permanent redirects lead, and since when (ISO 8601) they have led there; empty if nowhere.
    """

    etag: str | None = None
    modified: str | None = None
    print: str = ""
    wait: float = 0.0
    body: str = ""
    age: float = 0.0
    moved: str = ""
    since: str = ""

    def dump(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str | None) -> Cursor:
        """The inverse; an empty cursor, which any feed differs from, for anything else."""
        try:
            held = json.loads(text or "")
            known = cls(held["etag"], held["modified"], held["print"], float(held["wait"]))
            later = {name: held.get(name, "") for name in ("body", "moved", "since")}
            return replace(known, **later, age=float(held.get("age", 0.0)))
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def heard(self, headers: Mapping[str, str], moved: str, now: datetime) -> Cursor:
        """This cursor after another answer: with what its headers say, and where it came from.

        A 304 need not repeat what has not changed (RFC 9110, 15.4.5).
        """
        return replace(
            self,
            etag=headers.get("etag") or self.etag,
            modified=headers.get("last-modified") or self.modified,
            age=asked(headers, now),
            moved=moved,
            since=(self.since if moved == self.moved else now.isoformat()) if moved else "",
        )

    def new_home(self, now: datetime) -> str | None:
        """Where the feed lives now, if permanent redirects have led there for MOVED_AFTER."""
        return self.moved if self.moved and now - datetime.fromisoformat(self.since) >= MOVED_AFTER else None


def wait(cursor: str | None) -> float:
    """Seconds, 0 … a day, that the feed asked to be left alone for when `cursor` was made."""
    known = Cursor.load(cursor)
    return max(known.wait, known.age)
